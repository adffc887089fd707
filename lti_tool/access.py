"""Who asks, in which enrolment, and may they: closed by default, one role → right table.

A view declares its right with `@requires(Right.X)`, or that it is open with `@open_to_all`. A
view that declares nothing is refused, and a test walks all routes.
"""

import enum
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Flask, g, request
from werkzeug.exceptions import Forbidden
from werkzeug.routing import IntegerConverter, Map

from lti_tool.models import (
    Course,
    LaunchSession,
    Person,
    Registration,
    Role,
    Round,
    db,
)
from lti_tool.numbers import LARGEST_ID
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
