"""Whether anything changed in a conversation: so cheap that two devices may ask all the time.

No text is read: of an encrypted column its stored form is compared, which each write renews.
"""

from hashlib import sha256
from typing import Any

from flask import request
from sqlalchemy import ColumnElement, Select, Text, cast, func, literal, select, union_all
from sqlalchemy.orm import InstrumentedAttribute

from lti_tool.access import visit
from lti_tool.conversations import readable_agreements
from lti_tool.languages import language_now
from lti_tool.models import (
    Agreement,
    AgreementStep,
    Conversation,
    Entry,
    Experience,
    Goal,
    NoAgreement,
    Outcome,
    Visibility,
    db,
)

Column = InstrumentedAttribute[Any]


def version(conversation: Conversation) -> str:
    """A mark of all that is shared in this conversation for this reader, in one statement."""
    here = conversation.id
    parts: list[Select[tuple[str, int, str]]] = [
        _marks("goal", Goal.id, Goal.parked_at).where(Goal.conversation_id == here),
        _marks("experience", Experience.id, Experience.anchor).where(
            Experience.conversation_id == here
        ),
        _marks(
            "outcome", Outcome.id, Outcome.confirmed_at, Outcome.repeated_at, Outcome.settled
        ).where(Outcome.conversation_id == here),
        _marks(
            "agreement",
            Agreement.id,
            *(Agreement.party, Agreement.kind, Agreement.due_on, Agreement.informed_by),
            *(Agreement.settled, Agreement.outcome_id, Agreement.on_own_question),
            *(Agreement.evidence_wanted, Agreement.what, Agreement.party_description),
            *(Agreement.done_when, Agreement.how, Agreement.why, Agreement.evidence),
        ).where(Agreement.conversation_id == here, readable_agreements()),
        _marks("step", AgreementStep.id, AgreementStep.done_at, AgreementStep.text)
        .join(Agreement, AgreementStep.agreement_id == Agreement.id)
        .where(Agreement.conversation_id == here, readable_agreements()),
        _marks("reason", NoAgreement.id, NoAgreement.reason).where(
            NoAgreement.conversation_id == here
        ),
        _marks("entry", Entry.id, Entry.revision).where(
            Entry.conversation_id == here,
            Entry.owner_id == conversation.pupil_id,
            Entry.visibility == Visibility.SHARED,
        ),
    ]
    rows = sorted(tuple(row) for row in db.session.execute(union_all(*parts)))
    state = (str(conversation.state), str(conversation.agreed), str(conversation.chair))
    about = (visit().enrolment.id, language_now(), *state, rows)
    return sha256(repr(about).encode()).hexdigest()[:32]


def chair_changed(conversation: Conversation) -> bool:
    """Whether the screen that asks shows another chair: then all of it has to be shown anew.

    What is private stands outside the parts that a script renews one by one.
    """
    return request.args.get("chair", conversation.chair) != conversation.chair


def _marks(kind: str, identity: Column, *columns: Column) -> Select[tuple[str, int, str]]:
    together: ColumnElement[str] = literal("", Text)
    for one in columns:
        together = together + literal("|", Text) + func.coalesce(cast(one, Text), "")
    return select(literal(kind, Text), identity, together)
