"""The teacher's preparation of one conversation (T1–T7, F6, F7)."""

from http import HTTPStatus

from flask import Blueprint, jsonify, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select, update
from werkzeug.exceptions import BadRequest, Conflict
from werkzeug.wrappers import Response

from lti_tool import next_steps, words
from lti_tool.access import Right, requires, visit
from lti_tool.access_log import record, record_view
from lti_tool.conversations import conversation_in, conversation_to_change, ensure_preparation
from lti_tool.entries import Texts, read, share
from lti_tool.field_views import Form, view, write_form
from lti_tool.fields import drafts_of
from lti_tool.form_questions import answers
from lti_tool.forms import Posted
from lti_tool.history import history
from lti_tool.instrument_now import instrument_now
from lti_tool.models import (
    BEFORE_START,
    Act,
    Conversation,
    Entry,
    MustAnswer,
    Preparation,
    Purpose,
    Scope,
    State,
    Visibility,
    db,
    now,
)
from lti_tool.must_answer import add_question, must_answer_of, pickable, remove_question
from lti_tool.planning.bookings import plan_by_hand
from lti_tool.records import own_or_course_conversation
from lti_tool.times import clock

teacher_preparation = Blueprint(
    "teacher_preparation",
    __name__,
    url_prefix="/s/<session_id>/conversations/<int:conversation_id>/prepare",
)

SHARED_KEYS = ("prep.vb-v01", "prep.vb-v02", "prep.intended-result", "prep.lookup")
KEYS = (*SHARED_KEYS, "private.lookup")
PUT_OFF = {"postpone": State.POSTPONED, "absent": State.ABSENT, "plan": State.PLANNED}


@teacher_preparation.get("/")
@requires(Right.PREPARATION)
def page(conversation_id: int) -> Response:
    """Show the preparation; once the conversation began, there is only the guide."""
    conversation = own_or_course_conversation(conversation_id)
    if conversation.state not in BEFORE_START:
        return redirect(url_for("dossier.conversation", conversation_id=conversation.id), 303)
    return _page(conversation, Form(), Posted(), 200)


@teacher_preparation.post("/")
@requires(Right.PREPARATION)
def save(conversation_id: int) -> Response:
    """Save everything; `action` may share it, add a question or take one away."""
    conversation = conversation_to_change(conversation_id)
    form = write_form(conversation, KEYS)
    if conversation.state not in BEFORE_START:
        if not form.errors:
            raise Conflict("already_started")
        return _page(conversation, form, Posted(), 409)
    posted = Posted()
    preparation = ensure_preparation(conversation.id, visit().enrolment.id)
    _choose(conversation, posted)
    _tick_read_back(preparation, posted)
    action = request.form.get("action", "")
    if action == "add-question":
        add_question(conversation, posted)
    elif action.startswith("remove-"):
        remove_question(conversation, action.removeprefix("remove-"))
    elif action.startswith(next_steps.DONE):
        next_steps.tick(conversation, action)
    elif action == "share" and not form.errors:
        _share(conversation, preparation)
    db.session.commit()
    if form.errors or posted.errors:
        return _page(conversation, form, posted, 422)
    # Without a place of its own the browser would return to the place of the action before.
    about_questions = action == "add-question" or action.startswith("remove-")
    anchor = "must-answer" if about_questions else "main"
    address = url_for("teacher_preparation.page", conversation_id=conversation.id, _anchor=anchor)
    return redirect(address, 303)


@teacher_preparation.post("/choices")
@requires(Right.PREPARATION)
def choose(conversation_id: int) -> Response:
    """Keep one choice the moment it is made; the script in the page asks."""
    conversation = conversation_in(BEFORE_START, conversation_id)
    posted = Posted()
    _choose(conversation, posted)
    if posted.errors:
        raise BadRequest("no_such_choice")
    if "read_back" in request.form:
        _tick_read_back(ensure_preparation(conversation.id, visit().enrolment.id), posted)
    db.session.commit()
    return jsonify(saved_at=clock(now()))


@teacher_preparation.post("/put-off")
@requires(Right.PREPARATION)
def put_off(conversation_id: int) -> Response:
    """Put the conversation off (with a new day or without), mark absent, or plan it again."""
    conversation = own_or_course_conversation(conversation_id)  # `plan_by_hand` takes the lock
    if conversation.state not in BEFORE_START:
        raise Conflict("already_started")
    posted = Posted()
    planned_for = posted.day("planned_for")
    becomes = PUT_OFF.get(request.form.get("action", ""))
    if becomes is None:
        posted.errors.append(("planned_for", _("Kies uitstellen, afwezig of gewoon plannen.")))
    if becomes is None or posted.errors:
        return _page(conversation, Form(), posted, 422)
    if not plan_by_hand(conversation, becomes, planned_for):
        raise Conflict("already_started")
    record(conversation.id, Act.CHANGED)
    db.session.commit()
    return redirect(url_for("course.round_page", round_id=conversation.round_id), 303)


def _choose(conversation: Conversation, posted: Posted) -> None:
    """Take over what the conversation is for (T2, T3); what is not posted stays."""
    conversation.purpose = posted.choice("purpose", Purpose) or conversation.purpose
    conversation.scope = posted.choice("scope", Scope) or conversation.scope


def _tick_read_back(preparation: Preparation, posted: Posted) -> None:
    ticked = posted.ticked("read_back")
    preparation.read_back_at = (preparation.read_back_at or now()) if ticked else None


def _share(conversation: Conversation, preparation: Preparation) -> None:
    share(conversation, drafts_of(visit().role))
    db.session.execute(
        update(MustAnswer)
        .where(
            MustAnswer.conversation_id == conversation.id,
            MustAnswer.owner_id == visit().enrolment.id,
        )
        .values(visibility=Visibility.SHARED)
    )
    preparation.shared_at = now()
    record(conversation.id, Act.SENT)


def _page(conversation: Conversation, form: Form, posted: Posted, status: int) -> Response:
    content, texts, past = instrument_now(), read(conversation), history(conversation)
    if status == HTTPStatus.OK:
        record_view(conversation.id, *(one.id for one in past.elsewhere))
    own = db.session.scalars(
        select(Preparation).where(
            Preparation.conversation_id == conversation.id,
            Preparation.owner_id.in_([visit().enrolment.id, conversation.pupil_id]),
        )
    ).all()
    mine = next((one for one in own if one.owner_id == visit().enrolment.id), None)
    pupils = next((one for one in own if one.owner_id == conversation.pupil_id), None)
    labels = {
        "prep.vb-v01": _("Wat is voor jou het doel van het gesprek?"),
        "prep.vb-v02": _("Waar wil jij dat het gesprek in ieder geval over gaat?"),
        "prep.intended-result": _("Wat moet het gesprek opleveren?"),
        "prep.lookup": _("Wat zocht je op om te delen?"),
        "private.lookup": _("Wat zocht je op voor jezelf?"),
    }
    must_answer = must_answer_of(conversation)
    changed = mine is not None and mine.shared_at is not None and _changed(texts, must_answer)
    page_ = render_template(
        "teacher_preparation/page.html",
        conversation=conversation,
        content=content,
        past=past,
        steps=next_steps.open_steps(conversation),
        private_notes=_private_notes(past.previous),
        fields={
            key: view(conversation, key, texts, label=label, form=form)
            for key, label in labels.items()
        },
        answers=answers(conversation.round, texts.shared),
        sent_at=pupils.shared_at if pupils else None,
        ready_at=mine.shared_at if mine else None,
        changed=changed,
        read_back=mine is not None and mine.read_back_at is not None,
        must_answer=must_answer,
        bank=pickable(conversation),
        purposes=[(one.value, words.purpose(one)) for one in Purpose],
        scopes=[(one.value, words.scope(one)) for one in Scope],
        pupil=conversation.pupil,
        planned_for=request.form.get(
            "planned_for", conversation.planned_for.isoformat() if conversation.planned_for else ""
        ),
        posted=posted,
        errors=form.summary + posted.errors,
        words=words,
    )
    return make_response(page_, status)


def _changed(texts: Texts, must_answer: list[MustAnswer]) -> bool:
    mine = visit().enrolment.id
    return any(one.visibility == Visibility.TEACHER_DRAFT for one in must_answer) or any(
        texts.own(key, Visibility.TEACHER_DRAFT) != texts.shared(key, mine) for key in SHARED_KEYS
    )


def _private_notes(previous: Conversation | None) -> list[tuple[str, str]]:
    """This teacher's own notes of the previous conversation, by phase."""
    if previous is None:
        return []
    rows = db.session.scalars(
        select(Entry).where(
            Entry.conversation_id == previous.id,
            Entry.owner_id == visit().enrolment.id,
            Entry.visibility == Visibility.TEACHER_PUPIL,
        )
    )
    notes = {one.key.removeprefix("private."): one.text for one in rows if one.text}
    titles = {phase.key: phase.title for phase in instrument_now().phases}
    return [(titles.get(key, _("Opgezocht")), text) for key, text in notes.items()]
