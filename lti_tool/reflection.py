"""Looking back alone, by the teacher who held a conversation (R1-R4): private and skippable.

During the conversation and after it. The guide writes only while it goes on, so this has routes
of its own.
"""

from flask import (
    Blueprint,
    Response,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from werkzeug.exceptions import BadRequest, NotFound
from werkzeug.wrappers import Response as AnyResponse

from lti_tool import next_steps
from lti_tool.access import Right, requires, visit
from lti_tool.access_log import record_view
from lti_tool.asked_questions import (
    REMARK,
    asked_questions,
    marks_of,
    own_questions_since,
)
from lti_tool.autosave import autosave_answer
from lti_tool.conversations import pupil_chairs
from lti_tool.entries import read
from lti_tool.field_views import Form, posted_revision, view, write_form
from lti_tool.forms import Posted
from lti_tool.instrument_now import instrument_now
from lti_tool.models import (
    Conversation,
    NextStep,
    QuestionRemark,
    State,
    Verdict,
    db,
    now,
)
from lti_tool.question_bank import add_own
from lti_tool.records import own_or_course_conversation
from lti_tool.revisions import write_text
from lti_tool.tally import count_verdicts
from lti_tool.times import clock

reflection = Blueprint(
    "reflection",
    __name__,
    url_prefix="/s/<session_id>/conversations/<int:conversation_id>/reflection",
)

TEXT = "private.reflectie"
VERDICT = "verdict."
"""Prefix of the form field of a question's verdict."""
NO_OPINION = "none"


@reflection.get("/")
@requires(Right.REFLECTION)
def page(conversation_id: int) -> AnyResponse:
    """Show it; not on a screen the pupil looks along at."""
    conversation = _held_by_me(conversation_id)
    if pupil_chairs(conversation):
        guide = url_for("guide.phase", conversation_id=conversation.id, phase_key="reflectie")
        return redirect(guide, 303)
    record_view(conversation.id)
    return _page(conversation, Form(), Posted(), 200)


@reflection.post("/")
@requires(Right.REFLECTION)
def save(conversation_id: int) -> AnyResponse:
    """Save everything; `action` may add a step or a question, tick a step, or finish."""
    conversation = _held_by_me(conversation_id)
    form, posted = write_form(conversation, [TEXT]), Posted()
    action = request.form.get("action", "")
    _judge(conversation, posted)
    _write_remarks(conversation, form)
    _add_step(conversation, posted)
    _add_question(posted)
    next_steps.tick(conversation, action)
    refused = bool(form.errors or posted.errors)
    finished = action in {"done", "skip"} and conversation.state == State.CLOSED and not refused
    if finished:
        conversation.reflected_at = conversation.reflected_at or now()
        db.session.flush()
        count_verdicts(conversation, visit().person.id)
    db.session.commit()
    if refused:
        return _page(conversation, form, posted, 422)
    if action == "skip":
        return redirect(url_for("course.round_page", round_id=conversation.round_id), 303)
    section = "steps" if action.startswith(("add-step", "step-")) else None
    section = "new-question" if action == "add-question" else section
    here = url_for("reflection.page", conversation_id=conversation.id, _anchor=section)
    return redirect(here, 303)


@reflection.post("/verdicts")
@requires(Right.REFLECTION)
def choose(conversation_id: int) -> Response:
    """Keep one verdict the moment it is chosen; the script in the page asks."""
    conversation = _held_by_me(conversation_id)
    posted = Posted()
    _judge(conversation, posted)
    if posted.errors:
        raise BadRequest("no_such_choice")
    db.session.commit()
    return jsonify(saved_at=clock(now()))


@reflection.post("/remarks/<question_key>")
@requires(Right.REFLECTION)
def save_remark(conversation_id: int, question_key: str) -> Response:
    """Save the remark at one question; it goes with the question, not with the conversation."""
    conversation = _held_by_me(conversation_id)
    key = REMARK + question_key
    if key not in request.form or question_key not in _asked_keys(conversation):
        raise NotFound("no_such_question")
    return autosave_answer(lambda: _write_remark(question_key, request.form[key]))


def _held_by_me(conversation_id: int) -> Conversation:
    """A conversation this teacher holds or held: nobody else looks back on it."""
    conversation = own_or_course_conversation(conversation_id)
    if conversation.teacher_id != visit().enrolment.id:
        raise NotFound("not_your_record")
    return conversation


def _asked_keys(conversation: Conversation) -> set[str]:
    return {one.question_key for one in marks_of(conversation)}


def _judge(conversation: Conversation, posted: Posted) -> None:
    """Take over the verdicts of the form; what is counted already stays as it is."""
    for mark in marks_of(conversation):
        name = VERDICT + mark.question_key
        if mark.counted or name not in request.form:
            continue
        if request.form[name] == NO_OPINION:
            mark.verdict = None
        else:
            mark.verdict = posted.choice(name, Verdict) or mark.verdict


def _write_remarks(conversation: Conversation, form: Form) -> None:
    for key in sorted(_asked_keys(conversation)):
        text = request.form.get(REMARK + key)
        if text is not None:
            with form.refusing(REMARK + key, text):
                _write_remark(key, text)


def _write_remark(question_key: str, text: str) -> QuestionRemark:
    place = {"person_id": visit().person.id, "question_key": question_key}
    return write_text(QuestionRemark, place, text, posted_revision(REMARK + question_key))


def _add_step(conversation: Conversation, posted: Posted) -> None:
    """A next step with the day it is meant for (R2)."""
    before = len(posted.errors)
    asked = request.form.get("action") == "add-step" or request.form.get("step_due", "").strip()
    text = posted.text("step", required=_("Schrijf op wat je je voorneemt.") if asked else "")
    due_on = posted.day("step_due")
    if not text or len(posted.errors) > before:
        return
    db.session.add(
        NextStep(
            conversation_id=conversation.id,
            owner_id=visit().enrolment.id,
            text=text,
            due_on=due_on,
        )
    )


def _add_question(posted: Posted) -> None:
    """A new question straight to its group (R4)."""
    before = len(posted.errors)
    asked = request.form.get("action") == "add-question"
    text = posted.text("question", required=_("Schrijf je vraag op.") if asked else "")
    place = dict(_places()).get(request.form.get("place", ""))
    if text and place is None:
        posted.errors.append(("place", _("Kies waar je vraag bij hoort.")))
    if not text or len(posted.errors) > before:
        return
    phase_key, _slash, group_key = request.form["place"].partition("/")
    add_own(instrument_now().phase_by_key[phase_key], group_key, text)


def _places() -> list[tuple[str, str]]:
    """Every group of every phase, for a select."""
    return [
        (f"{phase.key}/{group.key}", f"{phase.number}. {phase.title}: {group.title}")
        for phase in instrument_now().phases
        for group in phase.groups
    ]


def _page(conversation: Conversation, form: Form, posted: Posted, status: int) -> AnyResponse:
    places = dict(_places())
    lines = instrument_now().phase_by_key["reflectie"].derived_questions
    here = next_steps.steps_of(conversation)
    page_ = render_template(
        "reflection/page.html",
        conversation=conversation,
        pupil=conversation.pupil.given_name,
        to_think_of={one.key: one.text for one in lines},
        text=view(
            conversation,
            TEXT,
            read(conversation),
            label=_("Hoe ging het, van jouw kant?"),
            form=form,
        ),
        asked=asked_questions(conversation, form),
        verdicts=[
            (Verdict.WORKED.value, _("Werkte")),
            (Verdict.DID_NOT_WORK.value, _("Werkte niet")),
            (NO_OPINION, _("Geen oordeel")),
        ],
        no_opinion=NO_OPINION,
        added=[
            (one.text, places.get(f"{one.phase_key}/{one.group_key}", ""))
            for one in own_questions_since(conversation)
        ],
        places=list(places.items()),
        steps=here,
        earlier_steps=[one for one in next_steps.open_steps(conversation) if one not in here],
        posted=posted,
        errors=form.summary + posted.errors,
    )
    return make_response(page_, status)
