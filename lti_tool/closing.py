"""Closing a conversation, and what else can become of it: put off, absent, reopened.

A conversation closes with an agreement for every party, or with the reason why a party has none
(gd-t4, af-t4): never silently.
"""

from dataclasses import dataclass
from http import HTTPStatus

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import delete, select
from werkzeug.exceptions import Conflict, NotFound
from werkzeug.wrappers import Response

from lti_tool import words
from lti_tool.access import Right, polled, requires, visit
from lti_tool.access_log import record, record_view
from lti_tool.conversations import (
    agreements_of,
    conversation_in,
    conversation_under_way,
    day_has_passed,
    for_the_screen,
    may_reopen,
)
from lti_tool.entries import read
from lti_tool.field_views import Form, view, write_form
from lti_tool.fields import EVALUATION, NEXT
from lti_tool.forms import Posted
from lti_tool.guide.groups import shown_groups
from lti_tool.guide.page import goal_lines, load_screen, navigation, remark_view
from lti_tool.instrument_now import instrument_now
from lti_tool.live import chair_changed, version
from lti_tool.models import (
    BEFORE_START,
    Act,
    Conversation,
    NoAgreement,
    OutcomeKind,
    Participant,
    Party,
    State,
    db,
    now,
)
from lti_tool.records import own_or_course_conversation
from lti_tool.sent_again import stands_already
from lti_tool.typed import typed_text

closing = Blueprint(
    "closing", __name__, url_prefix="/s/<session_id>/conversations/<int:conversation_id>/closing"
)


@dataclass(frozen=True)
class Seat:
    """A party at the table, with what it leaves with."""

    party: Party
    description: str
    agreements: int
    reason: str


@closing.get("/")
@requires(Right.GUIDE)
def page(conversation_id: int) -> Response:
    """The phase Afronding of the guide."""
    conversation = own_or_course_conversation(conversation_id)
    if conversation.state in BEFORE_START:
        return redirect(url_for("teacher_preparation.page", conversation_id=conversation.id), 303)
    if conversation.state == State.CLOSED:
        return redirect(url_for("dossier.conversation", conversation_id=conversation.id), 303)
    return _page(conversation, Form(), Posted(), 200)


@closing.get("/live")
@requires(Right.GUIDE)
@polled
def live(conversation_id: int) -> Response:
    """What is new since the version the page has; see `guide.live`."""
    conversation = own_or_course_conversation(conversation_id)
    if conversation.state != State.STARTED or chair_changed(conversation):
        return Response(status=204, headers={"HX-Refresh": "true"})
    if request.args.get("version") == version(conversation):
        return Response(status=204)
    return _page(conversation, Form(), Posted(), 200)


@closing.post("/")
@requires(Right.GUIDE)
def close(conversation_id: int) -> Response:
    """Save what was written; close when asked to and every party has something. Twice is once."""
    conversation = conversation_in(frozenset({State.STARTED, State.CLOSED}), conversation_id)
    if conversation.state == State.CLOSED:
        return _closed_already(conversation)
    form, posted = write_form(conversation, _keys()), Posted()
    reasons = {
        seat.party: posted.text(f"reason-{seat.party.value}") for seat in _seats(conversation)
    }
    if not posted.errors:
        _keep_reasons(conversation, reasons)
    if form.errors or posted.errors:
        db.session.commit()
        return _page(conversation, form, posted, 422)
    if request.form.get("action") != "close":
        db.session.commit()
        return redirect(url_for("closing.page", conversation_id=conversation.id), 303)
    for seat in _seats(conversation):
        if not seat.agreements and not seat.reason:
            message = _(
                "%(who)s heeft nog geen afspraak. Maak er een, of schrijf op waarom niet.",
                who=words.the_party(seat.party),
            )
            posted.errors.append((f"reason-{seat.party.value}", message))
    if posted.errors:
        db.session.commit()
        return _page(conversation, form, posted, 422)
    if conversation.teacher is None or not conversation.teacher.active:
        conversation.teacher_id = visit().enrolment.id  # began with a substitute who left
    conversation.state, conversation.closed_at = State.CLOSED, now()
    record(conversation.id, Act.CLOSED)
    db.session.commit()
    return redirect(url_for("dossier.conversation", conversation_id=conversation.id), 303)


@closing.post("/participants")
@requires(Right.GUIDE)
def add_participant(conversation_id: int) -> Response:
    """Name somebody else as a party: present, or not."""
    conversation = conversation_under_way(conversation_id)
    posted = Posted()
    party = posted.choice("party", Party, required=_("Kies wie er nog meer bij hoort."))
    description = posted.text("description")
    if party not in {Party.WORKPLACE, Party.OTHER}:
        posted.errors.append(("party", _("Kies wie er nog meer bij hoort.")))
    if posted.errors or party is None:
        return _page(conversation, Form(), posted, 422)
    if stands_already(Participant, conversation, party=party, description=description):
        return redirect(url_for("closing.page", conversation_id=conversation.id), 303)
    db.session.add(
        Participant(
            conversation_id=conversation.id,
            party=party,
            description=description,
            present=posted.ticked("present"),
        )
    )
    db.session.commit()
    return redirect(url_for("closing.page", conversation_id=conversation.id), 303)


@closing.post("/participants/<int:participant_id>/remove")
@requires(Right.GUIDE)
def remove_participant(conversation_id: int, participant_id: int) -> Response:
    """Take a party away again."""
    conversation = conversation_under_way(conversation_id)
    participant = db.session.scalars(
        select(Participant).where(
            Participant.id == participant_id, Participant.conversation_id == conversation.id
        )
    ).one_or_none()
    if participant is None:
        raise NotFound("no_such_participant")
    db.session.delete(participant)
    if participant.party not in {one.party for one in _participants(conversation)}:
        _keep_reasons(conversation, {participant.party: ""})
    db.session.commit()
    return redirect(url_for("closing.page", conversation_id=conversation.id), 303)


@closing.post("/reopen")
@requires(Right.GUIDE)
def reopen(conversation_id: int) -> Response:
    """Take back a mistaken close, on the same school day."""
    conversation = conversation_in(frozenset({State.CLOSED}), conversation_id)
    if not may_reopen(conversation):
        raise Conflict("closed_on_an_earlier_day")
    conversation.state, conversation.closed_at = State.STARTED, None
    record(conversation.id, Act.REOPENED)
    db.session.commit()
    return redirect(url_for("closing.page", conversation_id=conversation.id), 303)


def _keys() -> list[str]:
    return (
        [f"evaluation.{key}" for key in EVALUATION]
        + [f"next.{name}" for name in NEXT]
        + ["note.afronding", "private.afronding"]
    )


def _participants(conversation: Conversation) -> list[Participant]:
    return list(
        db.session.scalars(
            select(Participant)
            .where(Participant.conversation_id == conversation.id)
            .order_by(Participant.id)
        )
    )


def _seats(conversation: Conversation) -> list[Seat]:
    """Pupil and teacher always, others when they are named; people of one party share a seat."""
    made, reasons = agreements_of(conversation), _reasons(conversation)
    named: dict[Party, list[str]] = {}
    for one in _participants(conversation):
        named.setdefault(one.party, []).append(one.description)
    parties = [Party.PUPIL, Party.TEACHER]
    parties += [one for one in (Party.WORKPLACE, Party.OTHER) if one in named]
    return [
        Seat(
            party=party,
            description=", ".join(filter(None, named.get(party, []))),
            agreements=len([one for one in made if one.party == party]),
            reason=reasons.get(party, ""),
        )
        for party in parties
    ]


def _reasons(conversation: Conversation) -> dict[Party, str]:
    rows = db.session.scalars(
        select(NoAgreement).where(NoAgreement.conversation_id == conversation.id)
    )
    return {one.party: one.reason for one in rows}


def _closed_already(conversation: Conversation) -> Response:
    """Go on to what became of it, as after a second tap; Conflict shows back what was not kept."""
    texts, reasons = read(conversation), _reasons(conversation)
    kept = {f"reason-{party.value}": reason for party, reason in reasons.items()}
    kept |= {key: view(conversation, key, texts, label="").text for key in _keys()}
    if any(text.strip() != kept.get(key, "").strip() for key, text in typed_text()):
        raise Conflict("not_in_this_state")
    return redirect(url_for("dossier.conversation", conversation_id=conversation.id), 303)


def _keep_reasons(conversation: Conversation, reasons: dict[Party, str]) -> None:
    db.session.execute(
        delete(NoAgreement).where(
            NoAgreement.conversation_id == conversation.id,
            NoAgreement.party.in_(list(reasons)),
        )
    )
    db.session.add_all(
        NoAgreement(conversation_id=conversation.id, party=party, reason=reason)
        for party, reason in reasons.items()
        if reason
    )
    db.session.flush()


def _page(conversation: Conversation, form: Form, posted: Posted, status: int) -> Response:
    content = instrument_now()
    screen = load_screen(conversation)
    if status == HTTPStatus.OK:
        record_view(conversation.id, *(one.id for one in screen.past.elsewhere))
    questions = content.question_by_key
    labels = {f"evaluation.{key}": questions[key].text for key in EVALUATION}
    name = conversation.pupil.given_name
    labels |= {
        "next.topic": _("Waar wil %(name)s het in het volgende gesprek over hebben?", name=name),
        "next.pupil": _("Wat bereidt %(name)s voor?", name=name),
        "next.teacher": _("Wat bereidt de mentor voor?"),
        "next.approach": _("Hoe pakken jullie het aan?"),
        "note.afronding": _("Aantekening van dit gesprek"),
        "private.afronding": _("Privé-aantekening"),
    }
    fields = {
        key: view(conversation, key, screen.texts, label=label, form=form)
        for key, label in labels.items()
    }
    page_ = render_template(
        "closing/page.html",
        conversation=conversation,
        version=version(conversation),
        asks=url_for("closing.live", conversation_id=conversation.id),
        screen=screen,
        content=content,
        remark=None if screen.pupil_chairs else remark_view(conversation, "afronding", form),
        phase=content.phase_by_key["afronding"],
        groups=navigation(screen, "afronding"),
        goals=goal_lines(screen),
        questions=shown_groups(screen, content.phase_by_key["afronding"]),
        fields=fields,
        evaluation=[f"evaluation.{key}" for key in EVALUATION],
        upcoming=[f"next.{one}" for one in NEXT],
        seats=_seats(conversation),
        participants=_participants(conversation),
        agreements=for_the_screen(conversation, agreements_of(conversation)),
        day_has_passed=day_has_passed,
        named=[one for one in screen.outcomes if one.kind == OutcomeKind.NAMED],
        doubts=[one for one in screen.outcomes if one.kind == OutcomeKind.DOUBT],
        pupil=name,
        posted=posted,
        errors=form.summary + posted.errors,
        words=words,
    )
    return make_response(page_, status)
