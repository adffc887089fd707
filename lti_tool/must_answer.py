"""The questions a conversation has to answer (T4): picked from the teacher's bank, or typed."""

from flask import request
from flask_babel import gettext as _
from sqlalchemy import select

from instrument import Phase
from lti_tool.access import visit
from lti_tool.forms import Posted
from lti_tool.instrument_now import instrument_now
from lti_tool.models import Conversation, MustAnswer, db
from lti_tool.question_bank import Item, load_shelf

LONGEST_QUESTION = 500


def add_question(conversation: Conversation, posted: Posted) -> None:
    """From the bank, or in the teacher's own words; `posted` says what was wrong."""
    picked = ""
    text = posted.text("own_question")
    if len(text) > LONGEST_QUESTION:
        posted.errors.append(("own_question", _("Maak de vraag korter dan 500 tekens.")))
    if not text:
        picked, text = _chosen(conversation, posted)
    if not posted.errors:
        db.session.add(
            MustAnswer(
                conversation_id=conversation.id,
                owner_id=visit().enrolment.id,
                text=text or None,
                question_key=picked or None,
            )
        )


def pickable(conversation: Conversation) -> list[tuple[str, str]]:
    """Key and words, with the phase's number, of what the guide shows this teacher."""
    return [
        (key, f"{phase.number}. {item.text}")
        for key, (phase, item) in _questions(conversation).items()
    ]


def _questions(conversation: Conversation) -> dict[str, tuple[Phase, Item]]:
    phases = instrument_now().phases
    shelf = load_shelf(*phases)
    return {
        item.key: (phase, item)
        for phase in phases
        for group in phase.groups
        for item in shelf.items(group)
        if item.fits(conversation.round)
    }


def _chosen(conversation: Conversation, posted: Posted) -> tuple[str, str]:
    """The key of a question of the source, or the words of another: one of them is ""."""
    key = request.form.get("picked", "")
    _phase, item = _questions(conversation).get(key, (None, None))
    if item is None:
        posted.errors.append(("own_question", _("Schrijf een vraag op, of kies er een.")))
        return "", ""
    return (key, "") if item.source and not item.own else ("", item.text)


def remove_question(conversation: Conversation, number: str) -> None:
    """Take one of this teacher's own away; twice does nothing more."""
    own = [one for one in must_answer_of(conversation) if str(one.id) == number]
    for question in own:
        db.session.delete(question)


def must_answer_of(conversation: Conversation) -> list[MustAnswer]:
    """What this teacher pinned, in order."""
    return list(
        db.session.scalars(
            select(MustAnswer)
            .where(
                MustAnswer.conversation_id == conversation.id,
                MustAnswer.owner_id == visit().enrolment.id,
            )
            .order_by(MustAnswer.id)
        )
    )
