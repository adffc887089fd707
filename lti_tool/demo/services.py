"""What the services share: the bearer token, media types, JSON bodies and paging."""

import json
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, ParamSpec, TypeVar
from urllib.parse import urlencode

from flask import Response, abort, request
from werkzeug.exceptions import HTTPException

from lti_tool.demo.state import current_lms

Arguments = ParamSpec("Arguments")
Answer = TypeVar("Answer")
Item = TypeVar("Item")

LARGEST_PAGE = 50


def needs_scope(
    *scopes: str,
) -> Callable[[Callable[Arguments, Answer]], Callable[Arguments, Answer]]:
    """Let a view answer only to a bearer token with one of `scopes` (RFC 6750)."""

    def decorate(view: Callable[Arguments, Answer]) -> Callable[Arguments, Answer]:
        @wraps(view)
        def guarded(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Answer:
            credentials = request.authorization
            if credentials is None or credentials.type != "bearer":
                abort(401, "a bearer token is needed")
            granted = current_lms().tokens.get(credentials.token or "")
            if granted is None:
                abort(401, "the bearer token is unknown or has expired")
            if granted.isdisjoint(scopes):
                abort(403, f"one of these scopes is needed: {' '.join(scopes)}")
            return view(*args, **kwargs)

        return guarded

    return decorate


def answer(body: object, media_type: str, status: int = 200) -> Response:
    """Return JSON under the exact media type; 406 when the caller accepts another one only."""
    if request.accept_mimetypes and not request.accept_mimetypes[media_type]:
        abort(406, f"this service answers {media_type}")
    return Response(json.dumps(body), status=status, mimetype=media_type)


def sent_json(media_type: str) -> dict[str, Any]:
    """Return the body of the request: one JSON object of exactly this media type."""
    if request.mimetype != media_type:
        abort(415, f"Content-Type must be {media_type}")
    try:
        body = json.loads(request.get_data(), parse_constant=_refuse_constant)
        # A lone surrogate is valid JSON but no text: it would break every page that shows it.
        json.dumps(body, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        abort(400, "the body is not JSON")
    if not isinstance(body, dict):
        abort(400, "the body must be a JSON object")
    return body


def page_of(
    items: Sequence[Item], path: str, page_size: int, **query: str
) -> tuple[Sequence[Item], str | None]:
    """Return the part asked for with `limit` and `from`, and a Link header when there is more.

    The address of the next page repeats `query`.
    """
    start = _number("from", default=0)
    size = min(_number("limit", default=page_size), LARGEST_PAGE)
    if size == 0:
        abort(400, "limit must be at least 1")
    end = start + size
    if end >= len(items):
        return items[start:end], None
    address = current_lms().url(f"{path}?{urlencode({**query, 'limit': size, 'from': end})}")
    return items[start:end], f'<{address}>; rel="next"'


def refusal_as_json(error: HTTPException) -> Response:
    """Say what was wrong the way Moodle's services do."""
    status = error.code or 500
    response = Response(
        json.dumps({"status": status, "reason": error.description}),
        status=status,
        mimetype="application/json",
    )
    if status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer error="invalid_token"'
    elif status == 403:
        response.headers["WWW-Authenticate"] = 'Bearer error="insufficient_scope"'
    return response


def _number(name: str, *, default: int) -> int:
    text = request.args.get(name)
    if text is None:
        return default
    if not (text.isascii() and text.isdecimal() and len(text) <= 9):
        abort(400, f"{name} must be a whole number")
    return int(text)


def _refuse_constant(name: str) -> object:
    """NaN and Infinity are not JSON."""
    raise ValueError(name)
