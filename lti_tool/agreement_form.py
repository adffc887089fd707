"""The form of an agreement: what it offers, and how what was posted becomes a record."""

import json
import sys
from datetime import date
from hashlib import sha256

from flask import request
from flask_babel import gettext as _
from sqlalchemy import or_, select

from lti_tool import words
from lti_tool.access import visit
from lti_tool.entries import read
from lti_tool.forms import Posted
from lti_tool.history import history
from lti_tool.instrument_now import instrument_now
from lti_tool.models import (
    Agreement,
    AgreementKind,
    AgreementStep,
    Conversation,
    Outcome,
    Party,
    Role,
    Visibility,
    db,
)
from lti_tool.times import day

OWN_QUESTION = "own-question"
MOST_STEPS = 20
"""More is no small agreement, and each is a row and a form on every page that shows it."""
TEACHERS_KINDS = (
    AgreementKind.LOOK_UP,
    AgreementKind.JOIN,
    AgreementKind.ARRANGE,
    AgreementKind.MAKE_ASSIGNMENT,
    AgreementKind.OTHER,
)
OTHERS_KINDS = (
    AgreementKind.ACTION,
    AgreementKind.ASSIGNMENT,
    AgreementKind.EVIDENCE,
    AgreementKind.CONTACT,
    AgreementKind.OTHER,
)


def kinds(present: AgreementKind) -> list[AgreementKind]:
    """The sorts of agreement this visit may make: a teacher has some of their own (af-t3).

    With the one it is, which a pupil who changes a word leaves as it was.
    """
    teaches = visit().role is Role.TEACHER
    found = [*OTHERS_KINDS[:-1], *TEACHERS_KINDS] if teaches else list(OTHERS_KINDS)
    return found if present in found else [*found, present]


def fill(conversation: Conversation, agreement: Agreement) -> Posted:
    """Take the posted values over; whatever is wrong is in the errors."""
    posted = Posted()
    if visit().role is Role.TEACHER:
        _fill_party(agreement, posted)
    agreement.kind = posted.choice("kind", AgreementKind) or AgreementKind.OTHER
    agreement.what = posted.text("what", required=_("Schrijf op wat jullie afspreken."))
    agreement.due_on = posted.day("due_on")
    for name in ("done_when", "how", "why"):
        setattr(agreement, name, posted.text(name))
    agreement.evidence_wanted = posted.ticked("evidence_wanted")
    outcome_id = posted.number("outcome_id")
    known = {one.id for one in _linkable(conversation, agreement)}
    agreement.outcome_id = outcome_id if outcome_id in known else None
    agreement.on_own_question = request.form.get("outcome_id") == OWN_QUESTION
    _fill_steps(agreement, posted.text("steps"))
    if len(agreement.steps) > MOST_STEPS:
        message = _("Schrijf hoogstens %(number)s stappen op, één per regel.", number=MOST_STEPS)
        posted.errors.append(("steps", message))
    return posted


def values_of(agreement: Agreement) -> dict[str, str]:
    """What the form of an agreement is filled from: by field, as it is posted."""
    own_question = OWN_QUESTION if agreement.on_own_question else ""
    steps = sorted(agreement.steps, key=lambda one: one.id or sys.maxsize)  # as they will be read
    values = {
        "what": agreement.what,
        "due_on": agreement.due_on.isoformat() if agreement.due_on else "",
        "done_when": agreement.done_when,
        "kind": agreement.kind,
        "how": agreement.how,
        "why": agreement.why,
        "outcome_id": own_question or str(agreement.outcome_id or ""),
        "steps": "\n".join(one.text for one in steps),
        "evidence_wanted": "1" if agreement.evidence_wanted else "",
    }
    if visit().role is not Role.TEACHER:
        return values
    shared = agreement.visibility == Visibility.SHARED
    return values | {
        "party": agreement.party,
        "party_description": agreement.party_description,
        "informed_by": agreement.informed_by or "",
        "pupil_reads": "1" if agreement.party == Party.WORKPLACE and shared else "",
    }


def revision_of(values: dict[str, str]) -> str:
    """What a form carries along of what it was filled from, to know whether that still stands."""
    return sha256(json.dumps(values).encode()).hexdigest()[:32]


def in_words(field: str, value: str, builds_on: dict[str, str]) -> str:
    """One of those values as people read it; a dash where nothing stands."""
    if field in {"evidence_wanted", "pupil_reads"}:
        return _("Ja") if value else _("Nee")
    if not value:
        return "–"
    if field == "due_on":
        return day(date.fromisoformat(value))
    if field == "kind":
        return words.agreement_kind(AgreementKind(value))
    if field in {"party", "informed_by"}:
        return words.party(Party(value))
    return builds_on.get(value, "–") if field == "outcome_id" else value


def _fill_party(agreement: Agreement, posted: Posted) -> None:
    """Who does it, and who reads it: a workplace's agreement is its own unless shared."""
    party = posted.choice("party", Party, required=_("Kies wie dit doet."))
    agreement.party = party or agreement.party
    agreement.party_description = posted.text("party_description")
    agreement.informed_by = posted.choice("informed_by", Party)
    alone = agreement.party == Party.WORKPLACE and not posted.ticked("pupil_reads")
    agreement.visibility = Visibility.PARTY if alone else Visibility.SHARED


def _fill_steps(agreement: Agreement, text: str) -> None:
    """One step per line; a step that stays keeps its tick."""
    kept = {step.text: step for step in agreement.steps}
    lines = list(dict.fromkeys(line.strip() for line in text.split("\n") if line.strip()))
    agreement.steps = [
        kept.get(line) or AgreementStep(text=line, visibility=agreement.visibility)
        for line in lines
    ]
    for step in agreement.steps:
        step.visibility = agreement.visibility


def _linkable(conversation: Conversation, agreement: Agreement) -> list[Outcome]:
    """What an action can build on: outcomes of this conversation and earlier open doubts.

    And what it builds on already, such as a doubt that was settled since.
    """
    here = db.session.scalars(
        select(Outcome)
        .where(
            or_(
                Outcome.conversation_id == conversation.id,
                Outcome.id == agreement.outcome_id,
            )
        )
        .order_by(Outcome.id)
    ).all()
    known = {one.id for one in here}
    doubts = history(conversation).open_doubts()
    return [*here, *(one for one in doubts if one.id not in known)]


def builds_on_choices(conversation: Conversation, agreement: Agreement) -> list[tuple[str, str]]:
    """What an action can build on (af-t1), as a choice: key and words."""
    found = [
        (str(one.id), one.text or _("een twijfel zonder woorden"))
        for one in _linkable(conversation, agreement)
    ]
    own_question = read(conversation).shared("own-question.text")
    if own_question:
        found.insert(0, (OWN_QUESTION, _("Eigen vraag: %(text)s", text=own_question)))
    return found


def assignment_hint(agreement: Agreement) -> str:
    """The question that turns a doubt into an assignment (kw-v10, mo-v11), at its own phase."""
    phase = instrument_now().phase_by_key.get(request.args.get("phase", ""))
    if phase is None or agreement.kind != AgreementKind.ASSIGNMENT:
        return ""
    groups = [one for one in phase.groups if one.kind == "try_out"]
    return groups[0].questions[0].spoken if groups else ""
