"""Starting a conversation, and the screens of the guide."""

from http import HTTPStatus

from flask import make_response, redirect, render_template, request, url_for
from sqlalchemy import delete, select, update
from werkzeug.exceptions import Conflict
from werkzeug.wrappers import Response

from lti_tool import words
from lti_tool.access import Right, polled, requires, visit
from lti_tool.access_log import record, record_view
from lti_tool.conversations import conversation_under_way, may_take_back
from lti_tool.entries import share
from lti_tool.field_views import Form, write_form
from lti_tool.fields import drafts_of
from lti_tool.form_questions import answers
from lti_tool.forms import Posted
from lti_tool.guide.blueprint import back_to, chosen_question, guide, known_phase
from lti_tool.guide.groups import probe, shown_groups
from lti_tool.guide.one_by_one import one_by_one
from lti_tool.guide.page import (
    REFLECTION,
    Screen,
    field_views,
    goal_lines,
    load_screen,
    navigation,
    phase_fields,
    remark_view,
)
from lti_tool.instrument_now import instrument_now
from lti_tool.live import chair_changed, version
from lti_tool.models import (
    BEFORE_START,
    Act,
    AgreementKind,
    Chair,
    Conversation,
    Entry,
    GoalOwner,
    Preparation,
    QuestionMark,
    Role,
    State,
    Visibility,
    db,
    now,
)
from lti_tool.records import own_or_course_conversation


@guide.post("/start")
@requires(Right.GUIDE)
def start(conversation_id: int) -> Response:
    """Begin the conversation: preparations are closed from now on. Twice is once.

    Both tell their goals at the start (vb-p3), so what this mentor prepared is shared now.
    """
    conversation = own_or_course_conversation(conversation_id)
    if conversation.state == State.CLOSED:
        return redirect(url_for("dossier.conversation", conversation_id=conversation.id), 303)
    begun = db.session.scalar(
        update(Conversation)
        .where(Conversation.id == conversation.id, Conversation.state.in_(BEFORE_START))
        .values(state=State.STARTED, started_at=now(), teacher_id=visit().enrolment.id)
        .returning(Conversation.id)
        .execution_options(synchronize_session=False)
    )
    if begun is not None:  # else a colleague was first, and shares what they prepared
        share(conversation, drafts_of(Role.TEACHER))
        record(conversation.id, Act.STARTED)
        db.session.commit()
    return back_to(conversation, "doel")


@guide.post("/take-back")
@requires(Right.GUIDE)
def take_back(conversation_id: int) -> Response:
    """Say that it did not begin after all: both may prepare again, and nothing is thrown away.

    What beginning shared of a preparation its writer had not shared yet is a draft alone again.
    """
    conversation = conversation_under_way(conversation_id)
    if not may_take_back(conversation):
        raise Conflict("something_was_recorded")
    shared_by = select(Preparation.owner_id).where(
        Preparation.conversation_id == conversation.id, Preparation.shared_at.is_not(None)
    )
    db.session.execute(
        delete(Entry).where(
            Entry.conversation_id == conversation.id,
            Entry.owner_id == conversation.teacher_id,
            Entry.owner_id.not_in(shared_by),
            Entry.key.in_([one.key for one in drafts_of(Role.TEACHER)]),
            Entry.visibility == Visibility.SHARED,
        )
    )
    conversation.state, conversation.started_at = State.PLANNED, None
    conversation.teacher_id, conversation.chair = None, Chair.TEACHER
    db.session.execute(
        update(QuestionMark)
        .where(QuestionMark.conversation_id == conversation.id)
        .values(verdict=None)
    )
    record(conversation.id, Act.CHANGED)
    db.session.commit()
    return redirect(url_for("teacher_preparation.page", conversation_id=conversation.id), 303)


@guide.get("/<phase_key>")
@requires(Right.GUIDE)
def phase(conversation_id: int, phase_key: str) -> Response:
    """Show one phase."""
    conversation = own_or_course_conversation(conversation_id)
    shown = known_phase(phase_key)
    if conversation.state in BEFORE_START:
        return redirect(url_for("teacher_preparation.page", conversation_id=conversation.id), 303)
    if shown.key == "afronding":
        return redirect(url_for("closing.page", conversation_id=conversation.id), 303)
    return screen_page(conversation, phase_key, Form(), Posted(), 200)


@guide.get("/<phase_key>/live")
@requires(Right.GUIDE)
@polled
def live(conversation_id: int, phase_key: str) -> Response:
    """What is new since the version the screen has: nothing (204), or the screen once more.

    The script takes the parts out that changed, and leaves alone what somebody is busy in.
    """
    conversation = own_or_course_conversation(conversation_id)
    shown = known_phase(phase_key)
    if conversation.state in BEFORE_START or chair_changed(conversation):
        return Response(status=204, headers={"HX-Refresh": "true"})
    if request.args.get("version") == version(conversation):
        return Response(status=204)
    return screen_page(conversation, shown.key, Form(), Posted(), 200)


@guide.post("/<phase_key>")
@requires(Right.GUIDE)
def save(conversation_id: int, phase_key: str) -> Response:
    """Save the written fields of a screen (without JavaScript they do not save themselves)."""
    conversation = own_or_course_conversation(conversation_id)
    shown = known_phase(phase_key)
    form = write_form(conversation, [key for key, _label, _hint in phase_fields(shown)])
    db.session.commit()
    if form.errors:
        status = 422 if conversation.state == State.STARTED else 409
        return screen_page(conversation, phase_key, form, Posted(), status)
    if request.form.get("action") == "agreement":
        address = url_for(
            "agreements.new",
            conversation_id=conversation.id,
            kind=AgreementKind.ACTION.value,
            phase=phase_key,
        )
        return redirect(address, 303)
    return back_to(conversation, phase_key, "fields")


@guide.post("/chair")
@requires(Right.GUIDE)
def choose_chair(conversation_id: int) -> Response:
    """Say who leads (af-p1); when the pupil does, the screen shows nothing private."""
    conversation = conversation_under_way(conversation_id)
    posted = Posted()
    chair = posted.choice("chair", Chair)
    if chair is not None:
        conversation.chair = chair
    db.session.commit()
    return back_to(conversation, request.form.get("phase", "doel"), "chair")


def screen_page(
    conversation: Conversation, phase_key: str, form: Form, posted: Posted, status: int
) -> Response:
    """Render a phase; `form` and `posted` carry what was refused."""
    content = instrument_now()
    shown = content.phase_by_key[phase_key]
    screen = load_screen(conversation)
    if status == HTTPStatus.OK:
        record_view(conversation.id, *(one.id for one in screen.past.elsewhere))
    position = content.phases.index(shown)
    groups = shown_groups(screen, shown)
    page = render_template(
        f"guide/{phase_key if phase_key in SPECIAL else 'phase'}.html",
        conversation=conversation,
        version=version(conversation),
        asks=url_for("guide.live", conversation_id=conversation.id, phase_key=shown.key),
        screen=screen,
        phase=shown,
        content=content,
        groups=navigation(screen, phase_key),
        goals=goal_lines(screen),
        answers=answers(conversation.round, screen.texts.shared),
        fields=field_views(screen, shown, form),
        questions=groups,
        one=one_by_one(groups, chosen_question()) if visit().person.guide_one_by_one else None,
        probe=probe(shown),
        remark=None if screen.pupil_chairs else remark_view(conversation, phase_key, form),
        posted=posted,
        errors=form.summary + posted.errors,
        previous=content.phases[position - 1] if position else None,
        following=content.phases[position + 1] if position + 1 < len(content.phases) else None,
        pupil=conversation.pupil.given_name,
        words=words,
        owners=[(one.value, words.goal_owner(one)) for one in GoalOwner],
        repeats=phase_key in REFLECTION,
        prefilled=_prefilled(screen),
        may_take_back=phase_key in FIRST and may_take_back(conversation),
    )
    return make_response(page, status)


FIRST = frozenset({"voorbereiding", "doel"})
"""Where somebody is who began by mistake."""
SPECIAL = frozenset({"voorbereiding", "doel", "ervaring", "afronding", "reflectie"})


def _prefilled(screen: Screen) -> tuple[str, str]:
    """Text and owner for the goal form: what was typed, or what people chose to take over."""
    if "goal" in request.form:
        return request.form["goal"], request.form.get("owner", "")
    source = request.args.get("from", "")
    if source == "pupil":
        return screen.texts.shared("prep.vb-v01"), GoalOwner.PUPIL
    if source == "teacher":
        return "\n".join(screen.texts.shared_by_teachers("prep.vb-v01")), GoalOwner.TEACHER
    return "", ""
