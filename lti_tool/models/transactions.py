"""When a transaction takes the write lock: SQLite has one, and must ask for it at the start.

A transaction that reads first and writes later is refused by SQLite when anybody wrote in
between, however long it would wait. So a request that may write asks for the lock at once. Every
POST may write unless its view says that it writes beside the session; a GET only when its view
says so; all others take `reading.py`'s way.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from psycopg.pq import TransactionStatus
from sqlalchemy import Engine, Executable, Row, event
from sqlalchemy.engine import Connection

from lti_tool.models.base import db
from lti_tool.models.reading import ALONE, READING, only_reads

View = TypeVar("View", bound=Callable[..., Any])
WROTE = "lob_wrote"


def writes(view: View) -> View:
    """Declare that a view also writes when it is only visited."""
    view.writes = True  # type: ignore[attr-defined]
    return view


def writes_alone(view: View) -> View:
    """Declare that a view writes by `write_alone` only, also when it is posted to."""
    view.writes = False  # type: ignore[attr-defined]
    return view


def write_aside(statement: Executable) -> None:
    """Carry out a small write that the page does not wait on and does not undo.

    A page that only reads gets a connection of its own for it; one that may write takes it along
    in its own transaction, for the lock is already held there.
    """
    if not only_reads():
        db.session.execute(statement)
        return
    write_alone(statement)


def write_alone(statement: Executable, values: Mapping[str, Any] | None = None) -> None:
    """Carry out one statement that is its own transaction, whatever the request does beside it.

    So it needs no BEGIN and COMMIT: the two together cost as much as the statement.
    """
    with db.engines[ALONE].connect() as connection:
        connection.execute(statement, values)


def read_alone(statement: Executable, values: Mapping[str, Any] | None = None) -> Row[Any] | None:
    """Read one row, or none, without a transaction that stays open: something slow may follow.

    On SQLite a request that may write holds the lock from its first statement on.
    """
    with db.engines[READING].connect() as connection:
        return connection.execute(statement, values).one_or_none()


def listen(engines: Mapping[str | None, Engine]) -> None:
    """Give all engines of a tool their manners."""
    usual, reading = engines[None], engines[READING]
    for engine in (usual, reading, engines[ALONE]):
        if engine.dialect.name == "sqlite":
            event.listen(engine, "connect", _prepare_sqlite)
    if reading.dialect.name == "sqlite":
        event.listen(reading, "connect", _cannot_write)
        event.listen(usual, "begin", _ask_for_the_lock)
    else:
        event.listen(usual, "begin", _wrote_nothing_yet)
        event.listen(usual, "before_cursor_execute", _note_what_writes)
        event.listen(usual, "rollback", _keep_what_is_prepared)


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    """WAL and foreign keys; transactions are opened by `_ask_for_the_lock`, not by the driver."""
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "foreign_keys=ON", "synchronous=NORMAL"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("PRAGMA busy_timeout=5000")


def _cannot_write(connection: Any, _record: Any) -> None:
    connection.execute("PRAGMA query_only=1")


def _ask_for_the_lock(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _wrote_nothing_yet(connection: Connection) -> None:
    connection.info[WROTE] = False


def _note_what_writes(connection: Connection, _cursor: Any, statement: str, *_rest: Any) -> None:
    if not statement.startswith("SELECT"):
        connection.info[WROTE] = True


def _keep_what_is_prepared(connection: Connection) -> None:
    """End what wrote nothing with a commit: psycopg forgets its prepared statements in a rollback.

    A statement that failed leaves a transaction that can only be rolled back.
    """
    if connection.invalidated:  # the database went away; there is nothing left to end
        return
    driver: Any = connection.connection.dbapi_connection
    if (
        not connection.info.get(WROTE)
        and driver.info.transaction_status == TransactionStatus.INTRANS
    ):
        driver.commit()
