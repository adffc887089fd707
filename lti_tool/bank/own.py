"""Own questions and own wordings: add, change, take away, put back.

The words a conversation was held with do not change with them: it keeps its own.
"""

from dataclasses import dataclass

from flask import make_response, render_template, request
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from instrument import Group, Phase
from lti_tool.access import Right, requires, visit
from lti_tool.bank.blueprint import back_to, bank, group_of, known_phase
from lti_tool.bank.page import bank_page
from lti_tool.forms import Posted
from lti_tool.instrument_now import instrument_now
from lti_tool.models import OWN, OwnQuestion, db
from lti_tool.numbers import whole_number
from lti_tool.question_bank import add_own, make_room, mine, withdraw


@dataclass(frozen=True)
class Opened:
    """The question that is being worded: of the source, or one's own."""

    key: str
    group: Group
    source: str
    """The source's words; "" for a question of one's own."""
    own: OwnQuestion | None

    @property
    def text(self) -> str:
        """The words as they are now."""
        return self.own.text if self.own else self.source


@bank.post("/<phase_key>/questions")
@requires(Right.BANK)
def add(phase_key: str) -> Response:
    """Add a question to a group ("aan te vullen")."""
    phase = known_phase(phase_key)
    group_key = request.form.get("group", "")
    if group_key not in {one.key for one in phase.groups}:
        raise NotFound("no_such_group")
    posted = Posted()
    text = posted.text(f"question-{group_key}", required=_("Schrijf je vraag op."))
    if posted.errors:
        return bank_page(phase, posted, 422)
    question = add_own(phase, group_key, text)
    db.session.commit()
    return back_to(phase, f"q-{question.mark_key}")


@bank.get("/<phase_key>/questions/<question_key>")
@requires(Right.BANK)
def edit(phase_key: str, question_key: str) -> Response:
    """Show the words of a question, the source's beside one's own."""
    phase = known_phase(phase_key)
    return _page(phase, _open(phase, question_key), Posted(), 200)


@bank.post("/<phase_key>/questions/<question_key>")
@requires(Right.BANK)
def save(phase_key: str, question_key: str) -> Response:
    """Keep the words. Those for a source question become a version of one's own."""
    phase = known_phase(phase_key)
    opened = _open(phase, question_key)
    posted = Posted()
    text = posted.text("text", required=_("Schrijf je vraag op."))
    if posted.errors:
        return _page(phase, opened, posted, 422)
    if text == opened.source:
        make_room(question_key)
    elif opened.own is None:
        add_own(phase, opened.group.key, text, replaces=question_key)
    else:
        opened.own.text = text
    db.session.commit()
    return back_to(phase, f"edit-{opened.key}")


@bank.post("/<phase_key>/withdrawn/<int:question_id>")
@requires(Right.BANK)
def take_away(phase_key: str, question_id: int) -> Response:
    """Take a question of one's own out; of a wording, the source's comes back in its place."""
    phase = known_phase(phase_key)
    question = mine(question_id)
    withdraw(question)
    db.session.commit()
    return back_to(phase, f"edit-{question.replaces_key}" if question.replaces_key else "withdrawn")


@bank.post("/<phase_key>/restored/<int:question_id>")
@requires(Right.BANK)
def put_back(phase_key: str, question_id: int) -> Response:
    """Put back what was taken out."""
    phase = known_phase(phase_key)
    question = mine(question_id)
    if question.withdrawn_at is not None and question.replaces_key:
        make_room(question.replaces_key)
    question.withdrawn_at = None
    db.session.commit()
    return back_to(phase, f"edit-{question.bank_key}")


def _open(phase: Phase, key: str) -> Opened:
    """A question of this phase that can be worded: the school's own words stay as they are."""
    if key.startswith(OWN):
        own = mine(whole_number(key.removeprefix(OWN)) or 0)
        group = next((one for one in phase.groups if one.key == own.group_key), None)
        if group is None or own.withdrawn_at is not None or own.replaces_key is not None:
            raise NotFound("no_such_question")
        return Opened(key, group, "", own)
    group = group_of(phase, key)
    wording = db.session.scalars(
        select(OwnQuestion)
        .where(
            OwnQuestion.person_id == visit().person.id,
            OwnQuestion.replaces_key == key,
            OwnQuestion.withdrawn_at.is_(None),
        )
        .order_by(OwnQuestion.id.desc())
    ).first()
    return Opened(key, group, instrument_now().question_by_key[key].spoken, wording)


def _page(phase: Phase, opened: Opened, posted: Posted, status: int) -> Response:
    page = render_template(
        "bank/words.html",
        phase=phase,
        opened=opened,
        text=request.form.get("text", opened.text),
        posted=posted,
        errors=posted.errors,
    )
    return make_response(page, status)
