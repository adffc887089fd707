"""How long things are kept: pupils for some years after they left, private notes for a school year.

`retention run` erases what is due; a timer runs it (`config/systemd/`). A dry run does the same
and takes it all back, so that its report says exactly what would go.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import click
import structlog
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy import ColumnElement, Select, delete, exists, func, or_, select

from lti_tool.erasure import erase_people, references_to
from lti_tool.models import (
    Conversation,
    Enrolment,
    Entry,
    NextStep,
    Person,
    Role,
    Round,
    Visibility,
    db,
    now,
    table_of,
    this_school_year,
)

log = structlog.get_logger("retention")

retention = AppGroup("retention", help="How long things are kept (LOB_RETENTION_YEARS).")
YEAR = timedelta(days=365.25)
AT_ONCE = 20
"""People erased by one round of statements: years of access log hang on each."""
PRIVATE = (Entry, NextStep)
"""Where a teacher writes about one pupil for themselves."""


@dataclass(frozen=True)
class Erased:
    """How much went."""

    pupils: int
    teachers: int
    conversations: int
    notes: int


@retention.command("run")
@click.option("--dry-run", is_flag=True, help="Say what would go, and keep it.")
def run_command(dry_run: bool) -> None:
    """Erase who left long ago, and teachers' private notes of earlier school years."""
    settings = current_app.config["LOB"]
    left_before = now() - settings.retention_years * YEAR
    erased = erase_what_is_due(left_before, this_school_year() - settings.retention_note_years)
    if dry_run:
        db.session.rollback()
    else:
        db.session.commit()
    how = "would be erased" if dry_run else "erased"
    since = f"in no course since before {left_before:%Y-%m-%d}"
    click.echo(f"{erased.pupils} pupils {how}, {since}: {erased.conversations} conversations")
    click.echo(f"{erased.teachers} teachers {how}, likewise, whom no record names any more")
    click.echo(f"{erased.notes} private notes {how}, of earlier school years")
    log.info("retention", verdict="dry_run" if dry_run else "done", **vars(erased))


def erase_what_is_due(left_before: datetime, last_school_year: int) -> Erased:
    """Erase who left every course before that moment, and notes up to and with that school year.

    Flushes; the caller commits.
    """
    conversations = _count_conversations()
    pupils = _erase(_gone(left_before).where(~_teaches()))
    # After the pupils: what named a teacher may have gone with them.
    teachers = _erase(_gone(left_before).where(_teaches(), ~_named_in_a_conversation()))
    gone = conversations - _count_conversations()
    return Erased(pupils, teachers, gone, _erase_notes(last_school_year))


def _gone(left_before: datetime) -> Select[tuple[int]]:
    """People who left all of their courses before a moment.

    Where nobody said that they left, they did when the course was opened for the last time: a
    course of the past is not opened, so its class list is never read again.
    """
    opened = (
        select(
            Enrolment.course_id,
            func.max(func.coalesce(Enrolment.seen_at, Enrolment.first_seen_at)).label("at"),
        )
        .group_by(Enrolment.course_id)
        .subquery()
    )
    left = func.max(func.coalesce(Enrolment.ended_at, opened.c.at))
    of_people = (
        select(Enrolment.person_id)
        .join(opened, opened.c.course_id == Enrolment.course_id)
        .group_by(Enrolment.person_id)
        .having(left < left_before)
    )
    return select(Person.id).where(Person.id.in_(of_people)).order_by(Person.id)


def _teaches() -> ColumnElement[bool]:
    return exists().where(Enrolment.person_id == Person.id, Enrolment.role == Role.TEACHER)


def _named_in_a_conversation() -> ColumnElement[bool]:
    """Whether a row that belongs to a conversation names this person, in any table."""
    theirs = select(Enrolment.id).where(Enrolment.person_id == Person.id)
    return or_(
        *(
            exists().where(column.in_(theirs.correlate(Person)))
            for column in references_to(table_of(Enrolment))
            if "conversation_id" in column.table.c or column.table is table_of(Conversation)
        )
    )


def _erase(query: Select[tuple[int]]) -> int:
    ids: Sequence[int] = db.session.scalars(query).all()
    for start in range(0, len(ids), AT_ONCE):
        erase_people(ids[start : start + AT_ONCE])
    return len(ids)


def _erase_notes(last_school_year: int) -> int:
    past = (
        select(Conversation.id)
        .join(Round, Round.id == Conversation.round_id)
        .where(Round.school_year <= last_school_year)
    )
    number = 0
    for kind in PRIVATE:
        done = db.session.execute(
            delete(kind).where(
                kind.visibility == Visibility.TEACHER_PUPIL, kind.conversation_id.in_(past)
            )
        )
        number += done.rowcount  # type: ignore[attr-defined]
    return number


def _count_conversations() -> int:
    return db.session.scalar(select(func.count()).select_from(Conversation)) or 0
