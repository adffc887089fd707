"""Counting the SQL statements of what happens inside a block."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from sqlalchemy import event

from lti_tool.models import db
from tests.support.school import Visitor


@contextmanager
def counted(app: Flask) -> Iterator[list[str]]:
    """Collect the statements the app's database gets, without those that open a transaction."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA")):
            seen.append(statement)

    with app.app_context():
        engines = list(db.engines.values())
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        for engine in engines:
            event.remove(engine, "before_cursor_execute", note)


def needed_for(visitor: Visitor, path: str) -> int:
    """How many statements a page needs that was asked for before."""
    visitor.get(path)
    with counted(visitor.client.application) as seen:
        assert visitor.get(path).status_code == 200
    return len(seen)
