"""Claims become flat names here, once (LTI 1.3 core, section 5); behind it there is `Launch`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from lti_tool.lti.addresses import course_address
from lti_tool.lti.emails import read_email
from lti_tool.lti.quirks import (
    is_address,
    is_test_user,
    membership_is_real,
    names_the_course,
    present,
    several,
    unresolved,
)
from lti_tool.lti.roles import LaunchRole, member_role_of, role_of
from lti_tool.settings import checked_url

CLAIM = "https://purl.imsglobal.org/spec/lti/claim/"
MESSAGE_TYPE = CLAIM + "message_type"
VERSION = CLAIM + "version"
DEPLOYMENT_ID = CLAIM + "deployment_id"
ROLES = CLAIM + "roles"
CONTEXT = CLAIM + "context"
RESOURCE_LINK = CLAIM + "resource_link"
PRESENTATION = CLAIM + "launch_presentation"
CUSTOM = CLAIM + "custom"
TOOL_PLATFORM = CLAIM + "tool_platform"
ROSTER = "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice"
GRADES = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"
DEEP_LINKING = "https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings"
RESOURCE_LINK_REQUEST = "LtiResourceLinkRequest"
DEEP_LINKING_REQUEST = "LtiDeepLinkingRequest"
MESSAGE_TYPES = (RESOURCE_LINK_REQUEST, DEEP_LINKING_REQUEST)
LINK_TYPE = "ltiResourceLink"

ROUND_KEY = "lob_round"
"""Our name in a deep link's `custom` for the round it opens."""
HISTORY = "context_history"
SECTIONS = "sections"
"""Names under which we ask for variables (`$Context.id.history`, `$com.instructure.User…`)."""

LONGEST_ID = 255
LONGEST_NAME = 200
MOST_LISTED = 50
HOST = re.compile(r"[A-Za-z0-9.\-_]+|\[[0-9A-Fa-f:.]+\]")
"""A host as it may stand in a header of ours."""


class LaunchRefused(Exception):
    """A launch that cannot be accepted; `reason` is one word for the log and the page."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.detail = detail


@dataclass(frozen=True, kw_only=True)
class DeepLinking:
    """What a platform asks when a teacher adds an activity (LTI Deep Linking 2.0, 4.4.1)."""

    return_url: str
    """Where the browser posts our answer."""
    data: str | None
    """To be echoed; Moodle sends none."""
    accept_types: tuple[str, ...]
    accept_multiple: bool
    deployment_id: str
    """The deployment that asks; our answer names it."""

    @property
    def accepts_links(self) -> bool:
        """Whether a link to this tool may be sent back, the only thing we have to offer."""
        return LINK_TYPE in self.accept_types


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
    teaches_too: bool = False
    """Of an administrator: whether they are enrolled as a teacher of this course."""
    context_id: str
    """ "" for a launch outside any course."""
    context_title: str
    resource_link_id: str
    """ "" for a launch from the course navigation."""
    resource_link_title: str
    return_url: str
    in_frame: bool
    locale: str = ""
    """LTI: the language and country in which the platform shows itself to this person."""
    round_key: str = ""
    """Our own id of the round, from a deep link's `custom`; survives a copy of the course."""
    history: tuple[str, ...] = ()
    """Context ids this course was copied from, newest first."""
    sections: tuple[str, ...] = ()
    memberships_url: str = ""
    lineitems_url: str = ""
    lineitem_url: str = ""
    grade_scopes: tuple[str, ...] = ()
    email: str = field(default="", repr=False)
    """Kept only where the school mails, and in no log."""
    family: str = ""
    """LTI: product_family_code."""
    test_user: bool = False
    """Canvas' Student View, or a test user."""
    unresolved: tuple[str, ...] = ()
    """Names of the variables the platform left as they were."""
    issued_at: float = 0.0
    """The platform's clock, in seconds since 1970."""
    deep_linking: DeepLinking | None = None
    """Set when the platform asks for a new activity instead of opening one."""

    @property
    def course_address(self) -> str:
        """The course's page on the platform, as far as the launch tells."""
        return course_address(self.return_url)


def read_launch(claims: Mapping[str, Any], *, client_id: str) -> Launch:
    """Read verified claims; raise LaunchRefused naming the claim that is missing or malformed."""
    asks_for_link = _check_message(claims) == DEEP_LINKING_REQUEST
    roles = _roles(claims)
    context = _mapping(claims, CONTEXT)
    link = _mapping(claims, RESOURCE_LINK)
    presentation = _mapping(claims, PRESENTATION)
    custom, grades = _mapping(claims, CUSTOM), _mapping(claims, GRADES)
    roster = _mapping(claims, ROSTER)
    context_id = _identifier(context.get("id"), "missing_context") if context else ""
    link_id = "" if asks_for_link else _identifier(link.get("id"), "missing_resource_link")
    family = present(_mapping(claims, TOOL_PLATFORM).get("product_family_code")).lower()
    if names_the_course(link_id, context_id, claims, family):
        link_id = ""
    name, given_name, family_name = read_names(claims)
    role = role_of(roles)
    is_administrator = role is LaunchRole.ADMINISTRATOR
    teaches = bool(context_id) and member_role_of(roles) is LaunchRole.TEACHER
    return Launch(
        issuer=_identifier(claims.get("iss"), "missing_issuer"),
        client_id=client_id,
        deployment_id=_identifier(claims.get(DEPLOYMENT_ID), "missing_deployment"),
        sub=_identifier(claims.get("sub"), "anonymous"),
        name=name,
        given_name=given_name,
        family_name=family_name,
        role=role,
        teaches_too=is_administrator and teaches and membership_is_real(family),
        context_id=context_id,
        context_title=_title(context.get("title")) or _title(context.get("label")),
        resource_link_id=link_id,
        resource_link_title=_title(link.get("title")),
        return_url=_web_address(presentation.get("return_url")),
        locale=present(presentation.get("locale"))[:LONGEST_ID],
        in_frame=presentation.get("document_target") == "iframe",
        round_key=present(custom.get(ROUND_KEY))[:LONGEST_ID],
        history=_listed(custom.get(HISTORY)),
        sections=read_sections(custom),
        memberships_url=_web_address(roster.get("context_memberships_url")),
        lineitems_url=_web_address(grades.get("lineitems")),
        lineitem_url=_web_address(grades.get("lineitem")),
        grade_scopes=_texts(grades.get("scope")),
        email=read_email(claims),
        family=family[:LONGEST_ID],
        test_user=is_test_user(roles, custom),
        unresolved=unresolved(custom),
        issued_at=_moment(claims.get("iat")),
        deep_linking=_deep_linking(claims) if asks_for_link else None,
    )


def read_names(claims: Mapping[str, Any]) -> tuple[str, str, str]:
    """Full, given and family name of a launch or a roster's member; "" where there is none."""
    given, family = _name(claims.get("given_name")), _name(claims.get("family_name"))
    return _name(claims.get("name")) or f"{given} {family}".strip(), given, family


def read_sections(custom: Mapping[str, Any]) -> tuple[str, ...]:
    """The sections a launch or a roster's member names."""
    return _listed(custom.get(SECTIONS))


def _check_message(claims: Mapping[str, Any]) -> str:
    """Return the message type: only one we know, in the version we know."""
    for name, known in ((MESSAGE_TYPE, MESSAGE_TYPES), (VERSION, ("1.3.0",))):
        value, word = claims.get(name), name.removeprefix(CLAIM)
        if value is None:
            raise LaunchRefused(f"missing_{word}")
        if value not in known:
            reason = "unknown_message_type" if name == MESSAGE_TYPE else "wrong_version"
            raise LaunchRefused(reason, str(value)[:80])
    return str(claims[MESSAGE_TYPE])


def _roles(claims: Mapping[str, Any]) -> list[str]:
    """The roles claim; it must be there, and may hold nothing we know."""
    roles = claims.get(ROLES)
    if roles is None:
        raise LaunchRefused("missing_roles")
    if not isinstance(roles, list) or not all(isinstance(role, str) for role in roles):
        raise LaunchRefused("malformed_roles")
    return roles


def _deep_linking(claims: Mapping[str, Any]) -> DeepLinking:
    """Read the settings; without a safe address to answer to there is nothing to choose for."""
    settings = claims.get(DEEP_LINKING)
    if not isinstance(settings, Mapping):
        raise LaunchRefused("missing_deep_linking_settings")
    return_url, data = settings.get("deep_link_return_url"), settings.get("data")
    if not return_url:
        raise LaunchRefused("missing_deep_linking_return_url")
    if not _answerable(return_url):
        raise LaunchRefused("malformed_deep_linking_return_url")
    if not isinstance(data, str | None):
        raise LaunchRefused("malformed_deep_linking_data")
    return DeepLinking(
        return_url=return_url,
        data=data,
        accept_types=_texts(settings.get("accept_types")),
        accept_multiple=settings.get("accept_multiple") is True,
        deployment_id=_identifier(claims.get(DEPLOYMENT_ID), "missing_deployment"),
    )


def _answerable(address: object) -> bool:
    """Whether an answer of ours may be posted there: https, or http on this machine.

    Its origin goes into a page's Content-Security-Policy, so it must hold nothing but a host.
    """
    if not isinstance(address, str) or not address.isprintable() or " " in address:
        return False
    try:
        parts = urlsplit(checked_url(address))
        return parts.username is None and HOST.fullmatch(parts.hostname or "") is not None
    except ValueError:
        return False


def _listed(value: object) -> tuple[str, ...]:
    """A variable that holds several values."""
    parts = [part[:LONGEST_ID] for part in several(value)]
    return tuple(part for part in parts if part)[:MOST_LISTED]


def _texts(value: object) -> tuple[str, ...]:
    texts = [present(one)[:LONGEST_ID] for one in value] if isinstance(value, list) else []
    return tuple(text for text in texts if text)[:MOST_LISTED]


def _moment(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0


def _mapping(claims: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = claims.get(name)
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise LaunchRefused("malformed_" + name.rpartition("/")[2])
    return value


def _identifier(value: object, missing: str) -> str:
    """A text that names something; the reason when it is malformed follows from `missing`."""
    if value is None or value == "":
        raise LaunchRefused(missing)
    if not isinstance(value, str) or len(value) > LONGEST_ID or not value.isprintable():
        word = "sub" if missing == "anonymous" else missing.removeprefix("missing_")
        raise LaunchRefused(f"malformed_{word}")
    return value


def _name(value: object) -> str:
    name = present(value)[:LONGEST_NAME]
    return "" if is_address(name) else name


def _title(value: object) -> str:
    return present(value)[:LONGEST_NAME]


def _web_address(value: object) -> str:
    """Keep only what a link may safely point at, with a host that may stand in a header."""
    address = present(value)
    try:
        parts = urlsplit(address)
        port = f":{parts.port}" if parts.port is not None else ""
    except ValueError:
        return ""
    host = parts.netloc.removesuffix(port)
    known = parts.scheme in {"http", "https"} and HOST.fullmatch(host)
    return address if known and " " not in address else ""
