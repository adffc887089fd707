"""LTI Dynamic Registration 1.0: read who the platform is, register with it, read what it answers.

Everything here came from somebody who holds a link; nothing is believed but what fits the host
the administrator confirmed. Knows no models.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from lti_tool.lti import canvas
from lti_tool.lti.description import SCOPES, TOOL_CONFIGURATION, registration_request
from lti_tool.lti.fetch import FetchRefused, checked_address, fetch_json, host_of, origin_of
from lti_tool.lti.quirks import present, token_audience

PLATFORM_CONFIGURATION = "https://purl.imsglobal.org/spec/lti-platform-configuration"
LONGEST_TOKEN = 16 * 1024
LONGEST_ID = 255
EVERYWHERE = "Context.id.history"
"""The one variable of ours that is in the standard: asked for where a platform lists none."""


class RegistrationRefused(Exception):
    """A registration that cannot go on; `reason` is one word for the log and the page."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.detail = detail


@dataclass(frozen=True, kw_only=True)
class Invitation:
    """What the platform adds to our link when its administrator opens it there."""

    configuration_url: str
    token: str

    @property
    def host(self) -> str:
        """Who it says it is: host, with a port when that is unusual."""
        return origin_of(self.configuration_url).partition("://")[2]


@dataclass(frozen=True, kw_only=True)
class PlatformConfiguration:
    """A platform that may register: all its addresses are its own."""

    issuer: str
    auth_login_url: str
    auth_token_url: str
    token_audience: str
    jwks_url: str
    registration_url: str
    family: str
    scopes: tuple[str, ...]
    variables: tuple[str, ...]
    placements: Mapping[str, tuple[str, ...]]
    """By message type."""


@dataclass(frozen=True, kw_only=True)
class Registered:
    """What the platform gave us. `deployment_id` is "" where the first launch will tell it."""

    client_id: str
    deployment_id: str


def read_invitation(values: Mapping[str, str], *, local: bool) -> Invitation:
    """Read the two parameters, without fetching anything. Raises RegistrationRefused."""
    address = values.get("openid_configuration", "")
    token = values.get("registration_token", "")
    if not address:
        raise RegistrationRefused("not_opened_by_platform")
    if len(token) > LONGEST_TOKEN or not token.isascii() or not token.isprintable():
        raise RegistrationRefused("malformed_registration_token")
    try:
        return Invitation(configuration_url=checked_address(address, local=local), token=token)
    except FetchRefused as error:
        raise RegistrationRefused(error.reason, error.detail) from error


def fetch_configuration(
    invitation: Invitation, *, own_host: str, local: bool
) -> PlatformConfiguration:
    """Fetch the platform's OpenID configuration and hold it against the host it came from.

    `own_host`: a school's own domain of hosted Canvas, when the link names one. Raises
    RegistrationRefused, or FetchRefused.
    """
    said = fetch_json(invitation.configuration_url, local=local, token=invitation.token)
    issuer = _text(said, "issuer")
    for address in (invitation.configuration_url, _text(said, "registration_endpoint")):
        if not _is_its_own(address, issuer, own_host):
            raise RegistrationRefused("foreign_host", f"{host_of(address)} for {issuer[:120]}")
    for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
        if not _is_its_own(_text(said, name), issuer, ""):
            raise RegistrationRefused("foreign_host", f"{name} of {issuer[:120]}")
    about = said.get(PLATFORM_CONFIGURATION)
    about = about if isinstance(about, dict) else {}
    return PlatformConfiguration(
        issuer=issuer,
        auth_login_url=_text(said, "authorization_endpoint"),
        auth_token_url=_text(said, "token_endpoint"),
        token_audience=token_audience(said.get("authorization_server")),
        jwks_url=_text(said, "jwks_uri"),
        registration_url=_text(said, "registration_endpoint"),
        family=present(about.get("product_family_code")).lower()[:40],
        scopes=_listed(said.get("scopes_supported")) or SCOPES,
        variables=_listed(about.get("variables")) or (EVERYWHERE,),
        placements=_placements(about.get("messages_supported")),
    )


def register_with(
    platform: PlatformConfiguration, *, base_url: str, login_path: str, token: str, local: bool
) -> Registered:
    """Register there, and return what it called us. Raises RegistrationRefused or FetchRefused."""
    answer = fetch_json(
        platform.registration_url,
        local=local,
        token=token,
        body=registration_request(
            base_url,
            login_path=login_path,
            scopes=platform.scopes,
            variables=platform.variables,
            placements=platform.placements,
        ),
    )
    tool = answer.get(TOOL_CONFIGURATION)
    tool = tool if isinstance(tool, dict) else {}
    client_id = _identifier(answer.get("client_id"))
    if not client_id:
        raise RegistrationRefused("no_client_id")
    # Canvas says it at the top, Moodle inside.
    deployment = answer.get("deployment_id") or tool.get("deployment_id")
    return Registered(client_id=client_id, deployment_id=_identifier(deployment))


def frame_origins(configuration_url: str) -> list[str]:
    """The origins that show the registration in a frame, as far as the address tells."""
    origin = origin_of(configuration_url)
    hosted = canvas.is_hosted(host_of(configuration_url))
    return [one for one in (origin, canvas.FRAME_ORIGIN if hosted else "") if one]


def _is_its_own(address: str, issuer: str, own_host: str) -> bool:
    """Whether an address is the issuer's: same origin, or hosted Canvas speaking for its issuer.

    The tool may itself be on loopback, where the platform is a port.
    """
    origin, host = origin_of(address), host_of(address)
    if not origin:
        return False
    if origin == origin_of(issuer):
        return True
    if not origin.startswith("https://"):
        return False
    return canvas.speaks_for(host, issuer) or (host == own_host and canvas.is_hosted_issuer(issuer))


def _text(said: Mapping[str, Any], name: str) -> str:
    value = said.get(name)
    if not isinstance(value, str) or not value or len(value) > 2000 or not value.isprintable():
        raise RegistrationRefused("incomplete_configuration", name)
    return value


def _identifier(value: object) -> str:
    text = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    return text if len(text) <= LONGEST_ID and text.isprintable() else ""


def _listed(value: object) -> tuple[str, ...]:
    return tuple(one for one in value if isinstance(one, str)) if isinstance(value, list) else ()


def _placements(value: object) -> dict[str, tuple[str, ...]]:
    messages: Iterable[object] = value if isinstance(value, list) else []
    return {
        str(one.get("type")): _listed(one.get("placements"))
        for one in messages
        if isinstance(one, dict)
    }
