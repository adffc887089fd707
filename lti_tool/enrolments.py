"""A verified launch becomes rows, in one transaction: person, course, enrolment, round."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

import instrument
from lti_tool.enrolled_now import belongs_now
from lti_tool.errands import link_of
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
    db,
    now,
    this_school_year,
)
from lti_tool.round_of_link import place

LOOKS = 5
"""A launch makes at most four sorts of rows that a classmate's could make at the same moment."""


@dataclass(frozen=True)
class Enrolled:
    """What a launch led to.

    `round` is None from the course navigation, for deep linking, and for an activity that has no
    round yet (`round_of_link.py` says when).
    """

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
    link = link_of(launch)
    round_ = place(course, link) if link else None
    db.session.flush()
    if round_ is not None:
        add_missing_conversations(round_)
    return Enrolled(course, enrolment, round_)


def add_missing_conversations(round_: Round) -> None:
    """Give every pupil who is in the course now a conversation in this round. Flushes.

    A round of an earlier school year gets nobody new: next year's class has rounds of its own.
    """
    if round_.school_year < this_school_year():
        return
    course = db.session.get_one(Course, round_.course_id)
    already = select(Conversation.pupil_id).where(Conversation.round_id == round_.id)
    missing = db.session.scalars(
        select(Enrolment.id)
        .where(
            Enrolment.course_id == round_.course_id,
            Enrolment.role == Role.PUPIL,
            belongs_now(course),
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
    if launch.name or not person.name:
        person.name = launch.name or _("Naam onbekend")
        person.given_name = launch.given_name or person.name.partition(" ")[0]
        person.family_name = launch.family_name
        if not launch.name:
            person.given_name = person.name
    return person


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
