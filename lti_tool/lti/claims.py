"""Claims become flat names here, once (LTI 1.3 core, section 5); behind it there is `Launch`."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from lti_tool.lti.quirks import is_address, names_the_course, present
from lti_tool.lti.roles import LaunchRole, role_of

CLAIM = "https://purl.imsglobal.org/spec/lti/claim/"
MESSAGE_TYPE = CLAIM + "message_type"
VERSION = CLAIM + "version"
DEPLOYMENT_ID = CLAIM + "deployment_id"
ROLES = CLAIM + "roles"
CONTEXT = CLAIM + "context"
RESOURCE_LINK = CLAIM + "resource_link"
PRESENTATION = CLAIM + "launch_presentation"
RESOURCE_LINK_REQUEST = "LtiResourceLinkRequest"

LONGEST_ID = 255
LONGEST_NAME = 200


class LaunchRefused(Exception):
    """A launch that cannot be accepted; `reason` is one word for the log and the page."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.detail = detail


@dataclass(frozen=True, kw_only=True)
class Launch:
    """A verified launch, in the school's words. Texts are "" where the platform sent nothing."""

    issuer: str
    client_id: str
    deployment_id: str
    sub: str
    name: str
    given_name: str
    family_name: str
    role: LaunchRole
    context_id: str
    context_title: str
    resource_link_id: str
    """ "" for a launch from the course navigation."""
    resource_link_title: str
    return_url: str
    locale: str
    in_frame: bool


def read_launch(claims: Mapping[str, Any], *, client_id: str) -> Launch:
    """Read verified claims; raise LaunchRefused naming the claim that is missing or malformed."""
    if claims.get(MESSAGE_TYPE) != RESOURCE_LINK_REQUEST:
        raise LaunchRefused("unknown_message_type", str(claims.get(MESSAGE_TYPE))[:80])
    if claims.get(VERSION) != "1.3.0":
        raise LaunchRefused("wrong_version")
    roles = claims.get(ROLES)
    if not isinstance(roles, list) or not all(isinstance(role, str) for role in roles):
        raise LaunchRefused("malformed_roles")
    context = _mapping(claims, CONTEXT)
    link = _mapping(claims, RESOURCE_LINK)
    presentation = _mapping(claims, PRESENTATION)
    context_id = _identifier(context.get("id"), "missing_context")
    link_id = _identifier(link.get("id"), "missing_resource_link")
    if names_the_course(link_id, context_id):
        link_id = ""
    return Launch(
        issuer=_identifier(claims.get("iss"), "missing_issuer"),
        client_id=client_id,
        deployment_id=_identifier(claims.get(DEPLOYMENT_ID), "missing_deployment"),
        sub=_identifier(claims.get("sub"), "anonymous"),
        name=_name(claims.get("name")) or _full_name(claims),
        given_name=_name(claims.get("given_name")),
        family_name=_name(claims.get("family_name")),
        role=role_of(roles),
        context_id=context_id,
        context_title=_title(context.get("title")) or _title(context.get("label")),
        resource_link_id=link_id,
        resource_link_title=_title(link.get("title")),
        return_url=_web_address(presentation.get("return_url")),
        locale=present(presentation.get("locale")),
        in_frame=presentation.get("document_target") == "iframe",
    )


def _mapping(claims: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = claims.get(name)
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise LaunchRefused("malformed_" + name.removeprefix(CLAIM))
    return value


def _identifier(value: object, reason: str) -> str:
    if value is None or value == "":
        raise LaunchRefused(reason)
    if not isinstance(value, str) or len(value) > LONGEST_ID or not value.isprintable():
        raise LaunchRefused(reason.replace("missing_", "malformed_"))
    return value


def _name(value: object) -> str:
    name = present(value)[:LONGEST_NAME]
    return "" if is_address(name) else name


def _title(value: object) -> str:
    return present(value)[:LONGEST_NAME]


def _full_name(claims: Mapping[str, Any]) -> str:
    return f"{_name(claims.get('given_name'))} {_name(claims.get('family_name'))}".strip()


def _web_address(value: object) -> str:
    """Keep only what a link may safely point at."""
    address = present(value)
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return address if parts.scheme in {"http", "https"} and parts.netloc else ""
