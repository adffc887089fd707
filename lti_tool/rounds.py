"""Setting up a round: its title, its date, and the questions the mentor adds to the form."""

from flask import Blueprint, make_response, redirect, render_template, url_for
from werkzeug.wrappers import Response

from lti_tool.access import Right, requires
from lti_tool.enrolments import add_missing_conversations
from lti_tool.forms import Posted
from lti_tool.grades import report_all_sent
from lti_tool.models import Round, db
from lti_tool.records import course_round
from lti_tool.round_form import (
    add_round,
    blank_round,
    form_context,
    read_round,
    write_own_questions,
)
from lti_tool.unused_round import is_unused, remove

rounds = Blueprint("rounds", __name__, url_prefix="/s/<session_id>/rounds")


@rounds.get("/new")
@requires(Right.ROUND)
def new() -> Response:
    """Show an empty form."""
    return _page(blank_round(), Posted(), 200)


@rounds.post("/new")
@requires(Right.ROUND)
def add() -> Response:
    """Make a round with a conversation for everybody."""
    round_, posted = add_round()
    if posted.errors:
        return _page(round_, posted, 422)
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
    year = round_.school_year
    with db.session.no_autoflush:
        posted = read_round(round_)
        if posted.errors:
            page = _page(round_, posted, 422)
            db.session.rollback()
            return page
    write_own_questions(round_)
    if round_.school_year > year:
        add_missing_conversations(round_)
    if round_.reports_preparation:
        report_all_sent(round_)
    db.session.commit()
    return redirect(url_for("course.round_page", round_id=round_.id), 303)


@rounds.get("/<int:round_id>/remove")
@requires(Right.ROUND)
def ask_to_remove(round_id: int) -> Response:
    """Ask whether to take away a round nobody did anything with."""
    round_ = course_round(round_id)
    return _removing(round_, 200, unused=is_unused(round_))


@rounds.post("/<int:round_id>/remove")
@requires(Right.ROUND)
def removed(round_id: int) -> Response:
    """Take it away, unless somebody began in the meantime."""
    round_ = course_round(round_id)
    if not remove(round_):
        return _removing(round_, 409, unused=False)
    db.session.commit()
    return redirect(url_for("round_list.page"), 303)


def _removing(round_: Round, status: int, *, unused: bool) -> Response:
    page = render_template(
        "rounds/remove.html",
        round=round_,
        unused=unused,
        questions=any(one.withdrawn_at is None for one in round_.questions),
    )
    return make_response(page, status)


def _page(round_: Round, posted: Posted, status: int) -> Response:
    page = render_template(
        "rounds/edit.html",
        may_remove=round_.id is not None and is_unused(round_),
        **form_context(round_, posted),
    )
    return make_response(page, status)
