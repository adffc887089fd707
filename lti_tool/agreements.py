"""Small agreements, per party: made in the conversation, kept up until people settle them."""

from collections.abc import Sequence

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from lti_tool import words
from lti_tool.access import Right, requires, visit
from lti_tool.access_log import record_view
from lti_tool.agreement_form import (
    assignment_hint,
    builds_on_choices,
    fill,
    in_words,
    kinds,
    revision_of,
    values_of,
)
from lti_tool.conversations import (
    agreements_of,
    conversation_under_way,
    day_has_passed,
    for_the_screen,
    may_settle,
    readable_agreements,
)
from lti_tool.entries import read
from lti_tool.field_views import stale_message
from lti_tool.fields import LONGEST_TEXT
from lti_tool.forms import Posted
from lti_tool.guide.blueprint import chosen_question
from lti_tool.handover import of_this_pupil, readable_conversation
from lti_tool.history import history
from lti_tool.instrument_now import instrument_now
from lti_tool.models import (
    Agreement,
    AgreementKind,
    Conversation,
    Party,
    Role,
    Settled,
    State,
    db,
    now,
)
from lti_tool.numbers import whole_number
from lti_tool.records import own_or_course_conversation
from lti_tool.sent_again import stands_already

agreements = Blueprint(
    "agreements",
    __name__,
    url_prefix="/s/<session_id>/conversations/<int:conversation_id>/agreements",
)

LONG = 200
"""Characters of "what" from which we suggest to split."""


@agreements.get("/")
@requires(Right.ENTRY)
def page(conversation_id: int) -> str:
    """All agreements of this conversation, and what is still open from earlier ones."""
    conversation = own_or_course_conversation(conversation_id)
    past = history(conversation)
    record_view(conversation.id, *(one.id for one in past.elsewhere))
    return render_template(
        "agreements/page.html",
        conversation=conversation,
        own=for_the_screen(conversation, agreements_of(conversation)),
        earlier=past.open_agreements,
        course_of=past.course_of,
        may_settle=may_settle,
        may_edit=_may_edit,
        day_has_passed=day_has_passed,
        words=words,
        long=LONG,
    )


@agreements.get("/new")
@requires(Right.ENTRY)
def new(conversation_id: int) -> Response:
    """An empty form; the address may suggest party, kind and what it builds on."""
    conversation = conversation_under_way(conversation_id)
    party = request.args.get("party", "")
    kind = request.args.get("kind", "")
    blank = Agreement(
        conversation_id=conversation.id,
        party=Party(party) if party in set(Party) else Party.PUPIL,
        kind=AgreementKind(kind) if kind in set(AgreementKind) else AgreementKind.ACTION,
        what="",
    )
    blank.outcome_id = whole_number(request.args.get("outcome", ""))
    if request.args.get("phase") == "motieven" and blank.kind == AgreementKind.ACTION:
        blank.what = read(conversation).shared("motive.next")
    blank.evidence_wanted = blank.kind == AgreementKind.EVIDENCE
    return _form(conversation, blank, Posted(), 200)


@agreements.post("/new")
@requires(Right.ENTRY)
def add(conversation_id: int) -> Response:
    """Make the agreement."""
    conversation = conversation_under_way(conversation_id)
    made = Agreement(
        conversation_id=conversation.id, party=Party.PUPIL, kind=AgreementKind.ACTION, what=""
    )
    with db.session.no_autoflush:
        posted = fill(conversation, made)
        if posted.errors:
            return _form(conversation, made, posted, 422)
    same = {one: getattr(made, one) for one in ("party", "kind", "what", "due_on", "done_when")}
    with db.session.no_autoflush:
        if not stands_already(Agreement, conversation, **same):
            db.session.add(made)
    db.session.commit()
    return redirect(_made_at(conversation), 303)


@agreements.get("/<int:agreement_id>")
@requires(Right.ENTRY)
def edit(conversation_id: int, agreement_id: int) -> Response:
    """The form of one agreement."""
    conversation = conversation_under_way(conversation_id)
    return _form(conversation, _own(conversation, agreement_id), Posted(), 200)


@agreements.post("/<int:agreement_id>")
@requires(Right.ENTRY)
def save(conversation_id: int, agreement_id: int) -> Response:
    """Change or remove an agreement of the conversation that is going on."""
    conversation = conversation_under_way(conversation_id)
    agreement = _own(conversation, agreement_id, to_change=True)
    stood = values_of(agreement)
    stale = request.form.get("revision") != revision_of(stood)
    removes = request.form.get("action") == "remove"
    if removes and not stale:
        db.session.delete(agreement)
        db.session.commit()
        return _to_list(conversation)
    with db.session.no_autoflush:
        posted = fill(conversation, agreement)
        typed = values_of(agreement)
        differs = [one for one in stood if stale and stood[one] != typed[one]]
        if removes or differs:
            posted.errors.insert(0, (next(iter(differs), "what"), _stale_message()))
        if posted.errors:
            answer = _form(conversation, agreement, posted, 422, stood=stood, differs=differs)
            db.session.rollback()
            return answer
    db.session.commit()
    return _to_list(conversation)


@agreements.post("/<int:agreement_id>/settle")
@requires(Right.ENTRY)
def settle(conversation_id: int, agreement_id: int) -> Response:
    """Say how it stands: done, not done, dropped, or open again. By people, at any time."""
    conversation = readable_conversation(conversation_id)
    agreement, made_in = _reachable(conversation, agreement_id)
    posted = _add_evidence(agreement)
    if posted.errors:
        return _evidence_page(conversation, agreement, posted)
    chosen = request.form.get("settled", "")
    if chosen in set(Settled):
        agreement.settled, agreement.settled_at = Settled(chosen), now()
        is_pupil = visit().role is Role.PUPIL
        agreement.settled_by_id = made_in.pupil_id if is_pupil else visit().enrolment.id
    elif chosen == "open":
        agreement.settled = agreement.settled_at = agreement.settled_by_id = None
    db.session.commit()
    return _back(conversation)


@agreements.post("/<int:agreement_id>/steps/<int:step_id>")
@requires(Right.ENTRY)
def tick_step(conversation_id: int, agreement_id: int, step_id: int) -> Response:
    """Tick a step, or take the tick away, as the form says: a double click changes nothing."""
    conversation = readable_conversation(conversation_id)
    agreement, _made_in = _reachable(conversation, agreement_id)
    step = next((one for one in agreement.steps if one.id == step_id), None)
    if step is None:
        raise NotFound("no_such_step")
    step.done_at = (step.done_at or now()) if Posted().ticked("done") else None
    db.session.commit()
    return _back(conversation)


def _add_evidence(agreement: Agreement) -> Posted:
    """Take over what was typed; beside it what somebody else wrote since the form was shown.

    The form always carries the evidence, so what nobody changed there is not judged either.
    """
    posted, stands = Posted(), agreement.evidence
    typed = request.form.get("evidence", "").strip()
    seen = request.form.get("evidence_seen", "").strip()
    if "evidence" not in request.form or typed in {seen, stands}:
        return posted
    posted.text("evidence")
    both = typed if stands == seen else f"{stands}\n{typed}".strip()
    if len(both) > LONGEST_TEXT and not posted.errors:
        posted.errors.append(("evidence", stale_message()))
    if not posted.errors:
        agreement.evidence = both
    return posted


def _evidence_page(conversation: Conversation, agreement: Agreement, posted: Posted) -> Response:
    """What does not fit, beside what stands there; a page of its own, as several hold that form."""
    page_ = render_template(
        "agreements/evidence.html",
        conversation=conversation,
        agreement=agreement,
        back_url=_back_url(conversation),
        posted=posted,
        errors=posted.errors,
    )
    return make_response(page_, 422)


def _may_edit(conversation: Conversation, agreement: Agreement) -> bool:
    return conversation.state == State.STARTED and may_settle(agreement)


def _own(conversation: Conversation, agreement_id: int, *, to_change: bool = False) -> Agreement:
    query = select(Agreement).where(
        Agreement.id == agreement_id, Agreement.conversation_id == conversation.id
    )
    if to_change:  # one by one: what stands there is compared first
        query = query.with_for_update(of=Agreement)
    agreement = db.session.scalars(query).one_or_none()
    if agreement is None or not may_settle(agreement):
        raise NotFound("no_such_agreement")
    return agreement


def _reachable(conversation: Conversation, agreement_id: int) -> tuple[Agreement, Conversation]:
    """An agreement of this pupil that is read here, and the conversation it was made in."""
    found = (
        db.session.execute(
            select(Agreement, Conversation)
            .join(Conversation, Conversation.id == Agreement.conversation_id)
            .join(Conversation.round)
            .join(Conversation.pupil)
            .where(
                Agreement.id == agreement_id,
                of_this_pupil(conversation.pupil),
                readable_agreements(),
            )
        )
        .tuples()
        .one_or_none()
    )
    if found is None or not may_settle(found[0]):
        raise NotFound("no_such_agreement")
    return found


def _form(  # noqa: PLR0913  # the last two are for one that was changed elsewhere
    conversation: Conversation,
    agreement: Agreement,
    posted: Posted,
    status: int,
    *,
    stood: dict[str, str] | None = None,
    differs: Sequence[str] = (),
) -> Response:
    """The form as filled in; under the fields that `differs` names, what `stood` says of them."""
    stood = stood or values_of(agreement)
    builds_on = builds_on_choices(conversation, agreement)
    due_on = request.form.get("due_on")
    if due_on is None:
        due_on = agreement.due_on.isoformat() if agreement.due_on else ""
    page_ = render_template(
        "agreements/form.html",
        conversation=conversation,
        agreement=agreement,
        back=_made_at(conversation),
        due_on=due_on,
        steps="\n".join(step.text for step in agreement.steps),
        parties=[(one.value, words.party(one)) for one in Party],
        kinds=[(one.value, words.agreement_kind(one)) for one in kinds(agreement.kind)],
        informers=[(one.value, words.party(one)) for one in (Party.PUPIL, Party.TEACHER)],
        builds_on=builds_on,
        revision=revision_of(stood),
        stands={one: in_words(one, stood[one], dict(builds_on)) for one in differs},
        assignment_hint=assignment_hint(agreement),
        posted=posted,
        errors=posted.errors,
    )
    return make_response(page_, status)


def _stale_message() -> str:
    return _(
        "Deze afspraak is intussen ergens anders veranderd. Onder elk veld dat anders is, zie je "
        "wat er nu staat. Maak er één van en sla opnieuw op."
    )


def _made_at(conversation: Conversation) -> str:
    """Where the form was opened and one goes on: a phase (`?phase=`), or else the list.

    The form posts to its own address, so a refused one still knows.
    """
    phase_key = request.args.get("phase", "")
    if visit().role is not Role.TEACHER or phase_key not in instrument_now().phase_by_key:
        return _list_url(conversation)
    if phase_key == "afronding":
        return url_for("closing.page", conversation_id=conversation.id, _anchor="agreements")
    return url_for(
        "guide.phase",
        conversation_id=conversation.id,
        phase_key=phase_key,
        q=chosen_question() or None,
        _anchor="outcomes",
    )


def _list_url(conversation: Conversation) -> str:
    return url_for("agreements.page", conversation_id=conversation.id)


def _to_list(conversation: Conversation) -> Response:
    return redirect(_list_url(conversation), 303)


def _back(conversation: Conversation) -> Response:
    return redirect(_back_url(conversation), 303)


def _back_url(conversation: Conversation) -> str:
    """The page that asked."""
    if request.form.get("back") == "mine" and visit().role is Role.PUPIL:
        return url_for("dossier.my_conversations")
    if request.form.get("back") == "dossier":
        return url_for("dossier.conversation", conversation_id=conversation.id)
    return _list_url(conversation)
