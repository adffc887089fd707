"""The first page after a launch: to the pupil's form or the teacher's course page."""

from flask import Blueprint, redirect, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from lti_tool.access import Right, requires, visit
from lti_tool.enrolments import Enrolled
from lti_tool.models import Conversation, Role, Round, db

start_blueprint = Blueprint("start", __name__, url_prefix="/s/<session_id>")


def first_page(session_id: str, enrolled: Enrolled | None) -> str:
    """The address a launch goes to: where this person's work is, or the start page below.

    None: an administrator.
    """
    if enrolled is None:
        return url_for("administration.page", session_id=session_id)
    if enrolled.round and enrolled.enrolment.role is Role.TEACHER:
        return url_for("course.round_page", session_id=session_id, round_id=enrolled.round.id)
    if enrolled.round and enrolled.conversation_id:
        page = "preparation.step" if enrolled.at_step else "preparation.begin"
        return url_for(
            page,
            session_id=session_id,
            conversation_id=enrolled.conversation_id,
            slug=enrolled.at_step or None,
        )
    return url_for("start.start", session_id=session_id)


@start_blueprint.get("/")
@requires(Right.START)
def start() -> Response:
    """Go where this person's work is."""
    if visit().is_administrator:
        return redirect(url_for("administration.page"), 303)
    return work()


@start_blueprint.get("/work")
@requires(Right.ENTRY)
def work() -> Response:
    """Go to the conversations: of the class, or one's own."""
    round_ = visit().round
    if visit().role is Role.TEACHER:
        round_id = round_.id if round_ else _newest_round()
        if round_id is None:
            return redirect(url_for("rounds.new"), 303)
        return redirect(url_for("course.round_page", round_id=round_id), 303)
    if round_ is None:
        return redirect(url_for("dossier.my_conversations"), 303)
    conversation_id = db.session.scalar(
        select(Conversation.id).where(
            Conversation.pupil_id == visit().enrolment.id,
            Conversation.round_id == round_.id,
        )
    )
    if conversation_id is None:
        return redirect(url_for("dossier.my_conversations"), 303)
    return redirect(url_for("preparation.begin", conversation_id=conversation_id), 303)


def _newest_round() -> int | None:
    return db.session.scalar(
        select(Round.id)
        .where(Round.course_id == visit().course.id)
        .order_by(Round.id.desc())
        .limit(1)
    )
