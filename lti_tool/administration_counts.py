"""What an administrator may know of one platform: numbers, and the way to wipe test users."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import case, func, select

from lti_tool.erasure import erase_people
from lti_tool.models import (
    Course,
    Enrolment,
    GradeReport,
    LaunchSession,
    Outbox,
    Person,
    Proof,
    ReportState,
    RosterState,
    db,
    now,
)

OVERDUE = timedelta(minutes=10)
"""Work that waits longer than this says that no worker runs."""


@dataclass(frozen=True)
class Counts:
    """Numbers of one registration."""

    people: int
    named: int
    test_users: int
    courses: int
    rosters_read: int
    rosters_failed: int
    roster_reasons: list[str]
    reports_waiting: int
    reports_sent: int
    reports_failed: int
    proofs: dict[Proof, int]
    """Sessions that are still kept, by how their browser was known."""
    waiting_since: datetime | None
    """Since when background work is overdue; None when none is."""


def counts(registration_id: int) -> Counts:
    """Count, in a fixed number of statements."""
    people = db.session.execute(
        select(
            func.count(),
            func.count(case((Person.name != "", 1))),
            func.count(case((Person.test_user, 1))),
        ).where(Person.registration_id == registration_id)
    ).one()
    rosters = db.session.execute(
        select(Course.roster_state, Course.roster_reason, func.count())
        .where(Course.registration_id == registration_id)
        .group_by(Course.roster_state, Course.roster_reason)
    ).all()
    of_state = dict.fromkeys(RosterState, 0)
    for state, _reason, number in rosters:
        of_state[state] += number
    reports: dict[ReportState, int] = dict(
        db.session.execute(
            select(GradeReport.state, func.count())
            .join(Enrolment, Enrolment.id == GradeReport.enrolment_id)
            .join(Enrolment.course)
            .where(Course.registration_id == registration_id)
            .group_by(GradeReport.state)
        )
        .tuples()
        .all()
    )
    proofs: dict[Proof, int] = dict(
        db.session.execute(
            select(LaunchSession.proof, func.count())
            .where(LaunchSession.registration_id == registration_id)
            .group_by(LaunchSession.proof)
        )
        .tuples()
        .all()
    )
    waiting = db.session.scalar(
        select(func.min(Outbox.due_at)).where(Outbox.due_at < now() - OVERDUE)
    )
    return Counts(
        people=people[0],
        named=people[1],
        test_users=people[2],
        courses=sum(of_state.values()),
        rosters_read=of_state[RosterState.READ],
        rosters_failed=of_state[RosterState.FAILED],
        roster_reasons=sorted({reason for _state, reason, _number in rosters if reason}),
        reports_waiting=reports.get(ReportState.WAITING, 0),
        reports_sent=reports.get(ReportState.SENT, 0),
        reports_failed=reports.get(ReportState.FAILED, 0),
        proofs=proofs,
        waiting_since=waiting,
    )


def delete_test_users(registration_id: int) -> int:
    """Erase Student View and test users with all their records; return how many. Flushes."""
    ids = db.session.scalars(
        select(Person.id).where(Person.registration_id == registration_id, Person.test_user)
    ).all()
    erase_people(ids)
    return len(ids)
