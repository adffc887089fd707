"""The guide's routes share a prefix and a rule: they write while the conversation is going on."""

from flask import Blueprint, redirect, request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from instrument import Phase
from lti_tool.instrument_now import instrument_now
from lti_tool.models import Conversation

guide = Blueprint(
    "guide", __name__, url_prefix="/s/<session_id>/conversations/<int:conversation_id>/guide"
)


def known_phase(phase_key: str) -> Phase:
    """A phase of the instrument, else NotFound."""
    phase = instrument_now().phase_by_key.get(phase_key)
    if phase is None:
        raise NotFound("no_such_phase")
    return phase


def chosen_question() -> str:
    """The question on the table where they are shown one by one: `?q=`; "" for the first."""
    return request.args.get("q", "")


def back_to(
    conversation: Conversation, phase_key: str, section: str = "", *, question: str = ""
) -> Response:
    """Return to the screen, at the section that changed; the same question stays on the table."""
    return redirect(
        url_for(
            "guide.phase",
            conversation_id=conversation.id,
            phase_key=phase_key,
            q=question or chosen_question() or None,
            _anchor=section or None,
        ),
        303,
    )
