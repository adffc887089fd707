"""A teacher's own next steps with one pupil (re-t1): theirs alone, listed until they are done."""

from sqlalchemy import select

from lti_tool.access import visit
from lti_tool.models import Conversation, NextStep, db, now
from lti_tool.numbers import whole_number

DONE, NOT_DONE = "step-done-", "step-open-"
"""What a button's `action` begins with; the id of the step follows."""


def open_steps(conversation: Conversation) -> list[NextStep]:
    """This teacher's open steps with the pupil of `conversation`, soonest first."""
    rows = db.session.scalars(
        select(NextStep)
        .join(NextStep.conversation)
        .where(
            NextStep.owner_id == visit().enrolment.id,
            NextStep.done_at.is_(None),
            Conversation.pupil_id == conversation.pupil_id,
        )
        .order_by(NextStep.due_on.is_(None), NextStep.due_on, NextStep.id)
    )
    return list(rows)


def steps_of(conversation: Conversation) -> list[NextStep]:
    """All steps this teacher took up after this conversation, done or not."""
    rows = db.session.scalars(
        select(NextStep)
        .where(
            NextStep.owner_id == visit().enrolment.id,
            NextStep.conversation_id == conversation.id,
        )
        .order_by(NextStep.id)
    )
    return list(rows)


def tick(conversation: Conversation, action: str) -> None:
    """Carry out a button's action at a step of this teacher with this pupil, else nothing."""
    for begins, done in ((DONE, True), (NOT_DONE, False)):
        if not action.startswith(begins):
            continue
        step = db.session.scalars(
            select(NextStep)
            .join(NextStep.conversation)
            .where(
                NextStep.owner_id == visit().enrolment.id,
                Conversation.pupil_id == conversation.pupil_id,
                NextStep.id == whole_number(action.removeprefix(begins)),
            )
        ).one_or_none()
        if step is not None:
            step.done_at = (step.done_at or now()) if done else None
