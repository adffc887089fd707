"""PyLTI1p3 with its weak spots closed, each by the hook the library offers.

| stock behaviour | here |
|---|---|
| nonce never consumed, not bound to the state | `validate` consumes both after the signature |
| the same token skips the cookie check | `validate_state` always asks for the cookie |
| launch data lies readable in the Flask cookie | nothing is stored (`save_launch_data`) |
| exp, iat, nbf optional; no leeway | `validate_jwt_signature` |
| azp ignored, only aud[0] read | `get_client_id` |
| malformed tokens raise anything | `validate_jwt_format`, and `validate` wraps the rest |
| unknown issuer is a bare exception | `ToolConfiguration` over our registrations |
| key set fetched each time, no timeout | `KeySets` |
| deployment and message validators crash on odd claims | left to `read_launch` |

Every call of the library is by keyword, so that its fork can take its place.
"""

import base64
import binascii
import json
import time
from dataclasses import dataclass
from typing import Any

import jwt
from flask import current_app, g, request
from pylti1p3.contrib.flask import (
    FlaskCookieService,
    FlaskMessageLaunch,
    FlaskOIDCLogin,
    FlaskRequest,
)
from pylti1p3.deployment import Deployment as LibraryDeployment
from pylti1p3.exception import LtiException, OIDCException
from pylti1p3.registration import Registration as LibraryRegistration
from pylti1p3.session import SessionService
from pylti1p3.tool_config import ToolConfAbstract
from sqlalchemy import select

from lti_tool.lti import state
from lti_tool.lti.claims import Launch, LaunchRefused, read_launch
from lti_tool.lti.cookies import has_other_state_cookies, state_cookie_name
from lti_tool.lti.keysets import KeySets
from lti_tool.models import Registration, db

LEEWAY_SECONDS = 60
OLDEST_TOKEN_SECONDS = 15 * 60
LONGEST_TOKEN = 64 * 1024
LONGEST_TARGET = 100


class ToolConfiguration(ToolConfAbstract):  # type: ignore[misc]
    """Registrations from the database; one issuer may have many clients (Canvas)."""

    def check_iss_has_one_client(self, iss: str) -> bool:  # noqa: ARG002
        """Never: key by issuer and client id."""
        return False

    def check_iss_has_many_clients(self, iss: str) -> bool:  # noqa: ARG002
        """Always."""
        return True

    def find_registration_by_issuer(self, iss: str, *args: Any, **kwargs: Any) -> Any:  # noqa: ARG002
        """Not used: an issuer alone does not name a registration."""
        raise LaunchRefused("unknown_platform")

    def find_registration_by_params(
        self,
        iss: str,
        client_id: str | None,
        *args: Any,  # noqa: ARG002
        **kwargs: Any,  # noqa: ARG002
    ) -> LibraryRegistration:
        """Give the library the row this request is about, or refuse."""
        row: Registration | None = g.get("registration")
        if row is None or (row.issuer, row.client_id) != (iss, client_id or row.client_id):
            row = find_registration(iss, client_id)
        return library_registration(row)

    def find_deployment(self, iss: str, deployment_id: str) -> None:
        """Not used, see above."""

    def find_deployment_by_params(
        self,
        iss: str,  # noqa: ARG002
        deployment_id: str,
        client_id: str,  # noqa: ARG002
        *args: Any,  # noqa: ARG002
        **kwargs: Any,  # noqa: ARG002
    ) -> LibraryDeployment:
        """Any deployment of a known registration: it is made on its first valid launch."""
        return LibraryDeployment().set_deployment_id(deployment_id)


def library_registration(row: Registration) -> LibraryRegistration:
    """Our row in the library's words."""
    return (
        LibraryRegistration()
        .set_issuer(row.issuer)
        .set_client_id(row.client_id)
        .set_key_set_url(row.jwks_url)
        .set_auth_login_url(row.auth_login_url)
        .set_auth_token_url(row.auth_token_url)
    )


class _OneRequest(SessionService):  # type: ignore[misc]
    """Nothing is kept in a session: state and nonce live in the database."""

    def __init__(self) -> None:
        self.nonce = ""

    def save_nonce(self, nonce: str) -> None:
        self.nonce = nonce


class _StateCookie(FlaskCookieService):  # type: ignore[misc]
    """Remembers the state; the view sets the cookie, partitioned."""

    state = ""

    def set_cookie(self, name: str, value: str | int, exp: int | None = None) -> None:  # noqa: ARG002
        self.state = name

    def update_response(self, response: Any) -> None:
        """The view does this."""


def find_registration(issuer: str, client_id: str | None, login_path: str = "") -> Registration:
    """Return the enabled registration; without a client id the only one of that issuer.

    Raises LaunchRefused("unknown_platform" or "disabled_platform").
    """
    query = select(Registration).where(
        Registration.issuer == issuer, Registration.login_path == login_path
    )
    if client_id:
        query = query.where(Registration.client_id == client_id)
    rows = db.session.scalars(query.limit(2)).all()
    if len(rows) != 1:
        raise LaunchRefused("unknown_platform", f"{issuer[:120]} {(client_id or '')[:80]}")
    if rows[0].disabled_at:
        raise LaunchRefused("disabled_platform", issuer)
    return rows[0]


@dataclass(frozen=True)
class Login:
    """The answer to a login initiation: where to go, and what the browser must keep meanwhile."""

    address: str
    state: str
    proof: str
    """A secret for this browser only; it comes back in the cookie, or out of a storage."""
    storage_target: str
    registration: Registration


def begin_login(launch_url: str, login_path: str) -> Login:
    """Answer a login initiation (OIDC third-party login).

    Raises LaunchRefused when a parameter is missing or the platform is unknown.
    """
    cookies, session = _StateCookie(FlaskRequest()), _OneRequest()
    issuer = request.values.get("iss")
    if not issuer:
        raise LaunchRefused("incomplete_login", "iss")
    registration = find_registration(issuer, request.values.get("client_id"), login_path)
    g.registration = registration
    login = FlaskOIDCLogin(
        request=FlaskRequest(request_data=request.values),
        tool_config=ToolConfiguration(),
        session_service=session,
        cookie_service=cookies,
    )
    try:
        address: str = login.get_redirect_object(launch_url=launch_url).get_redirect_url()
    except OIDCException as error:
        raise LaunchRefused("incomplete_login", str(error)) from error
    proof = state.new_secret()
    storage_target = request.values.get("lti_storage_target", "")[:LONGEST_TARGET]
    state.remember(
        state=cookies.state,
        nonce=session.nonce,
        registration_id=registration.id,
        proof=proof,
        storage_target=storage_target,
    )
    return Login(address, cookies.state, proof, storage_target, registration)


class ToolMessageLaunch(FlaskMessageLaunch):  # type: ignore[misc]
    """One launch post, validated in an order in which nothing unsigned is believed."""

    def __init__(self) -> None:
        super().__init__(
            request=FlaskRequest(request_data=request.form),
            tool_config=ToolConfiguration(),
            session_service=_OneRequest(),
            cookie_service=_StateCookie(FlaskRequest()),
        )
        self.browser_known = False
        self.begun: state.Begun

    def validate(self) -> "ToolMessageLaunch":
        """Run all checks; whatever goes wrong becomes a LaunchRefused with its reason."""
        self._validated = True
        try:
            self.validate_state()
            self.validate_jwt_format()
            self.validate_registration()
            self.validate_jwt_signature()
            self.validate_nonce()
        except LaunchRefused:
            raise
        except (LtiException, LookupError, TypeError, ValueError, AttributeError) as error:
            raise LaunchRefused("malformed_token", f"{type(error).__name__}: {error}") from error
        return self

    def validate_state(self) -> "ToolMessageLaunch":
        """The cookie of this state is the proof that the login began in this browser."""
        value = self._get_request_param("state")
        if not value:
            raise LaunchRefused("missing_state")
        cookie = request.cookies.get(state_cookie_name(value))
        if cookie is None and has_other_state_cookies():
            raise LaunchRefused("state_of_other_browser")
        self.begun = state.begun(value)
        g.registration = self.begun.registration
        if cookie is not None and state.digest(cookie) != self.begun.proof_hash:
            raise LaunchRefused("state_of_other_browser")
        self.browser_known = cookie is not None
        return self

    def validate_jwt_format(self) -> "ToolMessageLaunch":
        """Read header and payload; both must be JSON objects."""
        token = self._get_request_param("id_token")
        if not token:
            raise LaunchRefused("missing_token")
        if len(token) > LONGEST_TOKEN:
            raise LaunchRefused("malformed_token", "too long")
        parts = token.split(".")
        if len(parts) != 3:
            raise LaunchRefused("malformed_token", "not three parts")
        self._jwt = {"header": _json_object(parts[0]), "body": _json_object(parts[1])}
        return self

    def get_client_id(self) -> str:
        """`azp` names us when there are several audiences (OIDC core 3.1.3.7)."""
        body = self._jwt["body"]
        audience, party = body.get("aud"), body.get("azp")
        audiences = audience if isinstance(audience, list) else [audience]
        if not audiences or not all(isinstance(one, str) and one for one in audiences):
            raise LaunchRefused("wrong_audience")
        if party is None and len(audiences) == 1:
            return str(audiences[0])
        if party not in audiences:
            raise LaunchRefused("wrong_audience", "azp")
        return str(party)

    def validate_registration(self) -> "ToolMessageLaunch":
        """The token must be of the platform the login went to."""
        issuer, client_id = self._get_iss(), self.get_client_id()
        row = self.begun.registration
        if (issuer, client_id) != (row.issuer, row.client_id):
            find_registration(issuer, client_id)
            raise LaunchRefused("state_of_other_platform")
        self._registration = library_registration(row)
        return self

    def validate_jwt_signature(self) -> "ToolMessageLaunch":
        """RS256 with a key of the platform; exp and iat required, one minute of leeway."""
        header = self._jwt["header"]
        if header.get("alg") != "RS256":
            raise LaunchRefused("wrong_algorithm", str(header.get("alg"))[:20])
        kid = header.get("kid")
        if not isinstance(kid, str) or not kid:
            raise LaunchRefused("missing_key_id")
        keysets: KeySets = current_app.extensions["lob_keysets"]
        key = keysets.key(self._registration.get_key_set_url(), kid)
        try:
            body = jwt.decode(
                self._get_request_param("id_token"),
                key.key,
                algorithms=["RS256"],
                audience=self.get_client_id(),
                issuer=self._registration.get_issuer(),
                leeway=LEEWAY_SECONDS,
                options={"require": ["exp", "iat", "iss", "aud"]},
            )
        except jwt.ExpiredSignatureError as error:
            raise LaunchRefused("expired_token") from error
        except jwt.InvalidSignatureError as error:
            raise LaunchRefused("wrong_signature") from error
        except jwt.InvalidTokenError as error:
            raise LaunchRefused("invalid_token", type(error).__name__) from error
        if time.time() - float(body["iat"]) > OLDEST_TOKEN_SECONDS:
            raise LaunchRefused("old_token")
        self._jwt["body"] = body
        return self

    def validate_nonce(self) -> "ToolMessageLaunch":
        """Consume state and nonce, now that the token is known to be the platform's."""
        nonce = self._jwt["body"].get("nonce")
        if not isinstance(nonce, str) or not nonce:
            raise LaunchRefused("missing_nonce")
        state.consume(state=self._get_request_param("state"), nonce=nonce)
        return self


@dataclass(frozen=True)
class Received:
    """A verified launch, the login it answers, and whether that login's browser is this one."""

    launch: Launch
    begun: state.Begun
    browser_known: bool
    """False when no cookie of ours came back: then nothing of the person is shown yet."""


def receive_launch() -> Received:
    """Validate the launch in this request. Raises LaunchRefused with its reason.

    What the message asks (a page, a choice of content) is in its claims; state and nonce are
    consumed in the caller's transaction.
    """
    message = ToolMessageLaunch()
    message.validate()
    try:
        launch = read_launch(message.get_launch_data(), client_id=message.get_client_id())
    except LaunchRefused:
        db.session.commit()
        raise
    return Received(launch, message.begun, message.browser_known)


def _json_object(part: str) -> dict[str, Any]:
    try:
        value = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (binascii.Error, ValueError, RecursionError) as error:
        raise LaunchRefused("malformed_token", "not JSON") from error
    if not isinstance(value, dict):
        raise LaunchRefused("malformed_token", "not an object")
    return value
