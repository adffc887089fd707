"""The key set and the token endpoint: client credentials with a signed assertion.

1EdTech Security Framework 1.0, section 4; RFC 7523. Unlike Moodle we do look at the audience.
"""

import secrets
import time
from typing import Any

import jwt
import requests
from flask import Blueprint, Response, jsonify, request
from werkzeug.datastructures import MultiDict

from lti_tool.demo.state import Lms, ToolAddress, current_lms
from lti_tool.demo.vocabulary import SUPPORTED_SCOPES

tokens = Blueprint("tokens", __name__)

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
TOKEN_LIFETIME = 3600
LONGEST_ASSERTION = 3600
KEY_SET_TIMEOUT = 5
NEEDED_CLAIMS = ["iss", "sub", "aud", "exp", "iat", "jti"]


class TokenRefused(Exception):
    """The request gets an error answer (RFC 6749, section 5.2)."""

    def __init__(self, code: str, description: str) -> None:
        super().__init__(code)
        self.code, self.description = code, description


@tokens.get("/jwks")
def key_set() -> Response:
    """Our public key."""
    response = jsonify(keys=[current_lms().key.public_jwk()])
    response.cache_control.public = True
    response.cache_control.max_age = 300
    return response


@tokens.post("/token")
def token() -> Response:
    """Give the tool an access token for the scopes we know."""
    lms = current_lms()
    try:
        scopes = _granted_scopes(lms, request.form)
    except TokenRefused as refusal:
        response = jsonify(error=refusal.code, error_description=refusal.description)
        response.status_code = 401 if refusal.code == "invalid_client" else 400
        return response
    access_token = secrets.token_hex(16)
    lms.tokens.add(access_token, frozenset(scopes), seconds=TOKEN_LIFETIME)
    return jsonify(
        access_token=access_token,
        token_type="Bearer",  # noqa: S106 a kind of token, not one
        expires_in=TOKEN_LIFETIME,
        scope=" ".join(scopes),
    )


def _granted_scopes(lms: Lms, sent: MultiDict[str, str]) -> list[str]:
    repeated = next((name for name in sent if len(sent.getlist(name)) > 1), None)
    if repeated:
        raise TokenRefused("invalid_request", f"{repeated[:40]} was sent more than once")
    if sent.get("grant_type") != "client_credentials":
        raise TokenRefused("unsupported_grant_type", "grant_type must be client_credentials")
    if sent.get("client_assertion_type") != ASSERTION_TYPE:
        raise TokenRefused("invalid_request", f"client_assertion_type must be {ASSERTION_TYPE}")
    _check_assertion(lms, sent.get("client_assertion", ""))
    wanted = sent.get("scope", "").split()
    scopes = [scope for scope in SUPPORTED_SCOPES if scope in wanted]
    if not scopes:
        raise TokenRefused("invalid_scope", "none of these scopes is offered here")
    return scopes


def _check_assertion(lms: Lms, assertion: str) -> None:
    """Raise TokenRefused unless the tool signed this assertion, for us, now, for the first time."""
    try:
        tool = _claimed_tool(lms, assertion)
        key = tool_key(tool, jwt.get_unverified_header(assertion).get("kid"))
        claims = jwt.decode(
            assertion,
            key,
            algorithms=["RS256"],
            audience=lms.tool.auth_token_url,
            issuer=tool.client_id,
            subject=tool.client_id,
            options={"require": NEEDED_CLAIMS},
        )
        remaining = float(claims["exp"]) - time.time()
    # PyJWT lets the last three through when a claim or a key part is of the wrong type.
    except (jwt.PyJWTError, ArithmeticError, TypeError, ValueError) as error:
        raise TokenRefused("invalid_client", f"client_assertion: {error}") from error
    if remaining > LONGEST_ASSERTION:
        raise TokenRefused("invalid_client", "client_assertion: exp is too far away")
    if not isinstance(claims["jti"], str) or not claims["jti"]:
        raise TokenRefused("invalid_client", "client_assertion: jti must be a text")
    if not lms.assertions.add(claims["jti"], None, seconds=remaining):
        raise TokenRefused("invalid_client", "client_assertion: jti was used before")


def _claimed_tool(lms: Lms, assertion: str) -> ToolAddress:
    """The tool that says it signed this; its key must prove it."""
    claims = jwt.decode(assertion, options={"verify_signature": False})
    tool = lms.tool_called(str(claims.get("iss")))
    if tool is None:
        raise TokenRefused("invalid_client", "client_assertion: iss is no tool of ours")
    return tool


def tool_key(tool: ToolAddress, key_id: object) -> jwt.PyJWK:
    """Fetch the tool's key set; it is asked each time, so a rotated key counts at once."""
    if not key_id:
        raise TokenRefused("invalid_client", "client_assertion: no kid")
    try:
        answer = requests.get(tool.tool_jwks_url, timeout=KEY_SET_TIMEOUT, allow_redirects=False)
        answer.raise_for_status()
        data: Any = answer.json()
    except requests.RequestException as error:
        raise TokenRefused("invalid_client", "the tool's key set cannot be fetched") from error
    keys = data.get("keys") if isinstance(data, dict) else None
    for key in keys if isinstance(keys, list) else []:
        if isinstance(key, dict) and key.get("kid") == key_id:
            return jwt.PyJWK.from_dict(key)
    raise TokenRefused("invalid_client", "client_assertion: kid is not in the tool's key set")
