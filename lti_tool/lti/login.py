"""The login initiation of a platform, answered (OIDC third-party login, LTI 1.3 core 5.1.1)."""

from dataclasses import dataclass

from flask import g, request
from pylti1p3.contrib.flask import FlaskOIDCLogin, FlaskRequest
from pylti1p3.exception import OIDCException

from lti_tool.lti import state
from lti_tool.lti.claims import LaunchRefused
from lti_tool.lti.library import OneRequest, StateCookie, ToolConfiguration
from lti_tool.lti.platform import Platform, find_platform

LONGEST_TARGET = 100


@dataclass(frozen=True)
class Login:
    """The answer to a login initiation: where to go, and what the browser must keep meanwhile."""

    address: str
    state: str
    proof: str
    """A secret for this browser only; it comes back in the cookie, or out of a storage."""
    storage_target: str
    registration: Platform


def begin_login(launch_url: str, login_path: str) -> Login:
    """Answer a login initiation (OIDC third-party login).

    Raises LaunchRefused when a parameter is missing or the platform is unknown.
    """
    cookies, session = StateCookie(FlaskRequest()), OneRequest()
    issuer = request.values.get("iss")
    if not issuer:
        raise LaunchRefused("incomplete_login", "iss")
    if not all(value.isprintable() for value in (login_path, *request.values.values())):
        raise LaunchRefused("malformed_login")
    registration = find_platform(issuer, request.values.get("client_id"), login_path)
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
