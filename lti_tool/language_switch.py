"""The switch at the foot of every page: the other language, and back to the same page."""

from flask import Blueprint, g, redirect, request, url_for
from werkzeug.wrappers import Response

from lti_tool.access import Right, requires, visit
from lti_tool.forms import Posted
from lti_tool.models import Language, db
from lti_tool.own_pages import page_below, rest_of

language_switch = Blueprint("language_switch", __name__, url_prefix="/s/<session_id>")


@language_switch.post("/language")
@requires(Right.START)
def choose() -> Response:
    """Remember the choice: for this visit, and for the person's later ones."""
    language = Posted().choice("language", Language)
    if language:
        visit().record().language = language
        if visit().is_enrolled:
            visit().person_record().language = language
        db.session.commit()
    rest = rest_of(request.form.get("back", ""))  # "" for a page that only answers a form
    return redirect(page_below(g.session_id, rest) or url_for("start.start"), 303)
