"""Addresses of our own pages as a form carries them along, and what of those can be believed."""

from urllib.parse import quote, unquote

from flask import current_app, g, request
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect


def this_page() -> str:
    """The address of this page as a link may hold it, for the way back."""
    query = request.query_string.decode("ascii", "ignore")
    return quote(request.path) + (f"?{query}" if query else "")


def page_below(session_id: str, rest: str) -> str:
    """The page of a session with this rest of its address; "" when there is none to look at."""
    address = f"/s/{session_id}{rest}"
    path = unquote(address.partition("?")[0])
    if not rest.startswith("/") or not address.isascii() or not address.isprintable():
        return ""
    try:
        current_app.url_map.bind("").match(path, method="GET")
    except (HTTPException, RequestRedirect):
        return ""
    return address


def rest_of(address: str) -> str:
    """What follows this session in the address of one of its pages; "" for any other."""
    beginning = f"/s/{g.session_id}"
    rest = address.removeprefix(beginning)
    return rest if address.startswith(beginning) and page_below(g.session_id, rest) else ""
