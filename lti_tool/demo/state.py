"""What the LMS knows and remembers while it runs: its tool, its key, and what it handed out.

All of it is in memory and guarded by locks, so the LMS runs in one process with any threads.
"""

import secrets
import time
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any, Generic, Literal, TypeVar, cast
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import rsa
from flask import current_app
from jwt.algorithms import RSAAlgorithm

from lti_tool.demo.courses import Courses, LmsCourse
from lti_tool.demo.gradebook import Gradebook
from lti_tool.demo.school import Activity, LmsPerson, School

DEFAULT_CLIENT_ID = "demo-tool"
DEFAULT_DEPLOYMENT_ID = "1"

Value = TypeVar("Value")
Target = Literal["iframe", "window"]


@dataclass(frozen=True)
class ToolAddress:
    """The registration of the tool with this LMS, and every address that follows from it."""

    issuer: str
    """The LMS's own base URL, without a slash at the end."""
    tool_url: str
    """The tool's base URL, without a slash at the end."""
    client_id: str = DEFAULT_CLIENT_ID
    deployment_id: str = DEFAULT_DEPLOYMENT_ID

    @property
    def auth_login_url(self) -> str:
        """The LMS's OIDC authentication endpoint."""
        return f"{self.issuer}/auth"

    @property
    def auth_token_url(self) -> str:
        """The LMS's token endpoint."""
        return f"{self.issuer}/token"

    @property
    def jwks_url(self) -> str:
        """The LMS's key set."""
        return f"{self.issuer}/jwks"

    @property
    def tool_login_url(self) -> str:
        """Where a login is initiated."""
        return f"{self.tool_url}/lti/login"

    @property
    def tool_launch_url(self) -> str:
        """The one registered redirect_uri, and the target of every activity."""
        return f"{self.tool_url}/lti/launch"

    @property
    def tool_jwks_url(self) -> str:
        """The tool's key set."""
        return f"{self.tool_url}/lti/jwks.json"

    @property
    def tool_origin(self) -> str:
        """Scheme, host and port of the tool, for the content security policy."""
        parts = urlsplit(self.tool_url)
        return f"{parts.scheme}://{parts.netloc}"


@dataclass(frozen=True)
class PendingLaunch:
    """What the LMS remembers between the login initiation and the authentication request."""

    person: LmsPerson
    activity: Activity | None
    """None for a launch from the course menu."""
    target: Target
    return_url: str
    tool: ToolAddress
    course: LmsCourse
    adds_activity: bool = False
    """True: the tool is asked for a new activity (deep linking)."""
    language: str = "nl"
    """In which the LMS shows itself to this person."""


@dataclass(frozen=True, kw_only=True)
class RegisteredTool(ToolAddress):
    """A tool that registered itself: its addresses are the ones it sent, not ours to derive."""

    name: str
    login_url: str
    launch_url: str
    jwks_url_of_tool: str
    custom: dict[str, str]
    claims: frozenset[str]

    @property
    def tool_login_url(self) -> str:
        """The initiate_login_uri it sent."""
        return self.login_url

    @property
    def tool_launch_url(self) -> str:
        """The redirect_uri it sent."""
        return self.launch_url

    @property
    def tool_jwks_url(self) -> str:
        """The jwks_uri it sent."""
        return self.jwks_url_of_tool


class ExpiringStore(Generic[Value]):
    """Values by key, each for a limited time."""

    def __init__(self) -> None:
        self._entries: dict[str, tuple[float, Value]] = {}
        self._lock = Lock()

    def add(self, key: str, value: Value, *, seconds: float) -> bool:
        """Remember `value`; False, and nothing changes, when the key is still in use."""
        now = time.time()
        with self._lock:
            self._entries = {name: kept for name, kept in self._entries.items() if kept[0] > now}
            if key in self._entries:
                return False
            self._entries[key] = (now + seconds, value)
            return True

    def get(self, key: str) -> Value | None:
        """Return the value while it lives."""
        expires, value = self._entries.get(key, (0.0, None))
        return value if expires > time.time() else None

    def take(self, key: str) -> Value | None:
        """Return the value while it lives, to one caller only."""
        with self._lock:
            expires, value = self._entries.pop(key, (0.0, None))
        return value if expires > time.time() else None


class SigningKey:
    """The RSA key of this run; a restart brings a new one, which tools must cope with."""

    def __init__(self) -> None:
        self.id = secrets.token_hex(10)
        self.private = rsa.generate_private_key(public_exponent=65537, key_size=2048)

    def public_jwk(self) -> dict[str, Any]:
        """Return the public part as a JSON Web Key (RFC 7517)."""
        key = RSAAlgorithm.to_jwk(self.private.public_key(), as_dict=True)
        return {
            "kty": key["kty"],
            "alg": "RS256",
            "kid": self.id,
            "e": key["e"],
            "n": key["n"],
            "use": "sig",
        }


@dataclass(frozen=True)
class Lms:
    """One running LMS."""

    school: School
    tool: ToolAddress
    gradebook: Gradebook
    courses: Courses
    storage_target: str = ""
    """The frame that answers `lti.*` messages; "" when there is none."""
    mailbox: Path | None = None
    """The folder with the `.eml` files of the tool; None where it really mails, or does not."""
    key: SigningKey = field(default_factory=SigningKey)
    launches: ExpiringStore[PendingLaunch] = field(default_factory=ExpiringStore)
    """By lti_message_hint."""
    tokens: ExpiringStore[frozenset[str]] = field(default_factory=ExpiringStore)
    """The scopes of each access token."""
    assertions: ExpiringStore[None] = field(default_factory=ExpiringStore)
    """The jti of every client assertion that was honoured."""
    registrations: ExpiringStore[bool] = field(default_factory=ExpiringStore)
    """Registration tokens that were handed out and not used yet."""
    registered: dict[str, RegisteredTool] = field(default_factory=dict)
    """Tools that registered themselves, by client id."""
    active: set[str] = field(default_factory=set)
    """The client ids of those that the administrator activated; the others are pending."""
    deep_links: ExpiringStore[str] = field(default_factory=ExpiringStore)
    """The course each deep linking request was made from, by the `data` we sent along."""
    answers: ExpiringStore[None] = field(default_factory=ExpiringStore)
    """The nonce of every deep linking answer that was accepted."""

    def tool_called(self, client_id: str) -> ToolAddress | None:
        """Return the tool, unless it still waits for the administrator."""
        if client_id == self.tool.client_id:
            return self.tool
        return self.registered.get(client_id) if client_id in self.active else None

    def url(self, path: str) -> str:
        """Return the full address of a path of this LMS."""
        return self.tool.issuer + path


def current_lms() -> Lms:
    """Return the LMS that answers this request."""
    return cast("Lms", current_app.extensions["demo_lms"])
