"""How we describe ourselves to a platform: one description, in the two forms they read.

LTI Dynamic Registration 1.0, section 3, and Canvas' own JSON. Only what a platform says it has is
asked for, so that no variable comes back unresolved.
"""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

from flask_babel import gettext as _

from lti_tool.languages import in_dutch
from lti_tool.lti import canvas
from lti_tool.lti.claims import (
    DEEP_LINKING_REQUEST,
    HISTORY,
    RESOURCE_LINK_REQUEST,
    SECTIONS,
)
from lti_tool.lti.quirks import STUDENT_VIEW

TOOL_CONFIGURATION = "https://purl.imsglobal.org/spec/lti-tool-configuration"
SCOPES = (
    "https://purl.imsglobal.org/spec/lti-ags/scope/lineitem",
    "https://purl.imsglobal.org/spec/lti-ags/scope/result.readonly",
    "https://purl.imsglobal.org/spec/lti-ags/scope/score",
    "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly",
)
VARIABLES = {
    HISTORY: "Context.id.history",
    SECTIONS: "com.instructure.User.sectionNames",
    STUDENT_VIEW: "com.instructure.User.student_view",
}
CLAIMS = ("iss", "sub", "name", "given_name", "family_name")
PLACEMENTS = {
    RESOURCE_LINK_REQUEST: ("course_navigation",),
    DEEP_LINKING_REQUEST: ("assignment_selection", "link_selection"),
}
"""Canvas offers a message only where it was told to; other platforms have places of their own."""


def registration_request(
    base_url: str,
    *,
    login_path: str = "",
    scopes: Iterable[str],
    variables: Iterable[str],
    placements: Mapping[str, Iterable[str]],
) -> dict[str, Any]:
    """Return the body of a registration with a platform that offers these scopes and variables.

    `placements` holds per message type the places where the platform can show it.
    """
    launch = f"{base_url}/lti/launch"
    offered = {kind: frozenset(places) for kind, places in placements.items()}
    messages = [_message(kind, launch, offered.get(kind, frozenset())) for kind in PLACEMENTS]
    tool: dict[str, Any] = {
        "domain": urlsplit(base_url).netloc,
        "target_link_uri": launch,
        "description": description(),
        "custom_parameters": _custom(variables),
        "claims": list(CLAIMS),
        "messages": messages,
    }
    if any("placements" in one for one in messages):
        tool[f"{canvas.EXTENSION}privacy_level"] = canvas.PRIVACY
        tool[f"{canvas.EXTENSION}tool_id"] = canvas.TOOL_ID
    wanted = frozenset(scopes)
    return {
        "application_type": "web",
        "response_types": ["id_token"],
        "grant_types": ["implicit", "client_credentials"],
        "initiate_login_uri": f"{base_url}/lti/login" + (login_path and f"/{login_path}"),
        "redirect_uris": [launch],
        "client_name": title(),
        "jwks_uri": f"{base_url}/lti/jwks.json",
        "token_endpoint_auth_method": "private_key_jwt",
        "scope": " ".join(scope for scope in SCOPES if scope in wanted),
        TOOL_CONFIGURATION: tool,
    }


def canvas_configuration(base_url: str) -> dict[str, Any]:
    """Return the configuration that a Canvas administrator pastes, or lets Canvas fetch."""
    launch = f"{base_url}/lti/launch"
    return {
        "title": title(),
        "description": description(),
        "oidc_initiation_url": f"{base_url}/lti/login",
        "target_link_uri": launch,
        "public_jwk_url": f"{base_url}/lti/jwks.json",
        "scopes": list(SCOPES),
        "custom_fields": _custom(VARIABLES.values()),
        "extensions": [
            {
                "platform": "canvas.instructure.com",
                "domain": urlsplit(base_url).netloc,
                "tool_id": canvas.TOOL_ID,
                "privacy_level": canvas.PRIVACY,
                "settings": {
                    "text": title(),
                    "placements": [
                        _placement(place, kind, launch)
                        for kind, places in PLACEMENTS.items()
                        for place in places
                    ],
                },
            }
        ],
    }


def title() -> str:
    """The name under which people find us in their course."""
    with in_dutch():
        return _("Loopbaangesprek")


def description() -> str:
    """One line for whoever chooses us from a list."""
    with in_dutch():
        return _(
            "Leerlingen bereiden hun loopbaangesprek voor, docenten voeren het met een gids "
            "ernaast, en wat is afgesproken komt terug in het volgende gesprek."
        )


def _custom(variables: Iterable[str]) -> dict[str, str]:
    offered = frozenset(variables)
    return {name: f"${one}" for name, one in VARIABLES.items() if one in offered}


def _message(kind: str, launch: str, offered: frozenset[str]) -> dict[str, Any]:
    """Name our places in the words of the platform, or none where it has none of them."""
    message: dict[str, Any] = {"type": kind, "target_link_uri": launch, "label": title()}
    places = [
        name
        for place in PLACEMENTS[kind]
        for name in (f"{canvas.EXTENSION}{place}", place)
        if name in offered
    ]
    if places:
        message["placements"] = places
        if kind == RESOURCE_LINK_REQUEST:
            message[f"{canvas.EXTENSION}visibility"] = "members"
    return message


def _placement(place: str, kind: str, launch: str) -> dict[str, Any]:
    settings: dict[str, Any] = {
        "placement": place,
        "message_type": kind,
        "target_link_uri": launch,
        "text": title(),
        "enabled": True,
    }
    if kind == RESOURCE_LINK_REQUEST:
        settings["visibility"] = "members"
        settings["default"] = "enabled"
    return settings
