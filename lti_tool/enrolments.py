"""A verified launch becomes rows, in one transaction: person, course, enrolment, round."""

from dataclasses import dataclass, replace
from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy import Select, select, update
from sqlalchemy.exc import IntegrityError

import instrument
from lti_tool.background import ask
from lti_tool.enrolled_now import belongs_now
from lti_tool.errands import link_of
from lti_tool.languages import in_dutch
from lti_tool.launch_lookup import SEEN_AGAIN, Known, look_up
from lti_tool.lti.addresses import better_address
from lti_tool.lti.claims import Launch
from lti_tool.lti.platform import Platform
from lti_tool.lti.roles import LaunchRole
from lti_tool.mail.addresses import remember_addresses
from lti_tool.models import (
    Conversation,
    Course,
    Enrolment,
    EnrolmentSource,
    Person,
    Registration,
    Role,
    Round,
    Task,
    db,
    now,
    this_school_year,
)
from lti_tool.platform_news import has_news_of, remember_platform
from lti_tool.round_of_link import place

LOOKS = 5
"""A launch makes at most four sorts of rows that a classmate's could make at the same moment."""
ROSTER_AGE = timedelta(minutes=15)
"""A teacher's launch asks for the roster when it was last tried longer ago than this."""


@dataclass(frozen=True, kw_only=True)
class Enrolled:
    """What a launch led to.

    `round_id` is None from the course navigation, for deep linking, and for an activity that has
    no round yet (`round_of_link.py` says when).
    """

    enrolment_id: int
    role: Role
    round_id: int | None = None
    conversation_id: int | None = None
    """A pupil's own conversation in that round."""
    at_step: str = ""
    """The page of the preparation where the pupil was; "" before it was opened."""
    other_rounds: bool = False
    """Whether the course has more rounds this school year."""


def enrol(launch: Launch, platform: Platform) -> Enrolled:
    """Find or make everything the launch names. Flushes; the caller commits.

    The launch's role is the role from now on: who became a teacher or a pupil in the LMS is one
    here, and who left and came back is active again. When a classmate's launch made the same row
    at the same moment, it is there at the next look.
    """
    known = look_up(launch, platform.id)
    asks_roster = launch.role is LaunchRole.TEACHER and _roster_is_old(known)
    if known.says_the_same(launch) and not asks_roster and not has_news_of(platform, launch):
        return _as_known(known)
    for looks_left in reversed(range(LOOKS)):
        try:
            with db.session.begin_nested():
                return _enrol(launch, platform)
        except IntegrityError:
            if not looks_left:
                raise
    raise AssertionError("unreachable")


def _as_known(known: Known) -> Enrolled:
    return Enrolled(
        enrolment_id=known.enrolment_id,
        role=known.role,
        round_id=known.round_id,
        conversation_id=known.conversation_id,
        at_step=known.at_step,
        other_rounds=known.other_rounds,
    )


def _enrol(launch: Launch, platform: Platform) -> Enrolled:
    registration = remember_platform(platform, launch)
    course = _course(registration, launch)
    person = _person(registration, launch)
    enrolment = _enrolment(person, course, launch)
    remember_addresses(registration, {person.id: launch.email})
    link = link_of(launch)
    round_ = place(course, link) if link else None
    db.session.flush()
    if round_ is not None:
        add_missing_conversations(round_)
    if enrolment.role is Role.TEACHER and _roster_is_old(course):
        ask_for_roster(course, anew=False)
    db.session.flush()
    known = look_up(launch, registration.id)
    if known.round_id == (round_ and round_.id):
        return _as_known(known)
    return Enrolled(
        enrolment_id=enrolment.id,
        role=enrolment.role,
        round_id=round_.id if round_ else None,
        conversation_id=_conversation_id(enrolment, round_),
        other_rounds=True,
    )


def _conversation_id(enrolment: Enrolment, round_: Round | None) -> int | None:
    if round_ is None:
        return None
    return db.session.scalar(
        select(Conversation.id).where(
            Conversation.pupil_id == enrolment.id, Conversation.round_id == round_.id
        )
    )


def enrol_administrator(launch: Launch, platform: Platform) -> int | None:
    """Return the enrolment of an administrator who also teaches the course.

    The launch says so, or the course's roster lists them. A platform lets its administrators into
    every course; that alone opens no conversation.
    """
    if launch.teaches_too:
        return enrol(replace(launch, role=LaunchRole.TEACHER), platform).enrolment_id
    remember_platform(platform, launch)
    return db.session.scalar(
        _place_of(launch, platform).where(
            Enrolment.role == Role.TEACHER, Enrolment.source == EnrolmentSource.ROSTER
        )
    )


def leave(launch: Launch, platform: Platform) -> None:
    """End the enrolment of somebody who only looks on in this course now, or has no role in it."""
    theirs = _place_of(launch, platform)
    db.session.execute(update(Enrolment).where(Enrolment.id.in_(theirs)).values(ended_at=now()))


def _place_of(launch: Launch, platform: Platform) -> Select[tuple[int]]:
    """The enrolment that this person has in this course now, if any."""
    return (
        select(Enrolment.id)
        .join(Enrolment.person)
        .join(Enrolment.course)
        .where(
            Person.registration_id == platform.id,
            Person.sub == launch.sub,
            Course.context_id == launch.context_id,
            Enrolment.ended_at.is_(None),
        )
    )


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
    version = instrument.load().version  # noqa: TID251 the same in every language
    db.session.add_all(
        Conversation(pupil_id=pupil_id, round_id=round_.id, instrument_version=version)
        for pupil_id in missing
    )
    db.session.flush()


def ask_for_roster(course: Course, *, anew: bool) -> None:
    """Have the worker read this course's roster; `anew` as in `background.ask`."""
    course.roster_asked_at, course.roster_again_at = now(), None
    ask(Task.READ_ROSTER, course.id, anew=anew)


def _roster_is_old(course: Course | Known) -> bool:
    """Whether a launch should ask: not when it was asked or tried lately, or will be tried soon."""
    if not course.memberships_url or course.roster_again_at:
        return False
    moments = [one for one in (course.roster_asked_at, course.roster_tried_at) if one]
    return not moments or now() - max(moments) > ROSTER_AGE


def _course(registration: Registration, launch: Launch) -> Course:
    course = db.session.scalars(
        select(Course).where(
            Course.registration_id == registration.id, Course.context_id == launch.context_id
        )
    ).one_or_none()
    if course is None:
        with in_dutch():
            nameless = _("Jouw cursus")
        course = Course(
            registration_id=registration.id,
            context_id=launch.context_id,
            title=launch.context_title or nameless,
        )
        db.session.add(course)
    course.title = launch.context_title or course.title
    course.history = list(launch.history) or course.history
    course.address = better_address(course.address, launch.course_address)
    course.memberships_url = launch.memberships_url or course.memberships_url
    course.lineitems_url = launch.lineitems_url or course.lineitems_url
    course.grade_scopes = list(launch.grade_scopes) or course.grade_scopes
    return course


def _person(registration: Registration, launch: Launch) -> Person:
    """Who it is. A platform that keeps names to itself does not take away what we knew."""
    person = db.session.scalars(
        select(Person).where(Person.registration_id == registration.id, Person.sub == launch.sub)
    ).one_or_none()
    if person is None:
        person = Person(
            registration_id=registration.id,
            sub=launch.sub,
            name="",
            given_name="",
        )
        db.session.add(person)
    person.test_user = person.test_user or launch.test_user
    name_person(person, launch.name, launch.given_name, launch.family_name)
    return person


def name_person(person: Person, name: str, given_name: str, family_name: str) -> None:
    """Take over what a launch or a roster calls somebody; without a name the former one stays."""
    if name:
        person.name, person.family_name = name, family_name
        person.given_name = given_name or name.partition(" ")[0]


def _enrolment(person: Person, course: Course, launch: Launch) -> Enrolment:
    db.session.flush()
    enrolment = db.session.scalars(
        select(Enrolment).where(Enrolment.person_id == person.id, Enrolment.course_id == course.id)
    ).one_or_none()
    role = Role(launch.role)
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
