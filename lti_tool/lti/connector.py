"""The one place that talks to a platform's services for a registration.

PyLTI1p3's `ServiceConnector` with its weak spots closed through its own hooks:

| stock behaviour | here |
|---|---|
| a token per connector, expires_in ignored | `AccessTokens`: per registration and scopes, in time |
| an expired or revoked token fails the call | dropped on a 401, then one retry |
| no time-out, redirects followed, any length read | `web.call` |
| dropped scopes go unnoticed | `get_access_token` compares |
| the private key is parsed for each signature | a key object, parsed once per kid |
| kid derived from a public PEM | `_Registration.get_kid` |
| next link lower-cased, curly quotes missed, any host | `make_service_request`, `links` |
| a page in HTML is a bare JSON error | `not_json` |

A connector reads the database when it is made and never again, so that no transaction stays open
while a platform takes its time. Security Framework 1.0, section 4; RFC 7523.
"""

import json
import threading
import time
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import urlsplit

from flask import current_app
from pylti1p3.registration import Registration as LibraryRegistration
from pylti1p3.service_connector import ServiceConnector

from lti_tool.lti.keys import signing_key
from lti_tool.lti.links import next_link, same_host
from lti_tool.lti.web import LONGEST_PAGE, Answer, Bearer, ServiceFailed, call, new_session
from lti_tool.models import Registration
from lti_tool.settings import LOOPBACK

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
ASSERTION_SECONDS = 300
SLOW_CLOCK_SECONDS = 5
"""How far a platform's clock may be behind ours before it takes iat for the future."""
EARLY_SECONDS = 60
"""A token is renewed this long before it ends."""
USUAL_SECONDS = 300
"""How long a token is kept whose answer does not say."""
MOST_PAGES = 200
LIST_SECONDS = 300
PASSED_ON = frozenset({"unreachable", "slow", "broken", "rate_limited", "too_long", "redirected"})


class AccessTokens:
    """Access tokens of this process, by registration and scopes, until shortly before they end."""

    def __init__(self) -> None:
        self._kept: dict[tuple[int, str], tuple[str, float]] = {}
        self._lock = threading.Lock()

    def get(self, registration_id: int, scopes: str) -> str:
        """The token, "" when there is none that lasts."""
        with self._lock:
            token, until = self._kept.get((registration_id, scopes), ("", 0.0))
        return token if time.time() < until else ""

    def keep(self, registration_id: int, scopes: str, token: str, seconds: float) -> None:
        """Keep a token that the platform gave for so many seconds."""
        with self._lock:
            self._kept[registration_id, scopes] = (token, time.time() + seconds - EARLY_SECONDS)

    def drop(self, registration_id: int, scopes: str) -> None:
        """Forget a token that was refused."""
        with self._lock:
            self._kept.pop((registration_id, scopes), None)


class _Registration(LibraryRegistration):  # type: ignore[misc]
    """The library's registration, which signs with a key of ours by its own name."""

    def __init__(self, row: Registration, kid: str) -> None:
        self._kid = kid
        self.set_client_id(client_id=row.client_id)
        self.set_auth_token_url(auth_token_url=row.auth_token_url)
        self.set_auth_audience(auth_audience=row.token_audience or row.auth_token_url)

    def get_kid(self) -> str:
        """Instead of one derived from a public key in PEM."""
        return self._kid


@dataclass(frozen=True)
class Page:
    """One page of a list."""

    body: Any
    address: str
    next: str
    """ "" on the last page."""


class Connector(ServiceConnector):  # type: ignore[misc]
    """Calls the services of one registration. Raises ServiceFailed, and nothing else."""

    def __init__(self, registration: Registration) -> None:
        if registration.disabled_at:
            raise ServiceFailed("disabled")
        kid, key = signing_key()
        super().__init__(
            registration=_Registration(registration, kid), requests_session=new_session()
        )
        self._registration.set_tool_private_key(tool_private_key=cast("Any", key))
        self.registration_id = registration.id
        self.family = registration.family
        self._tokens: AccessTokens = current_app.extensions["lob_tokens"]

    def get_access_token(self, scopes: Sequence[str]) -> str:
        """Return a token for exactly these scopes."""
        wanted = " ".join(sorted(scopes))
        token = self._tokens.get(self.registration_id, wanted)
        if not token:
            token, seconds = self._fetch_token(wanted)
            self._tokens.keep(self.registration_id, wanted, token, seconds)
        return token

    def make_service_request(  # noqa: PLR0913, PLR0917  # the library's signature
        self,
        scopes: Sequence[str],
        url: str,
        is_post: bool = False,
        data: str | None = None,
        content_type: str = "application/json",
        accept: str = "application/json",
        case_insensitive_headers: bool = True,  # noqa: ARG002  # they always are
    ) -> dict[str, Any]:
        """Call a service; `body` is its JSON, None when it said nothing.

        A token that was refused is renewed once: it may have been revoked, or the platform
        restarted.
        """
        headers = {"Accept": accept}
        if is_post:
            headers["Content-Type"] = content_type
        self._refuse_insecure(url)
        method, wanted = ("POST" if is_post else "GET"), " ".join(sorted(scopes))
        try:
            answer = self._call(method, url, headers, data, self.get_access_token(scopes))
        except ServiceFailed as failure:
            if failure.reason != "unauthorized":
                raise
            self._tokens.drop(self.registration_id, wanted)
            answer = self._call(method, url, headers, data, self.get_access_token(scopes))
        return {
            "headers": answer.headers,
            "body": _json(answer) if answer.body.strip() and not _is_empty(answer) else None,
            "next_page_url": _next_page(answer, url) or None,
        }

    def pages(self, scopes: Sequence[str], url: str, *, accept: str) -> Iterator[Page]:
        """Read a list, page by page, following next links on the same host only.

        A list that goes in circles, never ends or leaves the host fails as a whole.
        """
        seen: set[str] = set()
        until = time.monotonic() + LIST_SECONDS
        address = url
        while address:
            if address in seen:
                raise ServiceFailed("loop", f"page {len(seen)}")
            if len(seen) == MOST_PAGES:
                raise ServiceFailed("too_many_pages", str(MOST_PAGES))
            if time.monotonic() > until:
                raise ServiceFailed("slow", f"page {len(seen)}")
            seen.add(address)
            answer = self.make_service_request(scopes=scopes, url=address, accept=accept)
            following = answer["next_page_url"] or ""
            if following and not same_host(following, url):
                raise ServiceFailed("foreign_address", "next page")
            yield Page(answer["body"], address, following)
            address = following

    def _fetch_token(self, scopes: str) -> tuple[str, float]:
        """Ask for a token; return it and how many seconds it lasts."""
        try:
            answer = call(
                self._requests_session,
                "POST",
                self._registration.get_auth_token_url(),
                auth=Bearer(),
                headers={"Accept": "application/json"},
                data={
                    "grant_type": "client_credentials",
                    "client_assertion_type": ASSERTION_TYPE,
                    "client_assertion": self._assertion(),
                    "scope": scopes,
                },
            )
        except ServiceFailed as failure:
            if failure.reason in PASSED_ON:
                raise
            error = _error_code(failure.body) or failure.detail
            reason = "scope_missing" if error == "invalid_scope" else "token_refused"
            raise ServiceFailed(reason, error) from failure
        body = _json(answer)
        token = body.get("access_token") if isinstance(body, dict) else None
        if not isinstance(token, str) or not token.isprintable() or not token.isascii():
            raise ServiceFailed("token_refused", "no access_token")
        granted = body.get("scope")
        if isinstance(granted, str) and (missing := set(scopes.split()) - set(granted.split())):
            raise ServiceFailed("scope_missing", " ".join(sorted(missing)))
        return token, _seconds(body.get("expires_in"))

    def _assertion(self) -> str:
        """Who we are, for one use within five minutes (RFC 7523, section 3)."""
        moment = int(time.time()) - SLOW_CLOCK_SECONDS
        claims = {
            "iss": self._registration.get_client_id(),
            "sub": self._registration.get_client_id(),
            "aud": self._registration.get_auth_audience(),
            "iat": moment,
            "exp": moment + ASSERTION_SECONDS,
            "jti": uuid.uuid4().hex,
        }
        signed: str = self.encode_jwt(
            message=claims,
            private_key=self._registration.get_tool_private_key(),
            headers={"kid": self._registration.get_kid()},
        )
        return signed

    def _call(
        self, method: str, url: str, headers: dict[str, str], data: str | None, token: str
    ) -> Answer:
        return call(
            self._requests_session,
            method,
            url,
            auth=Bearer(token),
            headers=headers,
            data=data,
            longest=LONGEST_PAGE,
        )

    def _refuse_insecure(self, url: str) -> None:
        """Tokens travel over https; and to this machine only when the platform is on it."""
        parts = urlsplit(url)
        token_host = urlsplit(self._registration.get_auth_token_url()).hostname
        here = parts.hostname in LOOPBACK
        if here != (token_host in LOOPBACK) or (parts.scheme != "https" and not here):
            raise ServiceFailed("insecure_address", str(parts.hostname))


def _error_code(body: bytes) -> str:
    """What a refused token request says (RFC 6749, section 5.2); "" for a page in HTML."""
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    error = said.get("error") if isinstance(said, dict) else None
    return error[:80] if isinstance(error, str) else ""


def _next_page(answer: Answer, url: str) -> str:
    try:
        return next_link(answer.headers.get("Link", ""), url)
    except ValueError as error:
        raise ServiceFailed("malformed", "next page") from error


def _is_empty(answer: Answer) -> bool:
    """A status that says there is nothing to read."""
    return answer.status in {202, 204}


def _json(answer: Answer) -> Any:
    """Read JSON whatever its media type: Moodle sends tokens as text/html."""
    try:
        return json.loads(answer.body)
    except (ValueError, RecursionError) as error:
        raise ServiceFailed("not_json", answer.headers.get("Content-Type", "")[:80]) from error


def _seconds(value: object) -> float:
    if isinstance(value, str) and value.isascii() and value.isdecimal():
        value = int(value[:9])
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        return USUAL_SECONDS
    return float(min(value, 24 * 3600))
