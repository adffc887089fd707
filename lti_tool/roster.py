"""Who is in the course according to the LMS: read in the background, applied only when whole.

- Who is listed and never opened the tool becomes a person and an enrolment, and gets a
  conversation in the rounds that are open (`open_rounds`).
- Who is no longer listed left: the enrolment ends, and comes back when listed or launching again.
- What a launch said about somebody's role outweighs the roster when the roster says less: Moodle
  lists its non-editing teachers as pupils.
- A roster that is empty, or lacks every teacher who launched lately, is not believed, and nobody
  leaves.
"""

from collections.abc import Iterable, Sequence, Set
from datetime import datetime

import structlog
from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from lti_tool.background import Job, leave_database
from lti_tool.enrolments import add_missing_conversations, name_person
from lti_tool.launch_lookup import SEEN_AGAIN
from lti_tool.lti.connector import Connector
from lti_tool.lti.memberships import Member, read_memberships
from lti_tool.lti.roles import LaunchRole
from lti_tool.lti.web import ServiceFailed
from lti_tool.mail.addresses import forget_leavers, remember_addresses
from lti_tool.models import (
    Conversation,
    Course,
    Enrolment,
    EnrolmentSource,
    Person,
    Registration,
    Role,
    RosterState,
    Round,
    State,
    db,
    now,
    this_school_year,
)

log = structlog.get_logger("roster")

ROLES = frozenset({LaunchRole.PUPIL, LaunchRole.TEACHER})
"""Those that have a place in the course with us."""


def read(course_id: int) -> None:
    """Read and apply the roster of this course. Raises ServiceFailed; then nothing changed."""
    course = db.session.get(Course, course_id, options=[joinedload(Course.registration)])
    if course is None:
        return
    if not course.memberships_url:
        raise ServiceFailed("not_offered")
    url, context_id, began = course.memberships_url, course.context_id, now()
    connector = Connector(course.registration)
    leave_database()
    members = read_memberships(connector, url, context_id)
    _apply(course_id, [one for one in members if one.active], began)


def failed(course_id: int, reason: str, again_at: datetime | None) -> None:
    """Remember why, for the course page."""
    course = db.session.get(Course, course_id)
    if course is not None:
        course.roster_state, course.roster_reason = RosterState.FAILED, reason
        course.roster_tried_at, course.roster_again_at = now(), again_at
        course.roster_asked_at = None


JOB = Job(attempt=read, failed=failed)


def open_rounds(course_id: int) -> list[Round]:
    """This school year's rounds that a newcomer takes part in: not those that are over.

    A round is over when every conversation in it was held.
    """
    conversations = select(Conversation.id).where(Conversation.round_id == Round.id)
    waiting = conversations.where(Conversation.state != State.CLOSED).exists()
    rows = db.session.scalars(
        select(Round).where(
            Round.course_id == course_id,
            Round.school_year >= this_school_year(),
            or_(waiting, ~conversations.exists()),
        )
    )
    return list(rows)


def _apply(course_id: int, members: Sequence[Member], began: datetime) -> None:
    """Bring the course in line with its whole roster, in one transaction."""
    course = db.session.get_one(Course, course_id)
    known = {
        one.person.sub: one
        for one in db.session.scalars(
            select(Enrolment)
            .where(Enrolment.course_id == course_id)
            .options(joinedload(Enrolment.person))
        )
    }
    roles = {member.sub: member.role for member in members}
    _refuse_what_cannot_be(known.values(), roles.keys())
    people = _people(course, members)
    registration = db.session.get_one(Registration, course.registration_id)
    remember_addresses(
        registration, {people[one.sub].id: one.email for one in members if one.sub in people}
    )
    joined = sum(_enrol(course, people.get(one.sub), known.get(one.sub), one) for one in members)
    left = 0
    for sub, enrolment in known.items():
        # An assistant may be a teacher in a launch, and without a role here.
        keeps = ROLES if enrolment.role is Role.PUPIL else {*ROLES, LaunchRole.NONE}
        gone = roles.get(sub) not in keeps
        if gone and enrolment.active and not _cannot_be_missed(enrolment, began):
            enrolment.ended_at = now()
            left += 1
    course.roster_state, course.roster_reason = RosterState.READ, ""
    course.roster_read_at = course.roster_tried_at = now()
    course.roster_asked_at = course.roster_again_at = None
    db.session.flush()
    forget_leavers(one.person_id for one in known.values() if not one.active)
    for round_ in open_rounds(course_id):
        add_missing_conversations(round_)
    db.session.commit()
    log.info(
        "roster", verdict="applied", course=course_id, listed=len(roles), joined=joined, left=left
    )


def _refuse_what_cannot_be(known: Iterable[Enrolment], listed: Set[str]) -> None:
    """Raise ServiceFailed for a roster that is not believed."""
    if not listed:
        raise ServiceFailed("empty")
    seen = [
        (one.seen_at, one.person.sub)
        for one in known
        if one.role is Role.TEACHER and one.active and one.seen_at and not one.person.test_user
    ]
    last = max(seen)[0] if seen else None
    lately = {sub for moment, sub in seen if last and last - moment <= SEEN_AGAIN}
    if lately and not lately & listed:
        raise ServiceFailed("teacher_missing")


def _people(course: Course, members: Sequence[Member]) -> dict[str, Person]:
    """A person for each member, by sub; names are taken over."""
    subs = [member.sub for member in members]
    found = {
        one.sub: one
        for one in db.session.scalars(
            select(Person).where(
                Person.registration_id == course.registration_id, Person.sub.in_(subs)
            )
        )
    }
    for member in members:
        person, stranger = found.get(member.sub), member.role not in ROLES or member.test_user
        if person is None and not stranger:
            person = found[member.sub] = Person(
                registration_id=course.registration_id, sub=member.sub, name="", given_name=""
            )
            db.session.add(person)
        if person is not None:
            person.test_user = person.test_user or member.test_user
            name_person(person, member.name, member.given_name, member.family_name)
    db.session.flush()
    return found


def _enrol(course: Course, person: Person | None, enrolment: Enrolment | None, one: Member) -> bool:
    """Enrol a member, or bring an enrolment in line; return whether somebody joined."""
    if one.role not in ROLES or person is None:
        return False
    role = Role(one.role)
    if enrolment is None:
        enrolment = Enrolment(
            person_id=person.id,
            course_id=course.id,
            role=role,
            source=EnrolmentSource.ROSTER,
            sections=list(one.sections),
        )
        db.session.add(enrolment)
        return True
    enrolment.sections = list(one.sections) or enrolment.sections
    if enrolment.role is Role.TEACHER and role is Role.PUPIL and enrolment.seen_at:
        # A launch knows better. Who left as a teacher comes back with a launch of their own.
        return False
    back = not enrolment.active
    enrolment.role, enrolment.ended_at = role, None
    enrolment.source = EnrolmentSource.ROSTER  # as a teacher they may be an administrator too
    return back


def _cannot_be_missed(enrolment: Enrolment, began: datetime) -> bool:
    """Test users are on no roster; and who launched while it was read may not be on it yet.

    Nor, in Moodle, are teachers of a whole category: who teaches right now is not put out.
    """
    since = began - SEEN_AGAIN if enrolment.role is Role.TEACHER else began
    return enrolment.person.test_user or bool(enrolment.seen_at and enrolment.seen_at >= since)
