"""A verified launch becomes rows, in one transaction: person, course, enrolment, round."""

from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from flask_babel import gettext as _
from sqlalchemy import Exists, case, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import InstrumentedAttribute, aliased

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
    State,
    Task,
    db,
    now,
)

LOOKS = 5
"""A launch makes at most four sorts of rows that a classmate's could make at the same moment."""
FIRST_STEP, FIRST_STEP_WITH_HISTORY = "goal", "look-back"
"""Where the pupil's form begins; `preparation.py` has the others."""
SEEN_AGAIN = timedelta(hours=1)
"""How exactly we keep when somebody was last here: a launch a minute later writes nothing."""


ROSTER_AGE = timedelta(minutes=15)
"""A teacher's launch asks for the roster when it was last tried longer ago than this."""


@dataclass(frozen=True)
class Enrolled:
    """What a launch led to. `round` is None for a launch from the course navigation."""

    course: Course
    enrolment: Enrolment
    round: Round | None
    conversation_id: int | None
    """A pupil's own conversation in that round."""
    at_step: str = ""
    """The page of the preparation where the pupil was; "" before it was opened."""


@dataclass(frozen=True)
class _Known:
    """What is there of all that a launch names, found in one statement."""

    course: Course | None = None
    deployment_id: int | None = None
    person: Person | None = None
    enrolment: Enrolment | None = None
    round: Round | None = None
    conversation_id: int | None = None
    at_step: str | None = None

    def is_all(self, launch: Launch) -> bool:
        """Whether nothing has to be made."""
        return None not in {self.deployment_id, self.enrolment and self.enrolment.id} and (
            not launch.resource_link_id
            or (self.round is not None and self._has_conversation(self.enrolment))
        )

    def _has_conversation(self, enrolment: Enrolment | None) -> bool:
        is_teacher = enrolment is not None and enrolment.role is Role.TEACHER
        return is_teacher or self.conversation_id is not None


def enrol(launch: Launch, registration: Registration) -> Enrolled:
    """Find or make everything the launch names. Flushes; the caller commits.

    The launch's role is the role from now on: who became a teacher or a pupil in the LMS is one
    here, and who left and came back is active again. When a classmate's launch made the same row
    at the same moment, it is there at the next look.
    """
    known = _find(launch, registration)
    if known.is_all(launch):
        return _record(launch, registration, known)
    for looks_left in reversed(range(LOOKS)):
        try:
            with db.session.begin_nested():
                return _record(launch, registration, _find(launch, registration))
        except IntegrityError:
            if not looks_left:
                raise
    raise AssertionError("unreachable")


def _find(launch: Launch, registration: Registration) -> _Known:
    found = db.session.execute(
        select(
            Course,
            Deployment.id,
            Person,
            Enrolment,
            Round,
            Conversation.id,
            case(
                (Preparation.at_step != "", Preparation.at_step),
                (Preparation.id.is_(None), ""),
                (_was_closed(Enrolment.id), FIRST_STEP_WITH_HISTORY),
                else_=FIRST_STEP,
            ),
        )
        .select_from(Registration)
        .outerjoin(
            Course,
            (Course.registration_id == Registration.id) & (Course.context_id == launch.context_id),
        )
        .outerjoin(
            Deployment,
            (Deployment.registration_id == Registration.id)
            & (Deployment.deployment_id == launch.deployment_id),
        )
        .outerjoin(Person, (Person.registration_id == Registration.id) & (Person.sub == launch.sub))
        .outerjoin(
            Enrolment,
            (Enrolment.person_id == Person.id) & (Enrolment.course_id == Course.id),
        )
        .outerjoin(
            Round,
            (Round.course_id == Course.id) & (Round.resource_link_id == launch.resource_link_id),
        )
        .outerjoin(
            Conversation,
            (Conversation.pupil_id == Enrolment.id) & (Conversation.round_id == Round.id),
        )
        .outerjoin(
            Preparation,
            (Preparation.conversation_id == Conversation.id)
            & (Preparation.owner_id == Enrolment.id),
        )
        .where(Registration.id == registration.id)
    ).one()
    return _Known(*found)


def _was_closed(pupil_id: InstrumentedAttribute[int]) -> Exists:
    """Whether there is an earlier conversation to look back at."""
    earlier = aliased(Conversation)
    return (
        select(earlier.id).where(earlier.pupil_id == pupil_id, earlier.state == State.CLOSED)
    ).exists()


def _record(launch: Launch, registration: Registration, known: _Known) -> Enrolled:
    remember_platform(registration, launch, known.deployment_id is None)
    course = _course(registration, launch, known.course)
    person = _person(registration, launch, known.person)
    db.session.flush()
    enrolment = _enrolment(person, course, launch, known.enrolment)
    round_ = _round(course, launch, known.round)
    db.session.flush()
    conversation_id = known.conversation_id
    if round_ and enrolment.role is Role.PUPIL and conversation_id is None:
        add_missing_conversations(round_)
        conversation_id = db.session.scalar(
            select(Conversation.id).where(
                Conversation.pupil_id == enrolment.id, Conversation.round_id == round_.id
            )
        )
    if enrolment.role is Role.TEACHER and _roster_is_old(course):
        ask_for_roster(course, anew=False)
    return Enrolled(course, enrolment, round_, conversation_id, known.at_step or "")


def enrol_administrator(launch: Launch, registration: Registration) -> int | None:
    """Return the enrolment of an administrator whom the course's roster lists as its teacher.

    A platform lets its administrators into every course; that alone opens no conversation.
    """
    known = db.session.scalar(
        select(Deployment.id).where(
            Deployment.registration_id == registration.id,
            Deployment.deployment_id == launch.deployment_id,
        )
    )
    remember_platform(registration, launch, known is None)
    return db.session.scalar(
        select(Enrolment.id)
        .join(Enrolment.person)
        .join(Enrolment.course)
        .where(
            Person.registration_id == registration.id,
            Person.sub == launch.sub,
            Course.context_id == launch.context_id,
            Enrolment.role == Role.TEACHER,
            Enrolment.source == EnrolmentSource.ROSTER,
            Enrolment.ended_at.is_(None),
        )
    )


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


def remember_platform(registration: Registration, launch: Launch, new_deployment: bool) -> None:
    """Keep what a launch says of the platform itself: its kind, a deployment, its address."""
    registration.family = launch.family or registration.family
    if new_deployment:
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


def _course(registration: Registration, launch: Launch, known: Course | None) -> Course:
    course = known
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


def _person(registration: Registration, launch: Launch, known: Person | None) -> Person:
    """Who it is. A platform that keeps names to itself does not take away what we knew."""
    person = known
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
    if name:
        person.name, person.family_name = name, family_name
        person.given_name = given_name or name.partition(" ")[0]


def _enrolment(
    person: Person, course: Course, launch: Launch, known: Enrolment | None
) -> Enrolment:
    enrolment, role = known, Role(launch.role)
    if enrolment is None:
        enrolment = Enrolment(
            person_id=person.id, course_id=course.id, role=role, source=EnrolmentSource.LAUNCH
        )
        db.session.add(enrolment)
    enrolment.role = role
    enrolment.sections = list(launch.sections) or enrolment.sections
    enrolment.ended_at = None
    moment = now()
    if enrolment.seen_at is None or moment - enrolment.seen_at > SEEN_AGAIN:
        enrolment.seen_at = moment
    return enrolment


def _round(course: Course, launch: Launch, known: Round | None) -> Round | None:
    if not launch.resource_link_id:
        return None
    round_ = known
    if round_ is None:
        round_ = Round(
            course_id=course.id,
            resource_link_id=launch.resource_link_id,
            title=launch.resource_link_title or _("Loopbaangesprek"),
        )
        db.session.add(round_)
        db.session.flush()
        add_missing_conversations(round_)
    round_.lineitem_url = launch.lineitem_url or round_.lineitem_url
    return round_


def ensure_preparation(conversation_id: int, owner_id: int) -> Preparation:
    """Return this person's preparation, made when it is not there yet. Flushes.

    Two windows that open it at the same moment get the same one.
    """
    query = select(Preparation).where(
        Preparation.conversation_id == conversation_id, Preparation.owner_id == owner_id
    )
    preparation = db.session.scalars(query).one_or_none()
    if preparation is not None:
        return preparation
    preparation = Preparation(conversation_id=conversation_id, owner_id=owner_id)
    try:
        with db.session.begin_nested():
            db.session.add(preparation)
    except IntegrityError:
        return db.session.scalars(query).one()
    return preparation
