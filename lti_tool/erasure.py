"""Erasing people: their rows and all that hangs on them, found from the foreign keys themselves.

A table that is added later is found too. A reference that may be empty is emptied ("settled by",
"held by"); a row that cannot stand without the person goes.
"""

from collections.abc import Sequence

from sqlalchemy import Column, Table, delete, select, update

from lti_tool.models import LaunchSession, PendingLaunch, Person, db

GOES_WITH_THE_PERSON = {LaunchSession.__tablename__, PendingLaunch.__tablename__}
"""Their enrolment may be empty, but only for an administrator."""


def erase_people(person_ids: Sequence[int]) -> None:
    """Delete these people and everything of theirs. The caller commits."""
    db.session.flush()
    _delete(db.metadata.tables[Person.__tablename__], person_ids)
    db.session.expire_all()


def _delete(table: Table, ids: Sequence[int]) -> None:
    if not ids:
        return
    for column in references_to(table):
        hanging = column.table
        if column.nullable and hanging.name not in GOES_WITH_THE_PERSON:
            db.session.execute(update(hanging).where(column.in_(ids)).values({column.name: None}))
        else:
            _delete(hanging, db.session.scalars(select(hanging.c.id).where(column.in_(ids))).all())
    db.session.execute(delete(table).where(table.c.id.in_(ids)))


def references_to(table: Table) -> list[Column[int]]:
    """Every column of the database that names a row of this table."""
    return [
        column
        for other in db.metadata.sorted_tables
        for column in other.columns
        for key in column.foreign_keys
        if key.column.table is table
    ]
