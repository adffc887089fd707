"""Questions of the guide: asked, answered, added by the teacher; and the remark at a phase."""

from flask import request
from flask_babel import gettext as _
from sqlalchemy import delete, select
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from lti_tool.access import Right, requires, visit
from lti_tool.autosave import autosave_answer
from lti_tool.conversations import conversation_under_way
from lti_tool.errors import wants_json
from lti_tool.field_views import Form, posted_revision
from lti_tool.forms import Posted
from lti_tool.guide.blueprint import back_to, guide, known_phase
from lti_tool.guide.groups import mark_words
from lti_tool.guide.views import screen_page
from lti_tool.models import MustAnswer, QuestionMark, Remark, Visibility, db, now
from lti_tool.question_bank import add_own, mine, withdraw
from lti_tool.records import own_or_course_conversation
from lti_tool.revisions import write_text


@guide.post("/<phase_key>/marks/<question_key>")
@requires(Right.GUIDE)
def mark(conversation_id: int, phase_key: str, question_key: str) -> Response:
    """Tick a question as asked, or take the tick away, as the form says."""
    conversation = conversation_under_way(conversation_id)
    phase = known_phase(phase_key)
    said = mark_words(phase).get(question_key)
    if said is None:
        raise NotFound("no_such_question")
    here = (
        QuestionMark.conversation_id == conversation.id,
        QuestionMark.question_key == question_key,
    )
    if not Posted().ticked("asked"):
        # One that is counted was asked, or it would be counted again.
        db.session.execute(delete(QuestionMark).where(*here, QuestionMark.counted.is_(False)))
    elif db.session.scalar(select(QuestionMark.id).where(*here)) is None:
        db.session.add(
            QuestionMark(
                conversation_id=conversation.id,
                question_key=question_key,
                owner_id=visit().enrolment.id,
                words=said,
            )
        )
    db.session.commit()
    on_the_table = question_key if visit().person.guide_one_by_one else ""
    return back_to(conversation, phase.key, f"q-{question_key}", question=on_the_table)


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
    answered = Posted().ticked("answered")
    question.answered_at = (question.answered_at or now()) if answered else None
    db.session.commit()
    return back_to(conversation, request.form.get("phase", "doel"), "must-answer")


@guide.post("/<phase_key>/questions")
@requires(Right.GUIDE)
def add_question(conversation_id: int, phase_key: str) -> Response:
    """Add a question of one's own to a group ("aan te vullen"), or another wording of one."""
    conversation = conversation_under_way(conversation_id)
    phase = known_phase(phase_key)
    group_key = request.form.get("group", "")
    group = next((one for one in phase.groups if one.key == group_key), None)
    if group is None:
        raise NotFound("no_such_group")
    replaces = request.form.get("replaces") or None
    if replaces is not None and replaces not in {one.key for one in group.questions}:
        raise NotFound("no_such_question")
    posted = Posted()
    text = posted.text(f"question-{group_key}", required=_("Schrijf je vraag op."))
    if posted.errors:
        return screen_page(conversation, phase.key, Form(), posted, 422)
    add_own(phase, group_key, text, replaces=replaces)
    db.session.commit()
    return back_to(conversation, phase.key, f"g-{group_key}")


@guide.post("/<phase_key>/questions/<int:question_id>/withdraw")
@requires(Right.GUIDE)
def withdraw_question(conversation_id: int, phase_key: str, question_id: int) -> Response:
    """Take a question of one's own out of the guide; the source's comes back in its place."""
    conversation = conversation_under_way(conversation_id)
    phase = known_phase(phase_key)
    withdraw(mine(question_id))
    db.session.commit()
    return back_to(conversation, phase.key)


@guide.post("/<phase_key>/remark")
@requires(Right.GUIDE)
def save_remark(conversation_id: int, phase_key: str) -> Response:
    """Save the remark at a phase, over all conversations."""
    conversation = own_or_course_conversation(conversation_id)
    phase = known_phase(phase_key)
    key = f"remark.{phase.key}"
    text = request.form.get(key, "")
    place = {"person_id": visit().person.id, "phase_key": phase.key}

    def write() -> Remark:
        return write_text(Remark, place, text, posted_revision(key))

    if wants_json():
        return autosave_answer(write)
    form = Form()
    with form.refusing(key, text):
        write()
    db.session.commit()
    if form.errors:
        return screen_page(conversation, phase.key, form, Posted(), 422)
    return back_to(conversation, phase.key, "remark-section")
