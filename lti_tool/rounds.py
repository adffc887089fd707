"""Setting up a round: its title, its date, and the questions the mentor adds to the form."""

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

import instrument
from lti_tool.access import Right, course_round, requires, visit
from lti_tool.enrolments import add_missing_conversations
from lti_tool.forms import Posted
from lti_tool.grades import offered, report_all_sent
from lti_tool.models import Round, db

rounds = Blueprint("rounds", __name__, url_prefix="/s/<session_id>/rounds")

LONGEST_TITLE = 200


@rounds.get("/new")
@requires(Right.ROUND)
def new() -> Response:
    """Show an empty form."""
    return _page(Round(course_id=visit().course.id, title=""), Posted(), 200)


@rounds.post("/new")
@requires(Right.ROUND)
def add() -> Response:
    """Make a round with a conversation for everybody."""
    round_ = Round(course_id=visit().course.id, title="")
    posted = _read(round_)
    if posted.errors:
        return _page(round_, posted, 422)
    db.session.add(round_)
    db.session.flush()
    add_missing_conversations(round_)
    db.session.commit()
    return redirect(url_for("course.round_page", round_id=round_.id), 303)


@rounds.get("/<int:round_id>/edit")
@requires(Right.ROUND)
def edit(round_id: int) -> Response:
    """Show the round's form."""
    return _page(course_round(round_id), Posted(), 200)


@rounds.post("/<int:round_id>/edit")
@requires(Right.ROUND)
def save(round_id: int) -> Response:
    """Change the round."""
    round_ = course_round(round_id)
    with db.session.no_autoflush:
        posted = _read(round_)
        if posted.errors:
            page = _page(round_, posted, 422)
            db.session.rollback()
            return page
    if round_.reports_preparation:
        report_all_sent(round_)
    db.session.commit()
    return redirect(url_for("course.round_page", round_id=round_.id), 303)


def _read(round_: Round) -> Posted:
    posted = Posted()
    round_.title = posted.text("title", required=_("Geef de ronde een titel."))
    if len(round_.title) > LONGEST_TITLE:
        posted.errors.append(("title", _("Maak de titel korter dan 200 tekens.")))
    round_.due_on = posted.day("due_on")
    known = [question.key for question in instrument.load().form_questions("optional")]
    chosen = request.form.getlist("questions")
    round_.without_internship = posted.ticked("without_internship")
    if offered(visit().course, round_):
        round_.reports_preparation = posted.ticked("reports_preparation")
    round_.form_questions = [key for key in known if key in chosen]
    return posted


def _page(round_: Round, posted: Posted, status: int) -> Response:
    due_on = request.form.get("due_on")
    if due_on is None:
        due_on = round_.due_on.isoformat() if round_.due_on else ""
    questions = instrument.load().form_questions("optional")
    page = render_template(
        "rounds/edit.html",
        round=round_,
        due_on=due_on,
        may_report=offered(visit().course, round_),
        options=[(question.key, question.spoken) for question in questions],
        standard=[question.spoken for question in instrument.load().form_questions("standard")],
        posted=posted,
        errors=posted.errors,
    )
    return make_response(page, status)
