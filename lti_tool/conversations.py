"""What every task asks of a conversation: is it in the right state, and what hangs on it."""

from flask import request
from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased
from werkzeug.exceptions import Conflict

from lti_tool.access import visit
from lti_tool.models import (
    Agreement,
    Chair,
    Conversation,
    Entry,
    Experience,
    Goal,
    NoAgreement,
    Outcome,
    Participant,
    Party,
    Preparation,
    QuestionMark,
    Role,
    Round,
    State,
    Visibility,
    db,
)
from lti_tool.records import own_or_course_conversation
from lti_tool.times import local_date, today

_conversation, _round = aliased(Conversation), aliased(Round)


def conversation_to_change(conversation_id: int) -> Conversation:
    """Return a conversation of this visit; posts to it are carried out one by one."""
    return own_or_course_conversation(conversation_id, hold=request.method == "POST")


def conversation_in(states: frozenset[State], conversation_id: int) -> Conversation:
    """Return a conversation of this visit that is in one of `states`, else Conflict.

    A post holds it, so that it is still in that state when the post is carried out.
    """
    conversation = conversation_to_change(conversation_id)
    if conversation.state not in states:
        raise Conflict("not_in_this_state")
    return conversation


def conversation_under_way(conversation_id: int) -> Conversation:
    """Return a conversation of this visit that is going on, else Conflict."""
    return conversation_in(frozenset({State.STARTED}), conversation_id)


def may_reopen(conversation: Conversation) -> bool:
    """Whether it was closed today, by mistake perhaps."""
    return conversation.closed_at is not None and local_date(conversation.closed_at) == today()


RECORDS = (Goal, Outcome, Experience, Agreement, NoAgreement, Participant, QuestionMark)


def may_take_back(conversation: Conversation) -> bool:
    """Whether it may turn out not to have begun: begun today, or nothing was recorded in it."""
    if conversation.state != State.STARTED or conversation.started_at is None:
        return False
    if local_date(conversation.started_at) == today():
        return True
    if conversation.agreed is not None:
        return False
    written = select(Entry.id).where(
        Entry.conversation_id == conversation.id,
        Entry.key.not_like("prep.%"),
        Entry.written_at >= conversation.started_at,
    )
    recorded = [exists().where(kind.conversation_id == conversation.id) for kind in RECORDS]
    return not db.session.scalar(select(or_(written.exists(), *recorded)))


PARTIES = list(Party)
"""The pupil's agreements come first: theirs are what a conversation is for (af-t1)."""


def agreements_of(conversation: Conversation) -> list[Agreement]:
    """Agreements made in this conversation that this visit may read, with their steps."""
    rows = db.session.scalars(
        select(Agreement)
        .where(Agreement.conversation_id == conversation.id, readable_agreements())
        .order_by(Agreement.id)
    )
    return sorted(rows, key=lambda one: PARTIES.index(one.party))


def pupil_chairs(conversation: Conversation) -> bool:
    """True: the screen lies open between two people; nothing private may be on it.

    Only while they talk: afterwards the mentor looks back alone.
    """
    return conversation.state == State.STARTED and conversation.chair == Chair.PUPIL


def readable_agreements() -> ColumnElement[bool]:
    """What a third party agreed to do is read by the course's teachers; by others when shared."""
    shared = Agreement.visibility == Visibility.SHARED
    if visit().role is Role.PUPIL:
        return shared
    of_the_course = (
        select(_conversation.id)
        .join(_round, _conversation.round_id == _round.id)
        .where(_round.course_id == visit().course.id)
    )
    return or_(shared, Agreement.conversation_id.in_(of_the_course))


def for_the_screen(conversation: Conversation, rows: list[Agreement]) -> list[Agreement]:
    """Those of `rows` the pupil may see, when the pupil looks along; else all."""
    if not pupil_chairs(conversation):
        return rows
    return [one for one in rows if one.visibility == Visibility.SHARED]


def may_settle(agreement: Agreement) -> bool:
    """A teacher settles all; a pupil their own."""
    return visit().role is Role.TEACHER or agreement.party == Party.PUPIL


def day_has_passed(agreement: Agreement) -> bool:
    """Whether it is open and was to be done before today: in one that is being made, a slip."""
    due_on = agreement.due_on
    return agreement.settled is None and due_on is not None and due_on < today()


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
