"""Adding an activity to the course: the teacher picks or makes a round, the LMS gets a link to it.

The LMS opened us for this (LTI Deep Linking); what it asked is in the session's errand. Our answer
is a form that posts itself to the LMS, or with a button where scripts are off.
"""

from collections.abc import Sequence
from typing import Any

from flask import (
    Blueprint,
    current_app,
    make_response,
    redirect,
    render_template,
    url_for,
)
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from lti_tool.access import Right, course_round, requires, visit
from lti_tool.enrolments import add_missing_conversations
from lti_tool.errands import asked_deep_linking
from lti_tool.forms import Posted
from lti_tool.lti.claims import DeepLinking
from lti_tool.lti.deep_linking import link_item, signed_answer
from lti_tool.models import Round, db, this_school_year, writes
from lti_tool.round_form import add_round, form_context
from lti_tool.security import let_forms_post_to

deep_linking = Blueprint("deep_linking", __name__, url_prefix="/s/<session_id>/deep-link")


@deep_linking.get("/")
@requires(Right.ROUND)
def choose() -> Response:
    """Show this year's rounds to pick from."""
    return _choices(Posted(), 200)


@deep_linking.post("/")
@requires(Right.ROUND)
def pick() -> Response:
    """Go on with the round that was picked."""
    posted = Posted()
    picked = posted.number("round")
    if picked not in {one.id for one in _rounds()}:
        posted.errors.append(("round", _("Kies een ronde, of maak een nieuwe.")))
        return _choices(posted, 422)
    return redirect(url_for("deep_linking.answer", round_id=picked), 303)


@deep_linking.get("/new")
@requires(Right.ROUND)
def new() -> Response:
    """Show the form of a new round."""
    return _form(Round(course_id=visit().course.id, title=""), Posted(), 200)


@deep_linking.post("/new")
@requires(Right.ROUND)
def add() -> Response:
    """Make the round and go on with it."""
    _asked()
    round_, posted = add_round()
    if posted.errors:
        return _form(round_, posted, 422)
    add_missing_conversations(round_)
    db.session.commit()
    return redirect(url_for("deep_linking.answer", round_id=round_.id), 303)


@deep_linking.get("/answer/<int:round_id>")
@requires(Right.ROUND)
@writes
def answer(round_id: int) -> Response:
    """Send the LMS a link to the round. A column it has already is not asked for again."""
    round_ = course_round(round_id)
    if not _asked().accepts_links:
        raise NotFound("links_not_accepted")
    item = link_item(
        title=round_.name,
        url=current_app.config["LOB"].base_url + url_for("lti.launch"),
        round_key=round_.key,
        reports=round_.reports_preparation and not round_.lineitem_url,
    )
    return _answer([item], title=_("Het gesprek gaat naar je cursus"))


@deep_linking.get("/cancel")
@requires(Right.ROUND)
@writes
def cancel() -> Response:
    """Send the LMS nothing."""
    return _answer(
        [], title=_("Je gaat terug naar je cursus"), message=_("Er is niets toegevoegd.")
    )


def _asked() -> DeepLinking:
    asked = asked_deep_linking()
    if asked is None:
        raise NotFound("no_deep_linking")
    return asked


def _rounds() -> Sequence[Round]:
    return db.session.scalars(
        select(Round)
        .where(Round.course_id == visit().course.id, Round.school_year >= this_school_year())
        .order_by(Round.id.desc())
    ).all()


def _choices(posted: Posted, status: int) -> Response:
    page = render_template(
        "deep_linking/choose.html",
        accepts_links=_asked().accepts_links,
        rounds=_rounds(),
        posted=posted,
        errors=posted.errors,
    )
    return make_response(page, status)


def _form(round_: Round, posted: Posted, status: int) -> Response:
    _asked()
    page = render_template("deep_linking/new.html", **form_context(round_, posted))
    return make_response(page, status)


def _answer(items: Sequence[dict[str, Any]], *, title: str, message: str = "") -> Response:
    asked, registration = _asked(), visit().session.registration
    token = signed_answer(
        asked,
        issuer=registration.issuer,
        client_id=registration.client_id,
        items=items,
        message=message,
    )
    db.session.commit()
    let_forms_post_to(asked.return_url)
    return make_response(
        render_template(
            "deep_linking/answer.html", title=title, return_url=asked.return_url, token=token
        )
    )
