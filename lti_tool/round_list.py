"""The teacher's rounds of a course by school year, newest first, with counts."""

from dataclasses import dataclass
from itertools import groupby

from flask import Blueprint, render_template
from sqlalchemy import func, or_, select

from lti_tool.access import Right, requires, visit
from lti_tool.course import on_its_page
from lti_tool.models import (
    Conversation,
    Enrolment,
    Person,
    Preparation,
    Round,
    db,
    school_year_of,
    this_school_year,
)

round_list = Blueprint("round_list", __name__, url_prefix="/s/<session_id>/rounds")


@dataclass(frozen=True)
class Line:
    """One round of the list; the numbers count the pupils its page shows."""

    round: Round
    pupils: int
    sent: int
    held: int


@round_list.get("/")
@requires(Right.COURSE)
def page() -> str:
    """This year's rounds; earlier years folded."""
    years = [
        (year, list(lines)) for year, lines in groupby(_lines(), lambda one: one.round.school_year)
    ]
    current = this_school_year()
    return render_template(
        "rounds/list.html",
        present=[line for year, lines in years if year >= current for line in lines],
        earlier=[(f"{year}-{year + 1}", lines) for year, lines in years if year < current],
        here=visit().round,
    )


def rounds_this_year() -> set[int]:
    """The ids of this school year's rounds."""
    return set(
        db.session.scalars(
            select(Round.id).where(
                Round.course_id == visit().course.id, Round.school_year >= this_school_year()
            )
        )
    )


def _lines() -> list[Line]:
    """Two aggregates in one statement; rounds that hold nothing for this teacher are left out."""
    counts = Person.test_user.is_(False)
    shown = (
        select(
            Conversation.round_id.label("round_id"),
            func.count(Conversation.id).filter(counts).label("pupils"),
            func.count(Preparation.shared_at).filter(counts).label("sent"),
            func.count(Conversation.closed_at).filter(counts).label("held"),
        )
        .join(Conversation.pupil)
        .join(Conversation.round)
        .join(Enrolment.person)
        .outerjoin(
            Preparation,
            (Preparation.conversation_id == Conversation.id)
            & (Preparation.owner_id == Conversation.pupil_id),
        )
        .where(
            Enrolment.course_id == visit().course.id,
            on_its_page(visit().enrolment),
        )
        .group_by(Conversation.round_id)
        .subquery()
    )
    since = school_year_of(visit().enrolment.first_seen_at)
    rows = db.session.execute(
        select(
            Round,
            func.coalesce(shown.c.pupils, 0),
            func.coalesce(shown.c.sent, 0),
            func.coalesce(shown.c.held, 0),
        )
        .outerjoin(shown, shown.c.round_id == Round.id)
        .where(
            Round.course_id == visit().course.id,
            or_(Round.school_year >= since, shown.c.round_id.is_not(None)),
        )
        .order_by(Round.school_year.desc(), Round.id.desc())
    )
    return [Line(*row) for row in rows]
