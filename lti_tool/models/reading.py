"""The ways to the database: a request that only reads takes one that cannot write.

Such a request needs no transaction: each statement sees what is committed, as it would inside one
of PostgreSQL's usual kind, and to open and end one costs as much as a statement. Nor does a write
of one statement that nothing else hangs on.
"""

from typing import Any

from flask import current_app, has_request_context, request
from flask_sqlalchemy.session import Session
from sqlalchemy import Connection, Engine

READING = "reading"
"""The bind key of the engine that only reads."""
ALONE = "alone"
"""The bind key of the engine on which each statement is a transaction of its own."""
ONE_PLAN = "-c plan_cache_mode=force_generic_plan"
"""We ask for rows by key, so a statement has one good plan: planning a join of eight tables anew
for every launch would cost more than running it."""
CANNOT_WRITE = "-c default_transaction_read_only=on"


def engine_settings(database_url: str) -> dict[str, Any]:
    """Flask-SQLAlchemy's settings of all of them, on this database."""
    usual: dict[str, Any] = {}
    reading: dict[str, Any] = {"url": database_url, "isolation_level": "AUTOCOMMIT"}
    alone = dict(reading)
    if database_url.startswith("postgresql"):
        usual["connect_args"] = alone["connect_args"] = {"options": ONE_PLAN}
        reading["connect_args"] = {"options": f"{ONE_PLAN} {CANNOT_WRITE}"}
    return {
        "SQLALCHEMY_DATABASE_URI": database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": usual,
        "SQLALCHEMY_BINDS": {READING: reading, ALONE: alone},
    }


class RequestSession(Session):
    """A session that goes the way its request needs."""

    def get_bind(
        self,
        mapper: Any = None,
        clause: Any = None,
        bind: Engine | Connection | None = None,
        **rest: Any,
    ) -> Engine | Connection:
        """The engine that only reads in a request that only reads, else the other one."""
        if bind is None and only_reads():
            return self._db.engines[READING]
        return super().get_bind(mapper, clause, bind, **rest)


def only_reads() -> bool:
    """Whether this request's session only reads: what its view says, else any GET does."""
    if not has_request_context():
        return False
    view = current_app.view_functions.get(request.endpoint or "")
    return not getattr(view, "writes", request.method not in {"GET", "HEAD", "OPTIONS"})
