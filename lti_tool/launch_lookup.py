"""Is all that a launch says known already? One statement, for the launch that comes most often.

The statements are built once: building one costs as much as running it. They read columns, not
records, since a returning person's launch changes nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, case, select

from lti_tool.lti.claims import Launch
from lti_tool.models import (
    Conversation,
    Course,
    Deployment,
    Enrolment,
    Person,
    Preparation,
    Registration,
    Role,
    Round,
    State,
    db,
    now,
    table_of,
    this_school_year,
)

FIRST_STEP, FIRST_STEP_WITH_HISTORY = "goal", "look-back"
"""Where the pupil's form begins; `preparation.py` has the others."""
SEEN_AGAIN = timedelta(hours=1)
"""How exactly we keep when somebody was last here: a launch a minute later writes nothing."""


@dataclass(frozen=True)
class Known:
    """What the database holds of all that a launch names; None where there is nothing."""

    course_title: str
    history: list[str]
    memberships_url: str
    lineitems_url: str
    grade_scopes: list[str]
    roster_asked_at: datetime | None
    roster_tried_at: datetime | None
    roster_again_at: datetime | None
    deployment_id: int | None
    test_user: bool
    name: str
    family_name: str
    enrolment_id: int
    role: Role
    sections: list[str]
    seen_at: datetime | None
    ended_at: datetime | None
    round_id: int | None
    round_year: int
    round_link_id: str | None
    lineitem_url: str
    conversation_id: int | None
    at_step: str
    other_rounds: bool

    def says_the_same(self, launch: Launch) -> bool:
        """Whether nothing has to be made or changed."""
        return (
            self.enrolment_id is not None
            and self.deployment_id is not None
            and self.role.value == launch.role.value
            and self.ended_at is None
            and self.seen_at is not None
            and now() - self.seen_at <= SEEN_AGAIN
            and all(not said or said == held for said, held in self._facts(launch))
            and (not launch.resource_link_id or self._has_its_round())
        )

    def _facts(self, launch: Launch) -> Iterator[tuple[object, object]]:
        yield launch.context_title, self.course_title
        yield list(launch.history), self.history
        yield launch.memberships_url, self.memberships_url
        yield launch.lineitems_url, self.lineitems_url
        yield list(launch.grade_scopes), self.grade_scopes
        yield list(launch.sections), self.sections
        if launch.resource_link_id == self.round_link_id:
            yield launch.lineitem_url, self.lineitem_url
        yield launch.test_user, self.test_user
        if launch.name:
            yield (launch.name, launch.family_name), (self.name, self.family_name)

    def _has_its_round(self) -> bool:
        """Of this school year, and with a conversation in it when this is a pupil."""
        if self.round_id is None or self.round_year < this_school_year():
            return False
        return self.role is Role.TEACHER or self.conversation_id is not None


def look_up(launch: Launch, registration_id: int) -> Known:
    """Find what is there, in one statement."""
    row = db.session.execute(
        BY_KEY if launch.round_key else BY_LINK,
        {
            "registration_id": registration_id,
            "context_id": launch.context_id,
            "deployment_id": launch.deployment_id,
            "sub": launch.sub,
            "round_key": launch.round_key,
            "resource_link_id": launch.resource_link_id,
            "year": this_school_year(),
        },
    ).one()
    return Known(*row)


COURSES = table_of(Course)
DEPLOYMENTS = table_of(Deployment)
ENROLMENTS = table_of(Enrolment)
PEOPLE = table_of(Person)
PREPARATIONS = table_of(Preparation)
REGISTRATIONS = table_of(Registration)
ROUNDS = table_of(Round)
CONVERSATIONS = table_of(Conversation)


def _statement(is_the_round: ColumnElement[bool]) -> Select[Any]:
    earlier, other = CONVERSATIONS.alias(), ROUNDS.alias()
    was_closed = select(earlier.c.id).where(
        earlier.c.pupil_id == ENROLMENTS.c.id, earlier.c.state == State.CLOSED
    )
    other_rounds = select(other.c.id).where(
        other.c.course_id == COURSES.c.id,
        other.c.id != ROUNDS.c.id,
        other.c.school_year >= bindparam("year"),
    )
    columns: dict[str, Any] = {
        "course_title": COURSES.c.title,
        "history": COURSES.c.history,
        "memberships_url": COURSES.c.memberships_url,
        "lineitems_url": COURSES.c.lineitems_url,
        "grade_scopes": COURSES.c.grade_scopes,
        "roster_asked_at": COURSES.c.roster_asked_at,
        "roster_tried_at": COURSES.c.roster_tried_at,
        "roster_again_at": COURSES.c.roster_again_at,
        "deployment_id": DEPLOYMENTS.c.id,
        "test_user": PEOPLE.c.test_user,
        "name": PEOPLE.c.name,
        "family_name": PEOPLE.c.family_name,
        "enrolment_id": ENROLMENTS.c.id,
        "role": ENROLMENTS.c.role,
        "sections": ENROLMENTS.c.sections,
        "seen_at": ENROLMENTS.c.seen_at,
        "ended_at": ENROLMENTS.c.ended_at,
        "round_id": ROUNDS.c.id,
        "round_year": ROUNDS.c.school_year,
        "round_link_id": ROUNDS.c.resource_link_id,
        "lineitem_url": ROUNDS.c.lineitem_url,
        "conversation_id": CONVERSATIONS.c.id,
        "at_step": case(
            (PREPARATIONS.c.at_step != "", PREPARATIONS.c.at_step),
            (PREPARATIONS.c.id.is_(None), ""),
            (was_closed.exists(), FIRST_STEP_WITH_HISTORY),
            else_=FIRST_STEP,
        ),
        "other_rounds": other_rounds.exists(),
    }
    return (
        select(*(columns[one.name].label(one.name) for one in fields(Known)))
        .select_from(REGISTRATIONS)
        .outerjoin(
            COURSES,
            (COURSES.c.registration_id == REGISTRATIONS.c.id)
            & (COURSES.c.context_id == bindparam("context_id")),
        )
        .outerjoin(
            DEPLOYMENTS,
            (DEPLOYMENTS.c.registration_id == REGISTRATIONS.c.id)
            & (DEPLOYMENTS.c.deployment_id == bindparam("deployment_id")),
        )
        .outerjoin(
            PEOPLE,
            (PEOPLE.c.registration_id == REGISTRATIONS.c.id) & (PEOPLE.c.sub == bindparam("sub")),
        )
        .outerjoin(
            ENROLMENTS,
            (ENROLMENTS.c.person_id == PEOPLE.c.id) & (ENROLMENTS.c.course_id == COURSES.c.id),
        )
        .outerjoin(ROUNDS, (ROUNDS.c.course_id == COURSES.c.id) & is_the_round)
        .outerjoin(
            CONVERSATIONS,
            (CONVERSATIONS.c.pupil_id == ENROLMENTS.c.id)
            & (CONVERSATIONS.c.round_id == ROUNDS.c.id),
        )
        .outerjoin(
            PREPARATIONS,
            (PREPARATIONS.c.conversation_id == CONVERSATIONS.c.id)
            & (PREPARATIONS.c.owner_id == ENROLMENTS.c.id),
        )
        .where(REGISTRATIONS.c.id == bindparam("registration_id"))
    )


BY_KEY = _statement(ROUNDS.c.key == bindparam("round_key"))
BY_LINK = _statement(ROUNDS.c.resource_link_id == bindparam("resource_link_id"))
