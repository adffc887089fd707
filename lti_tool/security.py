"""One place for response headers, cross-site refusal and the CSRF token's home."""

import secrets
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Request, Response, g, request
from flask.sessions import SessionInterface, SessionMixin
from flask_wtf.csrf import CSRFProtect
from werkzeug.exceptions import Forbidden

from lti_tool.lti.addresses import origin_of
from lti_tool.sessions import csrf_secret

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
KEPT_LONG = frozenset({"static", "assets.house_style_sheet"})
"""Their addresses change with their content."""
LTI_POSTS = frozenset({"lti.login", "lti.launch"})

csrf = CSRFProtect()


class _DerivedSession(dict[str, Any], SessionMixin):
    """Holds nothing but the CSRF secret of this path; nothing is ever written to a cookie."""


class DerivedSessionInterface(SessionInterface):
    """Flask's session for Flask-WTF's sake: derived from the launch session, never stored."""

    def open_session(self, app: Flask, request: Request) -> SessionMixin | None:  # noqa: ARG002
        """Derive the secret from the session id in the path, or the link in the query."""
        secret = csrf_secret(request.path, request.args.get("link", ""))
        return _DerivedSession(csrf_token=secret) if secret else _DerivedSession()

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Nothing to save."""


def install(app: Flask) -> None:
    """Wire all of it."""
    app.session_interface = DerivedSessionInterface()
    app.config.update(WTF_CSRF_TIME_LIMIT=None, WTF_CSRF_SSL_STRICT=False)
    csrf.init_app(app)
    app.before_request(_refuse_cross_site)
    app.after_request(_set_headers)
    app.context_processor(lambda: {"csp_nonce": csp_nonce()})


def csp_nonce() -> str:
    """The nonce of this response's scripts."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    nonce: str = g.csp_nonce
    return nonce


def let_forms_post_to(address: str) -> None:
    """Let the forms of this one response post to the origin of an address as well."""
    g.form_origins = [origin_of(address)]


def _refuse_cross_site() -> None:
    """A form of ours is posted by a page of ours: Sec-Fetch-Site says so, else Origin does.

    With `Referrer-Policy: no-referrer` browsers send "Origin: null" on our own posts.
    """
    if request.method in SAFE_METHODS or request.endpoint in LTI_POSTS:
        return
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        if site not in {"same-origin", "none"}:
            raise Forbidden("cross_site")
        return
    origin = request.headers.get("Origin", "null")
    if origin != "null" and urlsplit(origin).netloc != request.host:
        raise Forbidden("cross_site")


def _set_headers(response: Response) -> Response:
    if request.endpoint in KEPT_LONG and response.status_code < HTTPStatus.BAD_REQUEST:
        response.cache_control.public = True
        response.cache_control.max_age = 31536000
        response.cache_control.immutable = True
        response.cache_control.no_cache = None
    elif request.endpoint != "lti.jwks":
        response.headers["Cache-Control"] = "no-store"
    response.headers["Content-Security-Policy"] = _policy()
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
    return response


def _policy() -> str:
    parts = {
        "default-src": "'none'",
        "script-src": f"'self' 'nonce-{csp_nonce()}'",
        "style-src": "'self'",
        "img-src": "'self' data:",
        "font-src": "'self'",
        "connect-src": "'self'",
        "form-action": " ".join(["'self'", *g.get("form_origins", [])]),
        "base-uri": "'none'",
        "frame-ancestors": " ".join(["'self'", *_frame_origins()]),
    }
    return "; ".join(f"{name} {value}" for name, value in parts.items())


def _frame_origins() -> list[str]:
    """The platform of this visit: its issuer, and origins learned from verified return_urls.

    `g.frame_origins`: where a platform that is not registered yet shows us.
    """
    unregistered: list[str] = g.get("frame_origins", [])
    registration = g.get("registration")
    if registration is None:
        if "visit" not in g:
            return unregistered
        registration = g.visit.session.registration
    return [origin_of(registration.issuer), *registration.frame_origins, *unregistered]
