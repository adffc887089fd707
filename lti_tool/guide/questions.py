"""Questions of the guide: asked, answered, added by the teacher; and the remark at a phase."""

from flask import jsonify, request
from flask_babel import gettext as _
from sqlalchemy import delete, select, update
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

import instrument
from lti_tool.access import Right, own_or_course_conversation, requires, visit
from lti_tool.entries import Form, posted_revision, too_long_message
from lti_tool.errors import wants_json
from lti_tool.fields import LONGEST_TEXT
from lti_tool.forms import Posted
from lti_tool.guide.blueprint import back_to, conversation_under_way, guide, known_phase
from lti_tool.guide.views import screen_page
from lti_tool.models import MustAnswer, OwnQuestion, QuestionMark, Remark, Visibility, db, now
from lti_tool.times import clock


@guide.post("/<phase_key>/marks/<question_key>")
@requires(Right.GUIDE)
def mark(conversation_id: int, phase_key: str, question_key: str) -> Response:
    """Tick a question as asked, or take the tick away."""
    conversation = conversation_under_way(conversation_id)
    phase = known_phase(phase_key)
    own = question_key.removeprefix("own-")
    if question_key not in instrument.load().question_by_key and not own.isdigit():
        raise NotFound("no_such_question")
    taken = db.session.execute(
        delete(QuestionMark)
        .where(
            QuestionMark.conversation_id == conversation.id,
            QuestionMark.question_key == question_key,
        )
        .returning(QuestionMark.id)
    ).all()
    if not taken:
        db.session.add(QuestionMark(conversation_id=conversation.id, question_key=question_key))
    db.session.commit()
    return back_to(conversation, phase.key, f"q-{question_key}")


@guide.post("/must-answer/<int:question_id>")
@requires(Right.GUIDE)
def tick_must_answer(conversation_id: int, question_id: int) -> Response:
    """Tick a pinned question as answered (vb-t1c)."""
    conversation = conversation_under_way(conversation_id)
    question = db.session.scalars(
        select(MustAnswer).where(
            MustAnswer.id == question_id,
            MustAnswer.conversation_id == conversation.id,
            (MustAnswer.visibility == Visibility.SHARED)
            | (MustAnswer.owner_id == visit().enrolment.id),
        )
    ).one_or_none()
    if question is None:
        raise NotFound("no_such_question")
    question.answered_at = None if question.answered_at else now()
    db.session.commit()
    return back_to(conversation, request.form.get("phase", "doel"), "must-answer")


@guide.post("/<phase_key>/questions")
@requires(Right.GUIDE)
def add_question(conversation_id: int, phase_key: str) -> Response:
    """Add a question of one's own to a group ("aan te vullen"); the source stays as it is."""
    conversation = conversation_under_way(conversation_id)
    phase = known_phase(phase_key)
    group_key = request.form.get("group", "")
    if group_key not in {group.key for group in phase.groups}:
        raise NotFound("no_such_group")
    posted = Posted()
    text = posted.text(f"question-{group_key}", required=_("Schrijf je vraag op."))
    if posted.errors:
        return screen_page(conversation, phase.key, Form(), posted, 422)
    db.session.add(
        OwnQuestion(
            person_id=visit().person.id, phase_key=phase.key, group_key=group_key, text=text
        )
    )
    db.session.commit()
    return back_to(conversation, phase.key, f"g-{group_key}")


@guide.post("/<phase_key>/questions/<int:question_id>/withdraw")
@requires(Right.GUIDE)
def withdraw_question(conversation_id: int, phase_key: str, question_id: int) -> Response:
    """Take a question of one's own out of the guide."""
    conversation = conversation_under_way(conversation_id)
    phase = known_phase(phase_key)
    question = db.session.scalars(
        select(OwnQuestion).where(
            OwnQuestion.id == question_id, OwnQuestion.person_id == visit().person.id
        )
    ).one_or_none()
    if question is None:
        raise NotFound("no_such_question")
    question.withdrawn_at = now()
    db.session.commit()
    return back_to(conversation, phase.key)


@guide.post("/<phase_key>/remark")
@requires(Right.GUIDE)
def save_remark(conversation_id: int, phase_key: str) -> Response:
    """Save the remark at a phase, over all conversations; same answers as a field's autosave."""
    conversation = own_or_course_conversation(conversation_id)
    phase = known_phase(phase_key)
    key = f"remark.{phase.key}"
    text = request.form.get(key, "").replace("\r\n", "\n").replace("\x00", "")
    if len(text) > LONGEST_TEXT:
        if wants_json():
            return _json({"error": "too_long", "message": too_long_message()}, 422)
        posted = Posted(errors=[(key, too_long_message())])
        return screen_page(conversation, phase.key, Form(), posted, 422)
    person_id, revision = visit().person.id, posted_revision(key)
    query = select(Remark).where(Remark.person_id == person_id, Remark.phase_key == phase.key)
    remark = db.session.scalars(query).one_or_none()
    if remark is None:
        remark = Remark(person_id=person_id, phase_key=phase.key, text=text)
        db.session.add(remark)
    elif remark.text != text:
        changed = db.session.execute(
            update(Remark)
            .where(Remark.id == remark.id, Remark.revision == revision)
            .values(text=text, revision=revision + 1, written_at=now())
            .returning(Remark.id)
            .execution_options(synchronize_session=False)
        ).all()
        db.session.refresh(remark)
        if not changed:
            stale = {"error": "stale", "text": remark.text, "revision": remark.revision}
            db.session.rollback()
            if wants_json():
                return _json(stale, 409)
            posted = Posted(
                errors=[(key, _("Deze opmerking is intussen ergens anders veranderd."))]
            )
            return screen_page(conversation, phase.key, Form(), posted, 409)
    db.session.commit()
    if wants_json():
        return _json({"revision": remark.revision, "saved_at": clock(remark.written_at)}, 200)
    return back_to(conversation, phase.key, "remark-section")


def _json(answer: dict[str, object], status: int) -> Response:
    response = jsonify(answer)
    response.status_code = status
    return response
