"""Adding activities to the course: the teacher picks rounds or makes one, the LMS gets the links.

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
    request,
    url_for,
)
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from lti_tool.access import Right, requires, visit
from lti_tool.enrolments import add_missing_conversations
from lti_tool.errands import asked_deep_linking
from lti_tool.forms import Posted
from lti_tool.lti.claims import DeepLinking
from lti_tool.lti.deep_linking import link_item, signed_answer
from lti_tool.models import Round, db, this_school_year, writes
from lti_tool.numbers import whole_number
from lti_tool.records import course_round
from lti_tool.round_form import add_round, blank_round, form_context
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
    """Go on with the round that was picked, or the rounds where the LMS takes several."""
    posted, picked = Posted(), _picked(request.form)
    if not picked or not picked <= {one.id for one in _rounds()}:
        posted.errors.append(("round", _("Kies een ronde, of maak een nieuwe.")))
    elif len(picked) > 1 and not _asked().accept_multiple:
        posted.errors.append(("round", _("Hier past één ronde. Voeg de andere daarna toe.")))
    if posted.errors:
        return _choices(posted, 422)
    return redirect(url_for("deep_linking.answer", round=sorted(picked)), 303)


@deep_linking.get("/new")
@requires(Right.ROUND)
def new() -> Response:
    """Show the form of a new round."""
    return _form(blank_round(), Posted(), 200)


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
    return redirect(url_for("deep_linking.answer", round=round_.id), 303)


@deep_linking.get("/answer")
@requires(Right.ROUND)
@writes
def answer() -> Response:
    """Send the LMS a link to each round. A column it has already is not asked for again."""
    asked, picked = _asked(), _picked(request.args)
    if not asked.accepts_links:
        raise NotFound("links_not_accepted")
    if not picked or (len(picked) > 1 and not asked.accept_multiple):
        raise NotFound("no_such_choice")
    address = current_app.config["LOB"].base_url + url_for("lti.launch")
    items = [
        link_item(
            title=round_.name,
            url=address,
            round_key=round_.key,
            reports=round_.reports_preparation and not round_.lineitem_url,
        )
        for round_ in map(course_round, sorted(picked))
    ]
    title = ngettext(
        "Het gesprek gaat naar je cursus", "De gesprekken gaan naar je cursus", len(items)
    )
    return _answer(items, title=title)


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


def _picked(values: MultiDict[str, str]) -> set[int]:
    """The ids that were picked; 0 for what is no id."""
    return {whole_number(one) or 0 for one in values.getlist("round")}


def _rounds() -> Sequence[Round]:
    return db.session.scalars(
        select(Round)
        .where(Round.course_id == visit().course.id, Round.school_year >= this_school_year())
        .order_by(Round.id.desc())
    ).all()


def _choices(posted: Posted, status: int) -> Response:
    page = render_template(
        "deep_linking/choose.html",
        asked=_asked(),
        rounds=_rounds(),
        picked=_picked(request.form),
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
