"""A verified launch becomes rows, in one transaction: person, course, enrolment, round."""

from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

import instrument
from lti_tool.background import ask
from lti_tool.lti.claims import Launch
from lti_tool.models import (
    Conversation,
    Course,
    Deployment,
    Enrolment,
    EnrolmentSource,
    Person,
    Preparation,
    Registration,
    Role,
    Round,
    Task,
    db,
    now,
)

LOOKS = 5
"""A launch makes at most four sorts of rows that a classmate's could make at the same moment."""


ROSTER_AGE = timedelta(minutes=15)
"""A teacher's launch asks for the roster when it was last tried longer ago than this."""


@dataclass(frozen=True)
class Enrolled:
    """What a launch led to. `round` is None for a launch from the course navigation."""

    course: Course
    enrolment: Enrolment
    round: Round | None


def enrol(launch: Launch, registration: Registration) -> Enrolled:
    """Find or make everything the launch names. Flushes; the caller commits.

    The launch's role is the role from now on: who became a teacher or a pupil in the LMS is one
    here, and who left and came back is active again. When a classmate's launch made the same row
    at the same moment, it is there at the next look.
    """
    for looks_left in reversed(range(LOOKS)):
        try:
            with db.session.begin_nested():
                return _enrol(launch, registration)
        except IntegrityError:
            if not looks_left:
                raise
    raise AssertionError("unreachable")


def _enrol(launch: Launch, registration: Registration) -> Enrolled:
    registration.family = launch.family or registration.family
    _remember_deployment(registration, launch)
    course = _course(registration, launch)
    role, sections = Role(launch.role), list(launch.sections)
    enrolment = _enrolment(_person(registration, launch), course, role, sections)
    round_ = _round(course, launch)
    db.session.flush()
    if round_ is not None:
        add_missing_conversations(round_)
    if role is Role.TEACHER and _roster_is_old(course):
        ask_for_roster(course, anew=False)
    return Enrolled(course, enrolment, round_)


def add_missing_conversations(round_: Round) -> None:
    """Give every pupil of the course a conversation in this round. Flushes."""
    already = select(Conversation.pupil_id).where(Conversation.round_id == round_.id)
    missing = db.session.scalars(
        select(Enrolment.id)
        .where(
            Enrolment.course_id == round_.course_id,
            Enrolment.role == Role.PUPIL,
            Enrolment.ended_at.is_(None),
            Enrolment.id.not_in(already),
        )
        .order_by(Enrolment.id)
    ).all()
    version = instrument.load().version
    db.session.add_all(
        Conversation(pupil_id=pupil_id, round_id=round_.id, instrument_version=version)
        for pupil_id in missing
    )
    db.session.flush()


def ask_for_roster(course: Course, *, anew: bool) -> None:
    """Have the worker read this course's roster; `anew` as in `background.ask`."""
    course.roster_asked_at, course.roster_again_at = now(), None
    ask(Task.READ_ROSTER, course.id, anew=anew)


def _roster_is_old(course: Course) -> bool:
    """Whether a launch should ask: not when it was asked or tried lately, or will be tried soon."""
    if not course.memberships_url or course.roster_again_at:
        return False
    moments = [one for one in (course.roster_asked_at, course.roster_tried_at) if one]
    return not moments or now() - max(moments) > ROSTER_AGE


def _remember_deployment(registration: Registration, launch: Launch) -> None:
    known = db.session.scalar(
        select(Deployment.id).where(
            Deployment.registration_id == registration.id,
            Deployment.deployment_id == launch.deployment_id,
        )
    )
    if known is None:
        db.session.add(
            Deployment(registration_id=registration.id, deployment_id=launch.deployment_id)
        )
    origin = _origin(launch.return_url)
    known_origins = {_origin(registration.issuer), *registration.frame_origins}
    if origin and origin not in known_origins:
        registration.frame_origins = [*registration.frame_origins, origin]


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""


def _course(registration: Registration, launch: Launch) -> Course:
    course = db.session.scalars(
        select(Course).where(
            Course.registration_id == registration.id, Course.context_id == launch.context_id
        )
    ).one_or_none()
    if course is None:
        course = Course(
            registration_id=registration.id,
            context_id=launch.context_id,
            title=launch.context_title or _("Jouw cursus"),
        )
        db.session.add(course)
    course.title = launch.context_title or course.title
    course.history = list(launch.history) or course.history
    course.memberships_url = launch.memberships_url or course.memberships_url
    course.lineitems_url = launch.lineitems_url or course.lineitems_url
    course.grade_scopes = list(launch.grade_scopes) or course.grade_scopes
    return course


def _person(registration: Registration, launch: Launch) -> Person:
    person = db.session.scalars(
        select(Person).where(Person.registration_id == registration.id, Person.sub == launch.sub)
    ).one_or_none()
    if person is None:
        person = Person(
            registration_id=registration.id,
            sub=launch.sub,
            name="",
            given_name="",
            test_user=launch.test_user,
        )
        db.session.add(person)
    name_person(person, launch.name, launch.given_name, launch.family_name)
    return person


def name_person(person: Person, name: str, given_name: str, family_name: str) -> None:
    """Take over what a launch or a roster calls somebody; without a name the former one stays."""
    if name or not person.name:
        person.name = name or _("Naam onbekend")
        person.given_name = (given_name or name.partition(" ")[0]) if name else person.name
        person.family_name = family_name


def _enrolment(person: Person, course: Course, role: Role, sections: list[str]) -> Enrolment:
    db.session.flush()
    enrolment = db.session.scalars(
        select(Enrolment).where(Enrolment.person_id == person.id, Enrolment.course_id == course.id)
    ).one_or_none()
    if enrolment is None:
        enrolment = Enrolment(
            person_id=person.id, course_id=course.id, role=role, source=EnrolmentSource.LAUNCH
        )
        db.session.add(enrolment)
    enrolment.role = role
    enrolment.sections = sections or enrolment.sections
    enrolment.seen_at = now()
    enrolment.ended_at = None
    return enrolment


def _round(course: Course, launch: Launch) -> Round | None:
    if not launch.resource_link_id:
        return None
    round_ = db.session.scalars(
        select(Round).where(
            Round.course_id == course.id, Round.resource_link_id == launch.resource_link_id
        )
    ).one_or_none()
    if round_ is None:
        round_ = Round(
            course_id=course.id,
            resource_link_id=launch.resource_link_id,
            title=launch.resource_link_title or _("Loopbaangesprek"),
        )
        db.session.add(round_)
    round_.lineitem_url = launch.lineitem_url or round_.lineitem_url
    return round_


def ensure_preparation(conversation_id: int, owner_id: int) -> Preparation:
    """Return this person's preparation, made when it is not there yet. Flushes."""
    preparation = db.session.scalars(
        select(Preparation).where(
            Preparation.conversation_id == conversation_id, Preparation.owner_id == owner_id
        )
    ).one_or_none()
    if preparation is None:
        preparation = Preparation(conversation_id=conversation_id, owner_id=owner_id)
        db.session.add(preparation)
        db.session.flush()
    return preparation
