"""How long things are kept: people for some years after they left, private notes for a school year.

`retention run` erases what is due; a timer runs it (`config/systemd/`). A dry run does the same
and takes it all back, so that its report says exactly what would go.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

import click
import structlog
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy import Select, case, delete, func, select

from lti_tool.erasure import erase_people, named_with_others
from lti_tool.models import (
    Conversation,
    Course,
    Enrolment,
    Entry,
    NextStep,
    Person,
    Visibility,
    db,
    now,
    start_of_school_year,
    this_school_year,
)

log = structlog.get_logger("retention")

retention = AppGroup("retention", help="How long things are kept (LOB_RETENTION_YEARS).")
YEAR = timedelta(days=365.25)
AT_ONCE = 20
"""People erased by one round of statements: years of access log hang on each."""


@dataclass(frozen=True)
class Erased:
    """How much went."""

    people: int
    conversations: int
    notes: int


@retention.command("run")
@click.option("--dry-run", is_flag=True, help="Say what would go, and keep it.")
def run_command(dry_run: bool) -> None:
    """Erase who left long ago, and teachers' private notes of earlier school years."""
    settings = current_app.config["LOB"]
    left_before = now() - settings.retention_years * YEAR
    kept_since = start_of_school_year(this_school_year() + 1 - settings.retention_note_years)
    erased = erase_what_is_due(left_before, kept_since)
    if dry_run:
        db.session.rollback()
    else:
        db.session.commit()
    how = "would be erased" if dry_run else "erased"
    click.echo(
        f"{erased.people} people {how}, in no course since before {left_before:%Y-%m-%d},"
        f" with {erased.conversations} conversations"
    )
    click.echo(f"{erased.notes} private notes {how}, written before {kept_since:%Y-%m-%d}")
    log.info("retention", verdict="dry_run" if dry_run else "done", **vars(erased))


def erase_what_is_due(left_before: datetime, kept_since: datetime) -> Erased:
    """Erase who left every course before a moment, and private notes from before another.

    Somebody whom another's conversation names stays as long as that does: it says who held it.
    Flushes; the caller commits.
    """
    conversations, people = _count_conversations(), 0
    gone = _gone(left_before).where(~named_with_others())
    while ids := db.session.scalars(gone.limit(AT_ONCE)).all():
        erase_people(ids)
        people += len(ids)  # and others may be named no more
    erased = conversations - _count_conversations()
    return Erased(people, erased, _erase_notes(kept_since))


def _gone(left_before: datetime) -> Select[tuple[int]]:
    """People who left all of their courses before a moment.

    Where nobody said that they left, they did when the course was opened for the last time: a
    course of the past is not opened, so its class list is never read again. Of a course without a
    class list, when they opened it themselves.
    """
    seen = func.coalesce(Enrolment.seen_at, Enrolment.first_seen_at)
    opened = (
        select(Enrolment.course_id, func.max(seen).label("at"))
        .group_by(Enrolment.course_id)
        .subquery()
    )
    last = case((Course.roster_read_at.is_(None), seen), else_=opened.c.at)
    of_people = (
        select(Enrolment.person_id)
        .join(Course, Course.id == Enrolment.course_id)
        .join(opened, opened.c.course_id == Enrolment.course_id)
        .group_by(Enrolment.person_id)
        .having(func.max(func.coalesce(Enrolment.ended_at, last)) < left_before)
    )
    return select(Person.id).where(Person.id.in_(of_people)).order_by(Person.id)


def _erase_notes(kept_since: datetime) -> int:
    """What teachers wrote about one pupil for themselves alone; flushes."""
    mine = Visibility.TEACHER_PUPIL
    stale = (
        delete(Entry).where(Entry.visibility == mine, Entry.written_at < kept_since),
        delete(NextStep).where(NextStep.visibility == mine, NextStep.created_at < kept_since),
    )
    return sum(db.session.execute(one).rowcount for one in stale)  # type: ignore[attr-defined]


def _count_conversations() -> int:
    return db.session.scalar(select(func.count()).select_from(Conversation)) or 0
