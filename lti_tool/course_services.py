"""What the course page says about roster and gradebook, and the buttons that try again."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Blueprint, redirect, url_for
from werkzeug.wrappers import Response

from lti_tool import grades
from lti_tool.access import Right, requires, visit
from lti_tool.enrolments import ask_for_roster
from lti_tool.models import ReportState, RosterState, Round, db, now
from lti_tool.platform_words import what_to_do, why
from lti_tool.records import course_round
from lti_tool.who_asks import CourseFacts

course_services = Blueprint(
    "course_services", __name__, url_prefix="/s/<session_id>/rounds/<int:round_id>"
)

LONG_WAIT = timedelta(minutes=5)
"""A worker starts within a minute; who waits longer has none."""


@dataclass(frozen=True, kw_only=True)
class RosterStatus:
    """How the roster of this course stands."""

    read_at: datetime | None
    asked_at: datetime | None = None
    """Set while the reading waits for the worker or is going on."""
    again_at: datetime | None = None
    """Set when it failed and will be tried again by itself."""
    waits_long: bool = False
    may_ask: bool = True
    why: str = ""
    what_to_do: str = ""


@dataclass(frozen=True, kw_only=True)
class ReportStatus:
    """How many of this round's reports are in the gradebook, on their way, or failed."""

    sent: int
    waiting: int
    failed: int
    why: str
    what_to_do: str


def roster_status(course: CourseFacts, family: str) -> RosterStatus:
    """Read it for the course page."""
    read_at = course.roster_read_at
    if not course.memberships_url:
        return RosterStatus(
            read_at=read_at,
            may_ask=False,
            why=why("not_offered"),
            what_to_do=what_to_do("not_offered", family, "roster"),
        )
    if course.roster_asked_at:
        return RosterStatus(
            read_at=read_at,
            asked_at=course.roster_asked_at,
            waits_long=now() - course.roster_asked_at > LONG_WAIT,
            may_ask=False,
        )
    if course.roster_state is not RosterState.FAILED:
        return RosterStatus(read_at=read_at)
    reason, again_at = course.roster_reason, course.roster_again_at
    return RosterStatus(
        read_at=read_at,
        again_at=again_at,
        waits_long=again_at is not None and now() - again_at > LONG_WAIT,
        may_ask=not _must_wait(course),
        why=why(reason),
        what_to_do=what_to_do(reason, family, "roster", by_itself=again_at is not None),
    )


def report_status(round_: Round, family: str) -> ReportStatus | None:
    """Read it for the course page; None where nothing is reported."""
    if not round_.reports_preparation:
        return None
    numbers, reason = grades.counts(round_.id, visit().enrolment)
    failed = numbers.get(ReportState.FAILED, 0)
    return ReportStatus(
        sent=numbers.get(ReportState.SENT, 0),
        waiting=numbers.get(ReportState.WAITING, 0),
        failed=failed,
        why=why(reason) if failed else "",
        what_to_do=what_to_do(reason, family, "grades") if failed else "",
    )


@course_services.post("/roster")
@requires(Right.ROUND)
def read_roster(round_id: int) -> Response:
    """Ask for the roster now; who just was told to wait, waits."""
    round_, course = course_round(round_id), visit().course
    if course.memberships_url and not _must_wait(course):
        ask_for_roster(visit().course_record(), anew=True)
        db.session.commit()
    return _back(round_)


@course_services.post("/reports")
@requires(Right.ROUND)
def report_again(round_id: int) -> Response:
    """Let the failed reports of this round try again."""
    round_ = course_round(round_id)
    grades.try_again(round_.id)
    db.session.commit()
    return _back(round_)


def _back(round_: Round) -> Response:
    address = url_for("course.round_page", round_id=round_.id, _anchor="lms")
    return redirect(address, 303)


def _must_wait(course: CourseFacts) -> bool:
    """Whether the platform asked us to come back later, and later has not come."""
    again_at = course.roster_again_at
    return course.roster_reason == "rate_limited" and again_at is not None and again_at > now()
