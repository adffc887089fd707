"""Tools that a test makes for itself."""

import time

from flask import Flask
from sqlalchemy.pool import QueuePool

from lti_tool.models import db

MOST_SECONDS, POLL_SECONDS = 10, 0.01


def let_go(tool: Flask) -> None:
    """Close all that a tool holds open: what lingers is a warning, and so an error, elsewhere.

    A server's thread may still answer a page that asks for news: it gives its connection back.
    """
    tool.extensions["lob_background"].close()
    with tool.app_context():
        db.session.remove()
        pools = [one.pool for one in db.engines.values() if isinstance(one.pool, QueuePool)]
        deadline = time.monotonic() + MOST_SECONDS
        while any(one.checkedout() for one in pools) and time.monotonic() < deadline:
            time.sleep(POLL_SECONDS)
        for engine in db.engines.values():
            engine.dispose()


def empty(app: Flask) -> None:
    """Take everything out of the database."""
    with app.app_context():
        db.session.remove()
        with db.engine.begin() as connection:
            for table in reversed(db.metadata.sorted_tables):
                connection.execute(table.delete())
