"""The access log as a pupil may read it: who did what with their conversations, and when."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import aliased

from lti_tool.models import AccessLog, Act, Conversation, Course, Enrolment, Person, Role, Round, db


class Line(NamedTuple):
    """One act of one person."""

    at: datetime
    act: Act
    who: str
    """"" when the platform keeps names to itself."""
    role: Role
    course: str
    """That of the conversation."""
    round: str
    person_id: int


def lines_of(person_id: int, *, newest: int | None = None) -> list[Line]:
    """Of all conversations of this pupil, oldest first; or only the newest, those first."""
    pupil = aliased(Enrolment)
    query = (
        select(
            AccessLog.at,
            AccessLog.act,
            Person.name,
            Enrolment.role,
            Course.title,
            Round.title,
            Person.id,
        )
        .join(Enrolment, Enrolment.id == AccessLog.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .join(Conversation, Conversation.id == AccessLog.conversation_id)
        .join(pupil, pupil.id == Conversation.pupil_id)
        .join(Round, Round.id == Conversation.round_id)
        .join(Course, Course.id == Round.course_id)
        .where(pupil.person_id == person_id)
    )
    order = AccessLog.id if newest is None else AccessLog.id.desc()
    rows = db.session.execute(query.order_by(order).limit(newest)).tuples()
    return [Line(*row) for row in rows]
