"""One careful HTTP call to a platform: time-outs, no redirects, a bound on what is read.

Whatever goes wrong is a `ServiceFailed` with one word for the log and the page.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from importlib.metadata import version
from typing import Final, NamedTuple

import requests
import urllib3
from requests.auth import AuthBase

from lti_tool.lti.hang_up import WatchedAdapter, hung_up_after
from lti_tool.lti.quirks import is_throttling

USER_AGENT: Final = f"Loopbaangesprek/{version('loopbaangesprek')}"
"""Canvas refuses calls without one since January 2026."""
PIECE = 64 * 1024
LONGEST_ANSWER = 1024 * 1024
LONGEST_PAGE = 8 * LONGEST_ANSWER
"""A page of a roster: a platform may send everybody in one."""
LONGEST_WAIT = 24 * 3600

REASONS: Final[Mapping[int, str]] = {
    401: "unauthorized",
    403: "forbidden",
    404: "not_found",
    409: "conflict",
    410: "gone",
    429: "rate_limited",
}
PASSING = frozenset(
    {
        "unreachable",
        "slow",
        "broken",
        "rate_limited",
        "not_json",
        "unauthorized",
        "token_refused",
        "internal",
    }
)
"""Reasons that may be over when one tries again later; `internal` is a fault of ours."""


class Patience(NamedTuple):
    """How many seconds to wait at most: to connect, from one byte to the next, for the whole."""

    connect: float
    read: float
    whole: float


USUAL = Patience(5, 10, 30)


class ServiceFailed(Exception):
    """A call to a platform that gave nothing usable."""

    def __init__(
        self,
        reason: str,
        detail: str = "",
        *,
        status: int = 0,
        retry_after: float | None = None,
        body: bytes = b"",
    ) -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.detail = detail
        self.status = status
        """What HTTP said; 0 when it did not come that far."""
        self.body = body
        self.retry_after = retry_after
        """Seconds the platform asks us to wait, when it says so."""

    @property
    def passes(self) -> bool:
        """Whether trying again later may help."""
        return self.reason in PASSING


@dataclass(frozen=True)
class Answer:
    """What a platform said with a status below 300."""

    status: int
    headers: Mapping[str, str]
    """Names in any case."""
    body: bytes


class Bearer(AuthBase):
    """An access token. Given with each call, so that no `.netrc` of the machine replaces it."""

    def __init__(self, token: str = "") -> None:
        self.token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Add the header."""
        if self.token:
            request.headers["Authorization"] = f"Bearer {self.token}"
        return request


def new_session(adapter: WatchedAdapter | None = None) -> requests.Session:
    """A session that says who we are, and can be hung up on."""
    session = requests.Session()
    session.headers["User-Agent"] = USER_AGENT
    adapter = adapter or WatchedAdapter()
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    return session


def call(  # noqa: PLR0913  # what one HTTP call needs
    session: requests.Session,
    method: str,
    address: str,
    *,
    auth: AuthBase,
    headers: Mapping[str, str],
    data: Mapping[str, str] | str | None = None,
    longest: int = LONGEST_ANSWER,
    patience: Patience = USUAL,
) -> Answer:
    """Call in a `new_session` and read the answer whole, at most `longest` bytes.

    Raises ServiceFailed for everything but a 2xx.
    """
    until = time.monotonic() + patience.whole
    body = data.encode() if isinstance(data, str) else data
    try:
        with (
            hung_up_after(session.get_adapter(address), patience.whole),
            session.request(
                method,
                address,
                headers=dict(headers),
                data=body,
                auth=auth,
                timeout=(patience.connect, patience.read),
                allow_redirects=False,
                stream=True,
            ) as response,
        ):
            content = _read(response, longest)
    except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
        reason = "slow" if time.monotonic() >= until else _network_reason(error)
        raise ServiceFailed(reason, type(error).__name__) from error
    if time.monotonic() >= until:
        raise ServiceFailed("slow", "answer takes too long")  # and may be cut off
    status = response.status_code
    if 200 <= status < 300:
        return Answer(status, response.headers, content)
    raise ServiceFailed(
        _status_reason(status, content),
        str(status),
        status=status,
        retry_after=_retry_after(response.headers.get("Retry-After", "")),
        body=content,
    )


def _read(response: requests.Response, longest: int) -> bytes:
    content = bytearray()
    for piece in response.iter_content(PIECE):
        content += piece
        if len(content) > longest:
            raise ServiceFailed("too_long", f"more than {longest} bytes")
    return bytes(content)


def _network_reason(error: Exception) -> str:
    """A name or port that does not answer is `unreachable`; one that keeps us waiting `slow`."""
    inner = error.args[0] if error.args else None
    late = isinstance(error, requests.ReadTimeout) or isinstance(
        inner, urllib3.exceptions.ReadTimeoutError
    )
    return "slow" if late else "unreachable"


def _status_reason(status: int, content: bytes) -> str:
    if status == 403 and is_throttling(content):
        return "rate_limited"
    if status in REASONS:
        return REASONS[status]
    if 300 <= status < 400:
        return "redirected"
    return "broken" if status >= 500 else "refused"


def _retry_after(value: str) -> float | None:
    """Read the header (RFC 9110, 10.2.3): seconds, or a date."""
    if value.isascii() and value.isdecimal():
        return float(min(int(value[:9]), LONGEST_WAIT))
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    seconds = (moment - datetime.now(UTC)).total_seconds()
    return min(max(seconds, 0.0), LONGEST_WAIT)
