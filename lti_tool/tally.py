"""Which questions work for a teacher, over all conversations and without any pupil (re-p1).

A verdict stands at the mark "asked" inside its conversation until the teacher is done looking
back. Then it goes into the teacher's tally, once, and the mark forgets it.
"""

from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from lti_tool.models import (
    Conversation,
    QuestionMark,
    QuestionRemark,
    QuestionTally,
    Verdict,
    db,
)


@dataclass(frozen=True)
class Tally:
    """How often a question worked for one teacher, and how often it did not."""

    worked: int = 0
    did_not_work: int = 0


def tally_of(person_id: int) -> dict[str, Tally]:
    """A teacher's counts by the key of the question (an own one's is "own-<id>"), in one statement.

    Questions nobody judged are not in it.
    """
    rows = db.session.scalars(select(QuestionTally).where(QuestionTally.person_id == person_id))
    return {one.question_key: Tally(one.worked, one.did_not_work) for one in rows}


def remarks_of(person_id: int) -> dict[str, QuestionRemark]:
    """A teacher's remarks at questions, by the key of the question, in one statement."""
    rows = db.session.scalars(select(QuestionRemark).where(QuestionRemark.person_id == person_id))
    return {one.question_key: one for one in rows}


def count_verdicts(conversation: Conversation, person_id: int) -> None:
    """Add this conversation's verdicts to the teacher's tally and clear them. The caller commits.

    One statement takes the verdicts away and says which they were, so that of two submissions at
    the same moment only one gets them. Marks that were loaded before keep their old verdict.
    """
    for verdict in Verdict:
        judged = db.session.scalars(
            update(QuestionMark)
            .where(QuestionMark.conversation_id == conversation.id, QuestionMark.verdict == verdict)
            .values(verdict=None, counted=True)
            .returning(QuestionMark.question_key)
            .execution_options(synchronize_session=False)
        ).all()
        for question_key in sorted(judged):
            _add_one(person_id, question_key, verdict)


def _add_one(person_id: int, question_key: str, verdict: Verdict) -> None:
    column = getattr(QuestionTally, verdict.value)
    one_more = (
        update(QuestionTally)
        .where(QuestionTally.person_id == person_id, QuestionTally.question_key == question_key)
        .values({column: column + 1})
        .returning(QuestionTally.id)
        .execution_options(synchronize_session=False)
    )
    if db.session.scalar(one_more) is not None:
        return
    try:
        with db.session.begin_nested():
            db.session.add(
                QuestionTally(person_id=person_id, question_key=question_key, **{verdict.value: 1})
            )
    except IntegrityError:
        db.session.execute(one_more)
