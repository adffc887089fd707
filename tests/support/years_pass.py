"""A school year goes by: everything a school wrote down becomes a year older."""

from datetime import date, datetime
from typing import TypeVar

from flask import Flask
from sqlalchemy import Date, Table, and_, bindparam, select, update

from lti_tool.models import Round, db
from lti_tool.models.base import UtcDateTime

Moment = TypeVar("Moment", date, datetime)
OF_MACHINES = {
    "deployment",
    "launch_session",
    "launch_state",
    "outbox",
    "pending_launch",
    "registration",
    "registration_link",
    "tool_key",
}
"""What lies between platform and tool has no school year."""


def a_year_passes(app: Flask) -> None:
    """Move the dates of all rows, and the school years of rounds, one year back."""
    with app.app_context():
        for table in db.metadata.sorted_tables:
            if table.name not in OF_MACHINES:
                _move(table)
        db.session.execute(update(Round).values(school_year=Round.school_year - 1))
        db.session.commit()


def _move(table: Table) -> None:
    columns = [one for one in table.columns if isinstance(one.type, (Date, UtcDateTime))]
    if not columns:
        return
    keys = list(table.primary_key.columns)
    rows = db.session.execute(select(*keys, *columns)).all()
    moved = [
        {
            **{f"key_{one.name}": getattr(row, one.name) for one in keys},
            **{one.name: _earlier(getattr(row, one.name)) for one in columns},
        }
        for row in rows
    ]
    if moved:
        same = and_(*(one == bindparam(f"key_{one.name}") for one in keys))
        db.session.connection().execute(table.update().where(same), moved)


def _earlier(moment: Moment | None) -> Moment | None:
    """The same day a year before; 28 February for the 29th."""
    if moment is None:
        return None
    day = 28 if (moment.month, moment.day) == (2, 29) else moment.day
    return moment.replace(year=moment.year - 1, day=day)
