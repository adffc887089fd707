"""Taking a round away that was made by mistake, as long as nobody did anything with it."""

from sqlalchemy import ColumnElement, delete, exists, or_, select, update

from lti_tool.erasure import references_to
from lti_tool.models import (
    Conversation,
    LaunchSession,
    PendingLaunch,
    Round,
    RoundQuestion,
    State,
    db,
    table_of,
)

SET_UP = (Conversation, RoundQuestion)
"""What making a round makes; it goes along."""
VISITS = (LaunchSession, PendingLaunch)
"""Who came in by the round's activity; they stay, without a round."""


def is_unused(round_: Round) -> bool:
    """Whether all of its conversations stand as they were made and nothing hangs on them or it.

    Opening, writing, sending, planning and mailing all leave a row, also in a table that is added
    later: they are found from the foreign keys.
    """
    made = select(Conversation.id).where(Conversation.round_id == round_.id)
    changed = made.where(
        or_(
            Conversation.state != State.PLANNED,
            Conversation.teacher_id.is_not(None),
            Conversation.planned_for.is_not(None),
            Conversation.purpose.is_not(None),
            Conversation.scope.is_not(None),
        )
    )
    own = {table_of(one) for one in (*SET_UP, *VISITS)}
    hangs: list[ColumnElement[bool]] = [
        exists().where(column.in_(made)) for column in references_to(table_of(Conversation))
    ]
    hangs += [
        exists().where(column == round_.id)
        for column in references_to(table_of(Round))
        if column.table not in own
    ]
    return not db.session.scalar(select(or_(changed.exists(), *hangs)))


def remove(round_: Round) -> bool:
    """Delete the round with its conversations and questions. The caller commits.

    False: it is in use. Nobody can add to it in the meantime, for that takes a share of these locks
    (on SQLite a POST waits for every other one).
    """
    here = Conversation.round_id == round_.id
    db.session.execute(select(Round.id).where(Round.id == round_.id).with_for_update())
    db.session.execute(
        select(Conversation.id).where(here).order_by(Conversation.id).with_for_update()
    )
    if not is_unused(round_):
        return False
    for kind in VISITS:
        db.session.execute(update(kind).where(kind.round_id == round_.id).values(round_id=None))
    db.session.execute(delete(Conversation).where(here))
    db.session.execute(delete(RoundQuestion).where(RoundQuestion.round_id == round_.id))
    db.session.execute(delete(Round).where(Round.id == round_.id))
    return True
