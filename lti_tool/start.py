"""The first page after a launch: where this person's work is.

A teacher goes to the round of the activity; from the course navigation, or through an activity
that was made without deep linking, to the list when there are several rounds. A pupil goes to
their own conversation, or to the list of them. An activity without a round, and a deep linking
request, have pages of their own.
"""

from flask import Blueprint, redirect, render_template, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from lti_tool.access import Right, requires, visit
from lti_tool.enrolments import Enrolled
from lti_tool.errands import asked_deep_linking, came_by_plain_link, unplaced_link
from lti_tool.models import Conversation, Role, Round, db, this_school_year
from lti_tool.round_list import rounds_this_year
from lti_tool.round_of_link import find_round, source_of

start_blueprint = Blueprint("start", __name__, url_prefix="/s/<session_id>")


def first_page(session_id: str, enrolled: Enrolled | None, *, plain: bool) -> str:
    """The address a launch goes to, without a stop at the start page where that is clear.

    None: an administrator. `plain`: through an activity that was made without deep linking.
    """
    if enrolled is None:
        return url_for("start.start", session_id=session_id)
    if enrolled.conversation_id and enrolled.role is Role.PUPIL:
        page = "preparation.step" if enrolled.at_step else "preparation.begin"
        return url_for(
            page,
            session_id=session_id,
            conversation_id=enrolled.conversation_id,
            slug=enrolled.at_step or None,
        )
    needs_list = plain and enrolled.other_rounds
    if enrolled.round_id and enrolled.role is Role.TEACHER and not needs_list:
        return url_for("course.round_page", session_id=session_id, round_id=enrolled.round_id)
    return url_for("start.start", session_id=session_id)


@start_blueprint.get("/")
@requires(Right.START)
def start() -> Response:
    """Go where this person's work is."""
    adds_activity = visit().is_enrolled and asked_deep_linking()
    if visit().is_administrator and not adds_activity:
        return redirect(url_for("administration.page"), 303)
    return work()


@start_blueprint.get("/work")
@requires(Right.ENTRY)
def work() -> Response:
    """Go to the conversations: of the class, or one's own."""
    return _teachers_start() if visit().role is Role.TEACHER else _pupils_start()


@start_blueprint.get("/not-yet")
@requires(Right.OWN_CONVERSATIONS)
def not_yet() -> str:
    """For a pupil who comes before the teacher set the round up."""
    return render_template("rounds/not_yet.html")


def _teachers_start() -> Response:
    if asked_deep_linking():
        return redirect(url_for("deep_linking.choose"), 303)
    round_, link = visit().round, unplaced_link()
    if link:
        round_ = find_round(visit().course_record(), link)
    if round_ is None and source_of(visit().course_record(), link):
        return redirect(url_for("take_over.offer"), 303)
    if round_ is not None and not came_by_plain_link():
        return redirect(url_for("course.round_page", round_id=round_.id), 303)
    rounds = {*rounds_this_year(), *([round_.id] if round_ else [])}
    if len(rounds) == 1:
        return redirect(url_for("course.round_page", round_id=rounds.pop()), 303)
    return redirect(url_for("round_list.page"), 303)


def _pupils_start() -> Response:
    round_, link = visit().round, unplaced_link()
    if link:
        round_ = find_round(visit().course_record(), link)
        if round_ is None:
            return redirect(url_for("start.not_yet"), 303)
    own = _own_conversations(round_)
    if len(own) != 1:
        return redirect(url_for("dossier.my_conversations"), 303)
    return redirect(url_for("preparation.begin", conversation_id=own[0]), 303)


def _own_conversations(round_: Round | None) -> list[int]:
    """The pupil's own in this round; without a round, those of this school year."""
    query = select(Conversation.id).where(Conversation.pupil_id == visit().enrolment.id)
    if round_ is None:
        query = query.join(Conversation.round).where(Round.school_year >= this_school_year())
    else:
        query = query.where(Conversation.round_id == round_.id)
    return list(db.session.scalars(query.limit(2)))
