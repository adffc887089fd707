"""When a transaction takes the write lock: SQLite has one, and must ask for it at the start.

A transaction that reads first and writes later is refused by SQLite when anybody wrote in
between, however long it would wait. So a request that may write asks for the lock at once, and
one that only reads cannot write at all. Every POST may write; a GET only when its view says so.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import current_app, has_request_context, request
from sqlalchemy import Engine, Executable, event
from sqlalchemy.engine import Connection

from lti_tool.models.base import db

View = TypeVar("View", bound=Callable[..., Any])

ONE_PLAN = "-c plan_cache_mode=force_generic_plan"
"""We ask for rows by key, so a statement has one good plan: planning a join of eight tables anew
for every launch would cost more than running it."""

ASIDE = "lob_aside"
READS = "lob_only_reads"


def engine_options(database_url: str) -> dict[str, Any]:
    """What the engine of this kind of database is made with."""
    if not database_url.startswith("postgresql"):
        return {}
    return {"connect_args": {"options": ONE_PLAN}}


def writes(view: View) -> View:
    """Declare that a view also writes when it is only visited."""
    view.writes = True  # type: ignore[attr-defined]
    return view


def write_aside(statement: Executable) -> None:
    """Carry out a small write that the page does not wait on and does not undo.

    A page that only reads gets a connection of its own for it; one that may write takes it along
    in its own transaction, for the lock is already held there.
    """
    if not _only_reads():
        db.session.execute(statement)
        return
    with db.engine.connect().execution_options(**{ASIDE: True}) as connection:
        connection.execute(statement)
        connection.commit()


def _only_reads() -> bool:
    if not has_request_context() or request.method not in {"GET", "HEAD", "OPTIONS"}:
        return False
    view = current_app.view_functions.get(request.endpoint or "")
    return not getattr(view, "writes", False)


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection: Any, _record: Any) -> None:
    """WAL and foreign keys; transactions are opened by `_begin` instead of the driver."""
    if type(connection).__module__.startswith("sqlite3"):
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "foreign_keys=ON", "synchronous=NORMAL"):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("PRAGMA busy_timeout=5000")


@event.listens_for(Engine, "begin")
def _begin(connection: Connection) -> None:
    reads = _only_reads() and not connection.get_execution_options().get(ASIDE)
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"PRAGMA query_only={int(reads)}")
        connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")
        return
    _driver(connection).read_only = connection.info[READS] = reads


@event.listens_for(Engine, "rollback")
def _rollback(connection: Connection) -> None:
    """End what only read with a commit: psycopg forgets its prepared statements in a rollback."""
    if connection.info.get(READS):
        _driver(connection).commit()


def _driver(connection: Connection) -> Any:
    """psycopg's own connection."""
    return connection.connection.dbapi_connection
