"""Giving a time away and taking it back: atomic, whoever clicks at the same moment.

All of it happens one by one per round, and one conditional UPDATE decides whether a time was still
free. The lock only keeps two pupils who swap times from waiting for each other. What one pupil has
in several rounds and courses happens one by one too: they cannot be in two places at once.
"""

from datetime import date, timedelta
from enum import Enum

from sqlalchemy import ScalarSelect, and_, delete, or_, select, update
from sqlalchemy.orm import aliased

from lti_tool.models import (
    BEFORE_START,
    LONGEST,
    Conversation,
    Enrolment,
    OfferedTime,
    Person,
    Role,
    Round,
    State,
    db,
    now,
)
from lti_tool.times import local_date

_whose, _pupil, _teacher = aliased(Conversation), aliased(Enrolment), aliased(Enrolment)

OF_LEAVERS = OfferedTime.conversation_id.in_(
    select(_whose.id).join(_pupil, _whose.pupil_id == _pupil.id).where(_pupil.ended_at.is_not(None))
)
FREE = and_(
    OfferedTime.called_off_at.is_(None), or_(OfferedTime.conversation_id.is_(None), OF_LEAVERS)
)
"""A pupil who left the course has no time any more, also before somebody takes it."""
TEACHER_STAYS = OfferedTime.teacher_id.in_(
    select(_teacher.id).where(_teacher.ended_at.is_(None), _teacher.role == Role.TEACHER)
)
"""What a teacher who left offered, is no time to come to."""


class Taking(Enum):
    """How it went."""

    TAKEN = "taken"
    GONE = "gone"
    """Somebody has it, it is taken away or past, or the conversation has begun."""
    ELSEWHERE = "elsewhere"
    """The pupil has another conversation then."""


def take(conversation: Conversation, time_id: int) -> Taking:
    """Give this pupil a time, in the place of the one they had. The caller commits.

    A conversation that was put off is planned again. When the time was not taken nothing changed,
    all of the transaction is undone, and records must be read anew.
    """
    _one_by_one(conversation.round_id)
    moment = now()
    _give_back(conversation, but=time_id)
    time = db.session.scalar(
        update(OfferedTime)
        .where(
            OfferedTime.id == time_id,
            OfferedTime.round_id == conversation.round_id,
            OfferedTime.starts_at > moment,
            or_(FREE, OfferedTime.conversation_id == conversation.id),
            TEACHER_STAYS,
        )
        .values(conversation_id=conversation.id, booked_at=moment)
        .returning(OfferedTime)
        .execution_options(synchronize_session=False)
    )
    if time is None:
        db.session.rollback()
        return Taking.GONE
    _one_by_one_for_pupil(conversation)
    if overlapping(conversation, time):
        db.session.rollback()
        return Taking.ELSEWHERE
    if not _plan(conversation, planned_for=local_date(time.starts_at), state=State.PLANNED):
        db.session.rollback()
        return Taking.GONE
    return Taking.TAKEN


def overlapping(conversation: Conversation, time: OfferedTime) -> OfferedTime | None:
    """The time this pupil has for another conversation, in whatever course, at that moment."""
    theirs, whose = aliased(Conversation), aliased(Enrolment)
    others = db.session.scalars(
        select(OfferedTime)
        .join(theirs, OfferedTime.conversation_id == theirs.id)
        .join(whose, theirs.pupil_id == whose.id)
        .where(
            whose.person_id == _person_id(conversation),
            whose.ended_at.is_(None),
            TEACHER_STAYS,
            theirs.id != conversation.id,
            theirs.state != State.CLOSED,
            OfferedTime.starts_at < time.ends_at,
            OfferedTime.starts_at > time.starts_at - timedelta(minutes=LONGEST),
        )
        .order_by(OfferedTime.starts_at)
    )
    return next((one for one in others if one.ends_at > time.starts_at), None)


def give_back(conversation: Conversation, time_id: int | None) -> bool:
    """This pupil does not come at their time; it is free again. The caller commits.

    False: `time_id` was named and by now they have another one, or the conversation has begun.
    Then nothing is changed.
    """
    _one_by_one(conversation.round_id)
    if time_id is not None and time_id != _time_of(conversation):
        return False
    if not _plan(conversation, planned_for=None):
        return False
    _give_back(conversation)
    return True


def plan_by_hand(conversation: Conversation, state: State, planned_for: date | None) -> bool:
    """Plan it, put it off or note that the pupil was absent. The caller commits.

    A time on another day than the conversation's is free again. False: it has begun.
    """
    _one_by_one(conversation.round_id)
    if not _plan(conversation, planned_for=planned_for, state=state):
        return False
    starts_at = db.session.scalar(
        select(OfferedTime.starts_at).where(OfferedTime.conversation_id == conversation.id)
    )
    if starts_at and (state != State.PLANNED or local_date(starts_at) != planned_for):
        _give_back(conversation)
    return True


def _time_of(conversation: Conversation) -> int | None:
    return db.session.scalar(
        select(OfferedTime.id).where(OfferedTime.conversation_id == conversation.id)
    )


def call_off(conversation: Conversation, time_id: int) -> bool:
    """The teacher cannot at a time this pupil has. The caller commits.

    False: it is not theirs any more, or the conversation has begun; then nothing is changed.
    """
    _one_by_one(conversation.round_id)
    if time_id != _time_of(conversation) or not _plan(conversation, planned_for=None):
        return False
    db.session.execute(
        update(OfferedTime)
        .where(OfferedTime.id == time_id)
        .values(
            conversation_id=None,
            booked_at=None,
            called_off_at=now(),
            called_off_for_id=conversation.id,
        )
        .execution_options(synchronize_session=False)
    )
    return True


def remove(round_: Round, time_id: int) -> bool:
    """Take a free time off the list; False when somebody has it by now, or it is gone already."""
    _one_by_one(round_.id)
    removed = db.session.scalar(
        delete(OfferedTime)
        .where(OfferedTime.id == time_id, OfferedTime.round_id == round_.id, FREE)
        .returning(OfferedTime.id)
        .execution_options(synchronize_session=False)
    )
    return removed is not None


def _give_back(conversation: Conversation, but: int | None = None) -> None:
    db.session.execute(
        update(OfferedTime)
        .where(OfferedTime.conversation_id == conversation.id, OfferedTime.id != (but or 0))
        .values(conversation_id=None, booked_at=None)
        .execution_options(synchronize_session=False)
    )


def _plan(conversation: Conversation, **values: object) -> bool:
    """Write when it is, and how far, whatever was read before; False for one that has begun."""
    written = db.session.scalar(
        update(Conversation)
        .where(Conversation.id == conversation.id, Conversation.state.in_(BEFORE_START))
        .values(values)
        .returning(Conversation.id)
        .execution_options(synchronize_session=False)
    )
    db.session.expire(conversation, list(values))
    return written is not None


def _one_by_one(round_id: int) -> None:
    """On SQLite a POST has the only lock already."""
    db.session.execute(select(Round.id).where(Round.id == round_id).with_for_update(key_share=True))


def _one_by_one_for_pupil(conversation: Conversation) -> None:
    """Always after the round's lock, so that nobody waits for each other."""
    me = select(Person.id).where(Person.id == _person_id(conversation))
    db.session.execute(me.with_for_update(key_share=True))


def _person_id(conversation: Conversation) -> ScalarSelect[int]:
    pupil = select(Enrolment.person_id).where(Enrolment.id == conversation.pupil_id)
    return pupil.scalar_subquery()
