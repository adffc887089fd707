"""Erasing people: their rows and all that hangs on them, found from the foreign keys themselves.

A table that is added later is found too. A reference that may be empty is emptied ("settled by",
"held by"); a row that cannot stand without the person goes.
"""

from collections.abc import Sequence

from sqlalchemy import Column, ColumnElement, Table, delete, exists, or_, select, update

from lti_tool.models import (
    Conversation,
    Enrolment,
    LaunchSession,
    PendingLaunch,
    Person,
    db,
    table_of,
)

GOES_WITH_THE_PERSON = {LaunchSession.__tablename__, PendingLaunch.__tablename__}
"""Their enrolment may be empty, but only for an administrator."""


def erase_people(person_ids: Sequence[int]) -> None:
    """Delete these people and everything of theirs. The caller commits."""
    db.session.flush()
    _delete(db.metadata.tables[Person.__tablename__], person_ids)
    db.session.expire_all()


def named_with_others() -> ColumnElement[bool]:
    """For a query over `Person`: whether a conversation of somebody else names this one.

    To erase such a person would take part of the other's record along. Whatever their role is now:
    who was a teacher once may have launched as a pupil since.
    """
    theirs = select(Enrolment.id).where(Enrolment.person_id == Person.id).correlate(Person)
    of_another = (
        select(Conversation.id)
        .join(Conversation.pupil)
        .where(Enrolment.person_id != Person.id)
        .correlate(Person)
    )
    named = [
        exists().where(column.in_(theirs), conversation.in_(of_another))
        for column in references_to(table_of(Enrolment))
        if (conversation := _conversation_in(column.table)) is not None
    ]
    return or_(*named)


def _conversation_in(table: Table) -> Column[int] | None:
    """The column that says to which conversation a row belongs, where rows do."""
    name = "id" if table is table_of(Conversation) else "conversation_id"
    return table.c.get(name)


def _delete(table: Table, ids: Sequence[int]) -> None:
    if not ids:
        return
    for column in references_to(table):
        hanging = column.table
        if column.nullable and hanging.name not in GOES_WITH_THE_PERSON:
            db.session.execute(update(hanging).where(column.in_(ids)).values({column.name: None}))
        elif not references_to(hanging):  # such as a log, which may be long
            db.session.execute(delete(hanging).where(column.in_(ids)))
        else:
            _delete(hanging, db.session.scalars(select(hanging.c.id).where(column.in_(ids))).all())
    db.session.execute(delete(table).where(table.c.id.in_(ids)))


def references_to(table: Table) -> list[Column[int]]:
    """All columns of other tables that name a row of this one."""
    return [
        column
        for other in db.metadata.sorted_tables
        for column in other.columns
        for key in column.foreign_keys
        if key.column.table is table
    ]
