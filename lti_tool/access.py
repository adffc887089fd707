"""Who asks, in which enrolment, and may they: closed by default, one role → right table.

A view declares its right with `@requires(Right.X)`, or that it is open with `@open_to_all`. A
view that declares nothing is refused, and a test walks all routes.
"""

import enum
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Flask, g, request
from sqlalchemy import Select, bindparam, or_, select
from sqlalchemy.orm import aliased, contains_eager, joinedload, lazyload
from werkzeug.exceptions import Forbidden, NotFound
from werkzeug.routing import IntegerConverter, Map

from lti_tool.enrolled_now import readable_by
from lti_tool.models import (
    Chair,
    Conversation,
    Course,
    Enrolment,
    LaunchSession,
    Person,
    Registration,
    Role,
    Round,
    State,
    db,
    school_year_of,
)
from lti_tool.numbers import LARGEST_ID
from lti_tool.school_words import say_je
from lti_tool.sessions import SessionEnded, find_session, touch
from lti_tool.who_asks import CourseFacts, EnrolmentFacts, PersonFacts, SessionFacts

View = TypeVar("View", bound=Callable[..., Any])


class Right(enum.StrEnum):
    """What a view needs, as "<thing>:<act>"."""

    START = "start:read"
    OWN_CONVERSATIONS = "own-conversations:read"
    OWN_PREPARATION = "own-preparation:write"
    OWN_SHEET = "own-sheet:write"
    HANDOVER = "handover:write"
    ENTRY = "entry:write"
    """A field of a conversation; `fields.py` says which ones for whom."""
    COURSE = "course:read"
    ROUND = "round:write"
    PREPARATION = "preparation:write"
    GUIDE = "guide:write"
    REFLECTION = "reflection:write"
    """The view itself asks whether this teacher held the conversation."""
    BANK = "bank:write"
    ADMINISTRATION = "administration:read"
    COORDINATION = "coordination:read"
    """Of no role: the administrator gives it to single teachers."""


RIGHTS: dict[Role, frozenset[Right]] = {
    Role.PUPIL: frozenset(
        {
            Right.START,
            Right.OWN_CONVERSATIONS,
            Right.OWN_PREPARATION,
            Right.OWN_SHEET,
            Right.HANDOVER,
            Right.ENTRY,
        }
    ),
    Role.TEACHER: frozenset(
        {
            Right.START,
            Right.COURSE,
            Right.ROUND,
            Right.PREPARATION,
            Right.GUIDE,
            Right.REFLECTION,
            Right.BANK,
            Right.ENTRY,
        }
    ),
}

ADMINISTRATOR_RIGHTS = frozenset({Right.START, Right.ADMINISTRATION})

OPEN = "open"


class RecordId(IntegerConverter):
    """`<int:…>` in a path: a number the database can hold; a larger one is no page."""

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map, max=LARGEST_ID)


@dataclass(frozen=True)
class Visit:
    """Who asks: one launch session and what hangs on it."""

    session_id: str
    session: SessionFacts

    @property
    def enrolment(self) -> EnrolmentFacts:
        """This person in this course. An administrator's visit has none: Forbidden."""
        if self.session.enrolment is None:
            raise Forbidden("not_enrolled")
        return self.session.enrolment

    @property
    def person(self) -> PersonFacts:
        """The person."""
        return self.enrolment.person

    @property
    def course(self) -> CourseFacts:
        """The course."""
        return self.enrolment.course

    @property
    def round(self) -> Round | None:
        """The round this was launched from, read now; None from the course navigation."""
        key = self.session.round_id
        return db.session.get(Round, key) if key else None

    def record(self) -> LaunchSession:
        """The session's record; like the others below for who changes it or needs more of it."""
        return db.session.get_one(LaunchSession, self.session.id)

    def person_record(self) -> Person:
        """The person's."""
        return db.session.get_one(Person, self.person.id)

    def course_record(self) -> Course:
        """The course's."""
        return db.session.get_one(Course, self.course.id)

    def platform_record(self) -> Registration:
        """The platform's."""
        return db.session.get_one(Registration, self.session.registration_id)

    @property
    def role(self) -> Role:
        """Pupil or teacher, as the enrolment stands now."""
        return self.enrolment.role

    @property
    def is_administrator(self) -> bool:
        """Whether this was launched with an administrator's role."""
        return self.session.facts is not None

    @property
    def is_enrolled(self) -> bool:
        """Whether this person has a place in the course; else there is no content to see."""
        return self.session.enrolment is not None

    def may(self, right: Right) -> bool:
        """Whether the role carries the right; an administrator may also be a teacher."""
        if self.is_administrator and right in ADMINISTRATOR_RIGHTS:
            return True
        if right is Right.COORDINATION:
            return self.is_coordinator
        return self.is_enrolled and right in RIGHTS[self.role]

    @property
    def is_coordinator(self) -> bool:
        """Whether this is a teacher whom the administrator appointed, as it stands now."""
        return self.is_enrolled and self.role is Role.TEACHER and self.person.coordinates


def requires(right: Right) -> Callable[[View], View]:
    """Declare the right a view needs."""

    def declare(view: View) -> View:
        view.needs = right  # type: ignore[attr-defined]
        return view

    return declare


def polled(view: View) -> View:
    """Declare that a script asks this all the time: that alone keeps no session awake."""
    view.polled = True  # type: ignore[attr-defined]
    return view


def open_to_all(view: View) -> View:
    """Declare that a view needs no session."""
    view.needs = OPEN  # type: ignore[attr-defined]
    return view


def visit() -> Visit:
    """The visit of this request."""
    found: Visit = g.visit
    return found


# Built once. The teacher, and a pupil's own record, come when a page names them: most do not.
CONVERSATION = (
    select(Conversation)
    .join(Conversation.round)
    .where(Conversation.id == bindparam("conversation_id"))
    .options(
        lazyload(Conversation.teacher).joinedload(Enrolment.person),
        contains_eager(Conversation.round).joinedload(Round.questions),
    )
)
_other, _other_place = aliased(Conversation), aliased(Enrolment)
HAS_OTHERS = (
    select(_other.id)
    .join(_other_place, _other.pupil_id == _other_place.id)
    .where(
        _other_place.person_id == bindparam("person_id"),
        _other.id != Conversation.id,
        _other.state.in_((State.STARTED, State.CLOSED)),
    )
    .exists()
)
"""Whether this pupil had other conversations, in any course: else no page looks for a history."""
OWN_CONVERSATION = (
    CONVERSATION.add_columns(HAS_OTHERS)
    .where(Conversation.pupil_id == bindparam("pupil_id"))
    .options(lazyload(Conversation.pupil).joinedload(Enrolment.person))
)
COURSE_CONVERSATION = (
    CONVERSATION.join(Conversation.pupil)
    .where(Enrolment.course_id == bindparam("course_id"))
    .options(contains_eager(Conversation.pupil).joinedload(Enrolment.person))
)


def own_or_course_conversation(conversation_id: int, *, hold: bool = False) -> Conversation:
    """Return a conversation of this course that this visit may see: a pupil's own, or any pupil's.

    NotFound otherwise, whether or not it exists, and for what `readable_by` keeps from a teacher
    who came later. Pupil (with person), teacher and round (with its questions) come along.

    `hold`: until this transaction ends, nobody else who asks to hold it gets it. What is read from
    then on stays so. SQLite has no such lock: there a POST waits for every other one. Whoever also
    locks the round (`planning/bookings.py`) does that first, or does not hold.
    """
    conversation = find_conversation(conversation_id, hold=hold)
    if conversation is None:
        raise NotFound("not_your_record")
    return conversation


def find_conversation(conversation_id: int, *, hold: bool = False) -> Conversation | None:
    """The same, or None."""
    query: Select[Any]
    if visit().role is Role.PUPIL:
        query = OWN_CONVERSATION
        owner = {"pupil_id": visit().enrolment.id, "person_id": visit().enrolment.person_id}
    else:
        query = COURSE_CONVERSATION.where(readable_by(visit().enrolment))
        owner = {"course_id": visit().course.id}
    asked = query.with_for_update(of=Conversation, key_share=True) if hold else query
    row = (
        db.session.execute(asked, {"conversation_id": conversation_id, **owner})
        .unique()
        .one_or_none()
    )
    if row is None:
        return None
    conversation: Conversation = row[0]
    if conversation.state == State.STARTED and conversation.chair == Chair.PUPIL:
        say_je()
    # The session forgets these after a commit unless somebody holds them.
    g.held = [conversation.round]
    if query is not OWN_CONVERSATION:
        g.held += [conversation.pupil, conversation.pupil.person]
    elif not row[1]:
        g.first_conversation = conversation.id
    return conversation


def is_first(conversation: Conversation) -> bool:
    """Whether it is known to be this pupil's first, with nothing before it in any course."""
    return bool(g.get("first_conversation") == conversation.id)


def course_round(round_id: int) -> Round:
    """Return a round of this course with its questions, else NotFound.

    NotFound too for a round of years before this teacher came in which nothing is theirs to read.
    """
    teacher = visit().enrolment
    something_to_read = (
        select(Conversation.id)
        .join(Conversation.pupil)
        .where(Conversation.round_id == Round.id, readable_by(teacher))
        .exists()
    )
    since = school_year_of(teacher.first_seen_at)
    round_ = (
        db.session.scalars(
            select(Round)
            .where(
                Round.id == round_id,
                Round.course_id == visit().course.id,
                or_(Round.school_year >= since, something_to_read),
            )
            .options(joinedload(Round.questions))
        )
        .unique()
        .one_or_none()
    )
    if round_ is None:
        raise NotFound("not_your_record")
    return round_


def _keep_awake(session: SessionFacts, view: Callable[..., Any]) -> None:
    if not getattr(view, "polled", False):
        touch(session)


def install(app: Flask) -> None:
    """Put the gate in front of every request. Call it before any route is added."""
    app.url_map.converters["int"] = RecordId

    @app.url_value_preprocessor
    def take_session_id(_endpoint: str | None, values: dict[str, Any] | None) -> None:
        g.session_id = values.pop("session_id", None) if values else None

    @app.url_defaults
    def name_session(endpoint: str, values: dict[str, Any]) -> None:
        if g.get("session_id") and app.url_map.is_endpoint_expecting(endpoint, "session_id"):
            values.setdefault("session_id", g.session_id)

    @app.before_request
    def gate() -> None:
        if request.endpoint is None or request.endpoint == "static":
            return
        view = app.view_functions[request.endpoint]
        needs = getattr(view, "needs", None)
        if needs == OPEN:
            return
        if needs is None:
            raise Forbidden("no_right_declared")
        if not g.session_id:
            raise SessionEnded("no_session")
        session = find_session(g.session_id)
        g.visit = Visit(g.session_id, session)
        _keep_awake(session, view)
        if not g.visit.may(needs):
            raise Forbidden("not_your_role")
