"""The switch at the foot of every page: the other language, and back to the same page."""

from urllib.parse import quote, unquote

from flask import Blueprint, current_app, g, redirect, request, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect
from werkzeug.wrappers import Response

from lti_tool.access import Right, requires, visit
from lti_tool.forms import Posted
from lti_tool.models import Language, db

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
    return redirect(_page_before(request.form.get("back", "")), 303)


def this_page() -> str:
    """The address of this page as a link may hold it, for the way back."""
    query = request.query_string.decode("ascii", "ignore")
    return quote(request.path) + (f"?{query}" if query else "")


def _page_before(address: str) -> str:
    """The page the switch stood on; the first page when that one only answers a form."""
    path = unquote(address.partition("?")[0])
    if path.startswith(f"/s/{g.session_id}/") and address.isascii() and address.isprintable():
        try:
            current_app.url_map.bind("").match(path, method="GET")
        except (HTTPException, RequestRedirect):
            return url_for("start.start")
        return address
    return url_for("start.start")
