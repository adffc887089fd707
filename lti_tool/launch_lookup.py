"""Is all that a launch says known already? One statement, for the launch that comes most often.

The statements are built once: building one costs as much as running it. They read columns, not
records, since a returning person's launch changes nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, case, select
from sqlalchemy.orm import aliased

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


def _statement(is_the_round: ColumnElement[bool]) -> Select[Any]:
    earlier, other = aliased(Conversation), aliased(Round)
    was_closed = select(earlier.id).where(
        earlier.pupil_id == Enrolment.id, earlier.state == State.CLOSED
    )
    other_rounds = select(other.id).where(
        other.course_id == Course.id,
        other.id != Round.id,
        other.school_year >= bindparam("year"),
    )
    columns: dict[str, Any] = {
        "course_title": Course.title,
        "history": Course.history,
        "memberships_url": Course.memberships_url,
        "lineitems_url": Course.lineitems_url,
        "grade_scopes": Course.grade_scopes,
        "roster_asked_at": Course.roster_asked_at,
        "roster_tried_at": Course.roster_tried_at,
        "roster_again_at": Course.roster_again_at,
        "deployment_id": Deployment.id,
        "test_user": Person.test_user,
        "name": Person.name,
        "family_name": Person.family_name,
        "enrolment_id": Enrolment.id,
        "role": Enrolment.role,
        "sections": Enrolment.sections,
        "seen_at": Enrolment.seen_at,
        "ended_at": Enrolment.ended_at,
        "round_id": Round.id,
        "round_year": Round.school_year,
        "lineitem_url": Round.lineitem_url,
        "conversation_id": Conversation.id,
        "at_step": case(
            (Preparation.at_step != "", Preparation.at_step),
            (Preparation.id.is_(None), ""),
            (was_closed.exists(), FIRST_STEP_WITH_HISTORY),
            else_=FIRST_STEP,
        ),
        "other_rounds": other_rounds.exists(),
    }
    return (
        select(*(columns[one.name].label(one.name) for one in fields(Known)))
        .select_from(Registration)
        .outerjoin(
            Course,
            (Course.registration_id == Registration.id)
            & (Course.context_id == bindparam("context_id")),
        )
        .outerjoin(
            Deployment,
            (Deployment.registration_id == Registration.id)
            & (Deployment.deployment_id == bindparam("deployment_id")),
        )
        .outerjoin(
            Person,
            (Person.registration_id == Registration.id) & (Person.sub == bindparam("sub")),
        )
        .outerjoin(
            Enrolment, (Enrolment.person_id == Person.id) & (Enrolment.course_id == Course.id)
        )
        .outerjoin(Round, (Round.course_id == Course.id) & is_the_round)
        .outerjoin(
            Conversation,
            (Conversation.pupil_id == Enrolment.id) & (Conversation.round_id == Round.id),
        )
        .outerjoin(
            Preparation,
            (Preparation.conversation_id == Conversation.id)
            & (Preparation.owner_id == Enrolment.id),
        )
        .where(Registration.id == bindparam("registration_id"))
    )


BY_KEY = _statement(Round.key == bindparam("round_key"))
BY_LINK = _statement(Round.resource_link_id == bindparam("resource_link_id"))
