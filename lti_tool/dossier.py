"""What was said and agreed, to read back: one conversation, and a pupil's own list.

Only what is shared, for pupil and teacher alike.
"""

from dataclasses import replace

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response

from lti_tool import words
from lti_tool.access import Right, polled, requires, visit
from lti_tool.access_log import record_view
from lti_tool.asked_then import asked_then
from lti_tool.conversations import (
    agreements_of,
    for_the_screen,
    may_reopen,
    may_settle,
    may_take_back,
)
from lti_tool.corrected import corrections_of, label_of
from lti_tool.entries import Texts, read
from lti_tool.field_views import FieldView, Form, view, write_form
from lti_tool.fields import EVALUATION, MY_VIEW, NEXT
from lti_tool.form_questions import answers
from lti_tool.handover import (
    is_elsewhere,
    passed_on_here,
    read_along_in,
    readable_conversation,
    school_passes_on,
)
from lti_tool.history import History, history, history_of
from lti_tool.instrument_now import instrument_now
from lti_tool.live import version
from lti_tool.models import (
    BEFORE_START,
    Agreement,
    Conversation,
    Enrolment,
    MustAnswer,
    NoAgreement,
    Party,
    Preparation,
    Role,
    State,
    Visibility,
    db,
    this_school_year,
)
from lti_tool.planning.lists import standings
from lti_tool.records import own_or_course_conversation
from lti_tool.told import Told

dossier = Blueprint("dossier", __name__, url_prefix="/s/<session_id>")

OWN_QUESTION = "own-question.text"
OPEN_KEYS = (
    *(f"evaluation.{key}" for key in EVALUATION),
    *(f"next.{name}" for name in NEXT),
    OWN_QUESTION,
)
"""What a pupil writes on an own device, and a teacher after closing."""


@dossier.get("/conversations/<int:conversation_id>/")
@requires(Right.ENTRY)
def conversation(conversation_id: int) -> Response:
    """One conversation: prepared, going on, or held."""
    found = readable_conversation(conversation_id)
    record_view(found.id)
    return _page(found, Form(), 200)


@dossier.post("/conversations/<int:conversation_id>/")
@requires(Right.ENTRY)
def answer(conversation_id: int) -> Response:
    """Save evaluation and next topic (G40, V4) or "mijn kijk hierop", from the pupil's device."""
    found = own_or_course_conversation(conversation_id)
    form = write_form(found, (*OPEN_KEYS, MY_VIEW))
    db.session.commit()
    if form.errors:
        return _page(found, form, 422)
    section = "my-view" if MY_VIEW in request.form else "answers"
    address = url_for("dossier.conversation", conversation_id=found.id, _anchor=section)
    return redirect(address, 303)


@dossier.get("/conversations/<int:conversation_id>/live")
@requires(Right.ENTRY)
@polled
def live(conversation_id: int) -> Response:
    """What is new while they talk (G41): nothing (304, or 204 for the script) or the live part.

    Nothing of ours is stored by a browser, so the page's own script names its version itself.
    """
    found = own_or_course_conversation(conversation_id)
    mark = version(found)
    if request.args.get("version") == mark:
        return Response(status=204)
    if mark in request.if_none_match:
        unchanged = Response(status=304)
        unchanged.set_etag(mark)
        return unchanged
    part = render_template("dossier/live.html", fragment=True, **_shared(found, mark))
    page = make_response(part)
    page.set_etag(mark)
    return page


@dossier.get("/mine")
@requires(Right.OWN_CONVERSATIONS)
def my_conversations() -> str:
    """A pupil's own conversations by school year, of other courses too, and open agreements."""
    rows = db.session.scalars(
        select(Conversation)
        .where(Conversation.pupil_id == visit().enrolment.id)
        .options(joinedload(Conversation.round))
        .order_by(Conversation.id.desc())
    ).all()
    past = history_of(visit().enrolment)
    return render_template(
        "dossier/mine.html",
        conversations=rows,
        present=[one for one in rows if one.round.school_year >= this_school_year()],
        earlier=[one for one in rows if one.round.school_year < this_school_year()],
        elsewhere=past.elsewhere,
        school_passes_on=school_passes_on(),
        passed_on=passed_on_here() if past.elsewhere else set(),
        before_start=BEFORE_START,
        standings=standings([one for one in rows if one.state in BEFORE_START]),
        any_closed=bool(past),
        agreements=past.open_agreements_of(Party.PUPIL),
        course_of=past.course_of,
        may_settle=may_settle,
        words=words,
    )


def _page(found: Conversation, form: Form, status: int) -> Response:
    texts, mark = read(found), version(found)
    is_pupil = visit().role is Role.PUPIL
    ready = db.session.scalar(
        select(Preparation.id).where(
            Preparation.conversation_id == found.id,
            Preparation.owner_id != found.pupil_id,
            Preparation.shared_at.is_not(None),
        )
    )
    must_answer = db.session.scalars(
        select(MustAnswer).where(
            MustAnswer.conversation_id == found.id, MustAnswer.visibility == Visibility.SHARED
        )
    ).all()
    elsewhere = is_elsewhere(found)
    writes = not is_pupil and not elsewhere
    past = history(found) if found.state != State.CLOSED and not elsewhere else History()
    page = render_template(
        "dossier/conversation.html",
        **_shared(found, mark),
        texts=texts,
        prepared=answers(found.round, texts.shared),
        unsent=_unsent(found, texts) if is_pupil else [],
        teacher_ready=ready is not None or found.state not in BEFORE_START,
        must_answer=must_answer,
        asked=asked_then(found) if writes and found.state == State.CLOSED else [],
        earlier=past.open_agreements,
        course_of=past.course_of,
        timeline_url=_timeline_url(found) if elsewhere else "",
        read_along=read_along_in(found) if is_pupil else [],
        school_passes_on=school_passes_on(),
        fields=_fields(found, texts, form),
        corrections=[(label_of(one.part), one) for one in corrections_of(found.id)],
        may_correct=writes and found.state == State.CLOSED,
        my_view=_my_view(found, texts, form),
        my_view_text=texts.shared(MY_VIEW),
        may_take_back=writes and may_take_back(found),
        may_reopen=writes and found.state == State.CLOSED and may_reopen(found),
        looks_back=found.state == State.CLOSED and found.teacher_id == visit().enrolment.id,
        before_start=found.state in BEFORE_START,
        errors=form.summary,
    )
    return make_response(page, status)


def _shared(found: Conversation, mark: str) -> dict[str, object]:
    """What the live part shows: all of it shared."""
    content = instrument_now()
    return {
        "conversation": found,
        "version": mark,
        "content": content,
        "phases": [one for one in content.phases if one.career_question],
        "told": Told(found, history_of(found.pupil, only=found)),
        "agreements": for_the_screen(found, agreements_of(found)),
        "reasons": db.session.scalars(
            select(NoAgreement).where(NoAgreement.conversation_id == found.id)
        ).all(),
        "may_settle": _may_not if is_elsewhere(found) else may_settle,
        "elsewhere": is_elsewhere(found),
        "is_pupil": visit().role is Role.PUPIL,
        "words": words,
    }


def _may_not(_agreement: Agreement) -> bool:
    """What came along is settled where it came along to."""
    return False


def _timeline_url(found: Conversation) -> str:
    """The way back from another course's conversation: to all of this pupil's."""
    if visit().role is Role.PUPIL:
        return url_for("dossier.my_conversations")
    here = db.session.scalars(
        select(Enrolment.id).where(
            Enrolment.person_id == found.pupil.person_id, Enrolment.course_id == visit().course.id
        )
    ).one()
    return url_for("timeline.of_pupil", enrolment_id=here)


def _unsent(found: Conversation, texts: Texts) -> list[tuple[str, str]]:
    """What a pupil wrote and had not sent when the form closed, with its question; theirs alone."""
    if found.state in BEFORE_START:
        return []

    def draft(key: str) -> str:
        text = texts.own(key, Visibility.PUPIL_DRAFT)
        return "" if text == texts.shared(key) else text

    return answers(found.round, draft)


def _fields(found: Conversation, texts: Texts, form: Form) -> list[FieldView]:
    """What may be written here or was refused, and what stands here, in words for who reads it."""
    questions = instrument_now().question_by_key
    labels = {f"evaluation.{key}": questions[key].spoken for key in EVALUATION} | {
        "next.topic": _("Waar wil je het in het volgende gesprek over hebben?"),
        "next.pupil": _("Wat bereid jij voor?"),
        "next.teacher": _("Wat bereidt je mentor voor?"),
        "next.approach": _("Hoe pakken jullie het aan?"),
        OWN_QUESTION: _("Heb je een eigen vraag?"),
    }
    if visit().role is Role.TEACHER:
        labels |= {
            "next.topic": _("Waar wil de leerling het in het volgende gesprek over hebben?"),
            "next.pupil": _("Wat bereidt de leerling voor?"),
            "next.teacher": _("Wat bereidt de mentor voor?"),
            OWN_QUESTION: _("Heeft de leerling een eigen vraag?"),
        }
    fields = [view(found, key, texts, label=label, form=form) for key, label in labels.items()]
    if is_elsewhere(found):
        fields = [replace(one, open=False) for one in fields]
    return [one for one in fields if one.error or _belongs_here(found, one)]


def _my_view(found: Conversation, texts: Texts, form: Form) -> FieldView | None:
    """How the pupil sees it, where this pupil may write it (or tried to)."""
    if visit().role is not Role.PUPIL or is_elsewhere(found):
        return None
    hint = _("Zag jij het anders, of wil je iets toevoegen? Je mentor leest dit ook.")
    shown = view(found, MY_VIEW, texts, label=_("Mijn kijk hierop"), hint=hint, form=form)
    return shown if shown.open or shown.error else None


def _belongs_here(found: Conversation, one: FieldView) -> bool:
    """Before the start nothing does; a teacher has the own question at its phase of the guide."""
    if one.key == OWN_QUESTION:
        return one.open and visit().role is Role.PUPIL
    return found.state not in BEFORE_START and (one.open or bool(one.text))
