"""Outcomes in the pupil's words: named or in doubt, confirmed, repeated, and settled later."""

from flask import request
from flask_babel import gettext as _
from sqlalchemy import update
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from lti_tool.access import Right, requires, visit
from lti_tool.conversations import conversation_under_way
from lti_tool.field_views import Form
from lti_tool.forms import Posted
from lti_tool.guide.blueprint import back_to, guide, known_phase
from lti_tool.guide.views import screen_page
from lti_tool.history import history
from lti_tool.models import Agreement, Conversation, Outcome, OutcomeKind, Settled, db, now
from lti_tool.sent_again import stands_already

SECTION = "outcomes"


@guide.post("/<phase_key>/outcomes")
@requires(Right.GUIDE)
def add_outcome(conversation_id: int, phase_key: str) -> Response:
    """Record what was named or doubted; a doubt needs no words (kw-t4)."""
    conversation = conversation_under_way(conversation_id)
    phase = known_phase(phase_key)
    if phase.career_question is None:
        raise NotFound("no_outcomes_here")
    posted = Posted()
    kind = posted.choice("kind", OutcomeKind, required=_("Kies benoemd of twijfel."))
    needed = _("Schrijf op wat de leerling zei.") if kind is OutcomeKind.NAMED else ""
    text = posted.text("outcome", required=needed)
    if posted.errors or kind is None:
        return screen_page(conversation, phase.key, Form(), posted, 422)
    if stands_already(Outcome, conversation, phase_key=phase.key, kind=kind, text=text):
        return back_to(conversation, phase.key, SECTION)
    db.session.add(
        Outcome(
            conversation_id=conversation.id,
            phase_key=phase.key,
            kind=kind,
            text=text,
            confirmed_at=now() if posted.ticked("confirmed") else None,
        )
    )
    db.session.commit()
    return back_to(conversation, phase.key, SECTION)


@guide.post("/outcomes/<int:outcome_id>")
@requires(Right.GUIDE)
def change_outcome(conversation_id: int, outcome_id: int) -> Response:
    """Confirm, repeat, settle, open again or remove an outcome.

    An earlier conversation's doubt may be settled here and nothing else.
    """
    conversation = conversation_under_way(conversation_id)
    outcome = db.session.get(Outcome, outcome_id)
    action = request.form.get("action", "")
    if outcome is None or not _reachable(conversation, outcome, action):
        raise NotFound("no_such_outcome")
    if action == "confirm":
        outcome.confirmed_at = outcome.confirmed_at or now()
    elif action == "take-back":
        outcome.confirmed_at = None
    elif action == "repeat":
        outcome.repeated_at = outcome.repeated_at or now()
    elif action == "not-repeated":
        outcome.repeated_at = None
    elif action == "remove":
        _remove(outcome)
    elif action == "reopen":
        outcome.settled = outcome.settled_at = outcome.settled_by_id = None
    elif action in {one.value for one in Settled} and outcome.kind == OutcomeKind.DOUBT:
        outcome.settled, outcome.settled_at = Settled(action), now()
        outcome.settled_by_id = visit().enrolment.id
    phase_key = outcome.phase_key
    db.session.commit()
    return back_to(conversation, phase_key, SECTION)


def _remove(outcome: Outcome) -> None:
    """An agreement that built on it stays; what it built on is gone."""
    db.session.execute(
        update(Agreement).where(Agreement.outcome_id == outcome.id).values(outcome_id=None)
    )
    db.session.delete(outcome)


def _reachable(conversation: Conversation, outcome: Outcome, action: str) -> bool:
    if outcome.conversation_id == conversation.id:
        return True
    settles = action in {"reopen", *(one.value for one in Settled)}
    return settles and outcome in history(conversation).outcomes
