"""PyLTI1p3 with its weak spots closed, each by the hook the library offers.

| stock behaviour | here |
|---|---|
| nonce never consumed, not bound to the state | `validate_nonce` consumes both, once signed |
| the same token skips the cookie check | `validate_state` always asks for the cookie |
| launch data lies readable in the Flask cookie | nothing is stored (`OneRequest`) |
| exp, iat optional, no age limit, no leeway | `validate_jwt_signature` |
| azp ignored, only aud[0] read | `get_client_id` |
| malformed tokens raise anything | `validate_jwt_format`, and `validate` wraps the rest |
| unknown issuer is a bare exception | `ToolConfiguration` over our registrations |
| key set fetched each time, no timeout, errors kept | `KeySets` |
| deployment and message validators crash on odd claims, or let them in | left to `read_launch` |

`tests/lti_tool/lti/test_stock_*.py` shows each on both sides. Every call of the library is by
keyword, so that its fork can take its place.
"""

import base64
import binascii
import json
import time
from dataclasses import dataclass
from typing import Any

import jwt
import requests
from flask import current_app, g, request
from pylti1p3.contrib.flask import FlaskMessageLaunch, FlaskRequest
from pylti1p3.exception import LtiException
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.exceptions import RequestEntityTooLarge

from lti_tool.lti import state
from lti_tool.lti.claims import Launch, LaunchRefused, read_launch
from lti_tool.lti.cookies import has_other_state_cookies, state_cookie_name
from lti_tool.lti.keysets import KeySets
from lti_tool.lti.library import (
    OneRequest,
    StateCookie,
    ToolConfiguration,
    library_registration,
)
from lti_tool.lti.platform import find_platform, known_origins
from lti_tool.models import db

LEEWAY_SECONDS = 60
OLDEST_TOKEN_SECONDS = 60 * 60
LONGEST_TOKEN = 64 * 1024
NO_CALLS = requests.Session()
"""The library makes one for each launch, for calls that `KeySets` and `connector.py` make here."""
WRONG_TYPES = (TypeError, ValueError, AttributeError)
"""What code says that expected a claim of another type."""


class ToolMessageLaunch(FlaskMessageLaunch):  # type: ignore[misc]
    """One launch post, validated in an order in which nothing unsigned is believed."""

    def __init__(self) -> None:
        super().__init__(
            request=FlaskRequest(request_data=request.form),
            tool_config=ToolConfiguration(),
            session_service=OneRequest(),
            cookie_service=StateCookie(FlaskRequest()),
            requests_session=NO_CALLS,
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
        except (LtiException, LookupError, ArithmeticError, *WRONG_TYPES) as error:
            raise LaunchRefused("malformed_token", f"{type(error).__name__}: {error}") from error
        return self

    def validate_state(self) -> "ToolMessageLaunch":
        """The cookie of this state is the proof that the login began in this browser."""
        value = self._get_request_param("state")
        if not value:
            raise LaunchRefused("missing_state")
        self.begun = state.begun(value)  # first: of a login long past, its cookie is gone too
        g.registration = self.begun.registration
        cookie = request.cookies.get(state_cookie_name(value))
        of_another = cookie is not None and state.digest(cookie) != self.begun.proof_hash
        if of_another or (cookie is None and has_other_state_cookies()):
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
        if audience is None:
            raise LaunchRefused("missing_audience")
        if not audiences or not all(isinstance(one, str) and one for one in audiences):
            raise LaunchRefused("wrong_audience")
        if party is None and len(audiences) == 1:
            return str(audiences[0])
        if party not in audiences:
            raise LaunchRefused("wrong_audience", "azp")
        return str(party)

    def validate_registration(self) -> "ToolMessageLaunch":
        """The token must be of the platform the login went to."""
        issuer = self._jwt["body"].get("iss")
        if issuer is None:
            raise LaunchRefused("missing_issuer")
        if not isinstance(issuer, str) or not issuer.isprintable():
            raise LaunchRefused("malformed_issuer")
        client_id = self.get_client_id()
        row = self.begun.registration
        if (issuer, client_id) != (row.issuer, row.client_id):
            find_platform(issuer, client_id)
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
            raise LaunchRefused("missing_kid")
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
        except jwt.ImmatureSignatureError as error:
            raise LaunchRefused("issued_in_the_future") from error
        except jwt.MissingRequiredClaimError as error:
            raise LaunchRefused(f"missing_{error.claim}") from error
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
    if "error" in posted():
        _recognise_platform("")
        words = (request.form["error"][:80], request.form.get("error_description", "")[:200])
        raise LaunchRefused("platform_error", ": ".join(filter(None, words)))
    message = ToolMessageLaunch()
    try:
        message.validate()
    except LaunchRefused:
        _recognise_platform(request.form.get("id_token", ""))
        raise
    try:
        launch = read_launch(message.get_launch_data(), client_id=message.get_client_id())
    except LaunchRefused:
        db.session.commit()
        raise
    return Received(launch, message.begun, message.browser_known)


def posted() -> ImmutableMultiDict[str, str]:
    """The fields of this post. Raises LaunchRefused when they are more than we read."""
    try:
        return request.form
    except RequestEntityTooLarge as error:
        raise LaunchRefused("too_large") from error


def _recognise_platform(token: str) -> None:
    """Let a refusal be shown in the frame of the platform it seems to come from.

    Nothing else follows from what is read here: it is not verified. A refusal holds no data of
    anybody, and only a platform we know can be named.
    """
    if "registration" in g:
        return
    try:
        value = request.form.get("state", "")
        if not token:
            try:
                g.registration = state.begun(value).registration
            except LaunchRefused:  # Back led to an error of the platform about a login long past
                g.frame_origins = known_origins()
            return
        claims = _json_object(token[:LONGEST_TOKEN].split(".")[1])
        audience = claims.get("aud")
        client_id = audience[0] if isinstance(audience, list) else audience
        g.registration = find_platform(_printable(claims.get("iss")), _printable(client_id))
    except (LaunchRefused, LookupError, UnicodeError):
        return


def _printable(value: object) -> str:
    if not isinstance(value, str) or not value.isprintable() or not value:
        raise LaunchRefused("malformed_token")
    return value


def _json_object(part: str) -> dict[str, Any]:
    try:
        value = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (binascii.Error, ValueError, RecursionError) as error:
        raise LaunchRefused("malformed_token", "not JSON") from error
    if not isinstance(value, dict):
        raise LaunchRefused("malformed_token", "not an object")
    return value
