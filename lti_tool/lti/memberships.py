"""The roster of a course: Names and Role Provisioning Services 2.0, every page or nothing."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from lti_tool.lti.claims import CUSTOM, LONGEST_ID, read_names, read_sections
from lti_tool.lti.connector import Connector
from lti_tool.lti.emails import read_email
from lti_tool.lti.quirks import is_test_user, roster_names_link
from lti_tool.lti.roles import LaunchRole, member_role_of
from lti_tool.lti.web import ServiceFailed

SCOPE = "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly"
MEDIA_TYPE = "application/vnd.ims.lti-nrps.v2.membershipcontainer+json"
LINK_REFUSED = frozenset({"refused", "not_found", "forbidden", "gone"})


@dataclass(frozen=True, kw_only=True)
class Member:
    """Somebody on the roster. Texts are "" where the platform sent nothing."""

    sub: str
    name: str
    given_name: str
    family_name: str
    role: LaunchRole
    active: bool
    """False for who the platform lists as inactive or deleted."""
    test_user: bool
    sections: tuple[str, ...]
    email: str = field(default="", repr=False)
    """Kept only where the school mails, and in no log."""


def read_memberships(connector: Connector, url: str, context_id: str) -> list[Member]:
    """Read the whole roster of the course; `url` is from its verified launch.

    Where only that gives the sections (Canvas), it is asked in the name of the course's own link,
    and plainly when the platform does not want that. Raises ServiceFailed: no page less than all.
    """
    if roster_names_link(connector.family):
        try:
            return _read(connector, _with_link(url, context_id), context_id)
        except ServiceFailed as failure:
            if failure.reason not in LINK_REFUSED:
                raise
    return _read(connector, url, context_id)


def _read(connector: Connector, url: str, context_id: str) -> list[Member]:
    found: dict[str, Member] = {}
    for page in connector.pages([SCOPE], url, accept=MEDIA_TYPE):
        for member in _members(page.body, context_id):
            before = found.get(member.sub)
            found[member.sub] = _both(before, member) if before else member
    return list(found.values())


def _members(body: Any, context_id: str) -> Iterator[Member]:
    """Read one page. A token may open other courses too (Moodle): this one must be ours."""
    listed = body.get("members") if isinstance(body, dict) else None
    if not isinstance(listed, list):
        raise ServiceFailed("malformed", "no members")
    context = body.get("context")
    named = context.get("id") if isinstance(context, Mapping) else None
    if named is not None and str(named) != context_id:
        raise ServiceFailed("other_course", str(named)[:80])
    return map(_member, listed)


def _member(entry: object) -> Member:
    if not isinstance(entry, Mapping):
        raise ServiceFailed("malformed", "member")
    roles, sub = entry.get("roles"), entry.get("user_id")
    if isinstance(sub, int) and not isinstance(sub, bool):
        sub = str(sub)
    if not isinstance(sub, str) or not sub or len(sub) > LONGEST_ID or not sub.isprintable():
        raise ServiceFailed("malformed", "user_id")
    if not isinstance(roles, list) or not all(isinstance(role, str) for role in roles):
        raise ServiceFailed("malformed", "roles")
    custom = _custom(entry.get("message"))
    name, given_name, family_name = read_names(entry)
    return Member(
        sub=sub,
        name=name,
        given_name=given_name,
        family_name=family_name,
        role=member_role_of(roles),
        active=str(entry.get("status") or "Active").lower() == "active",
        test_user=is_test_user(roles, custom),
        sections=read_sections(custom),
        email=read_email(entry),
    )


def _both(one: Member, other: Member) -> Member:
    """Somebody listed twice: a teacher when either says so, active when either says so."""
    roles = {one.role, other.role}
    order = (LaunchRole.TEACHER, LaunchRole.PUPIL, LaunchRole.OBSERVER, LaunchRole.NONE)
    return replace(
        other if other.name else one,
        role=next(role for role in order if role in roles),
        active=one.active or other.active,
        test_user=one.test_user or other.test_user,
        sections=other.sections or one.sections,
        email=other.email or one.email,
    )


def _custom(message: object) -> Mapping[str, Any]:
    """The custom fields of a member, asked for with `rlid`; one message, or a list of them."""
    for one in message if isinstance(message, list) else [message]:
        custom = one.get(CUSTOM) if isinstance(one, Mapping) else None
        if isinstance(custom, Mapping):
            return custom
    return {}


def _with_link(url: str, link_id: str) -> str:
    parts = urlsplit(url)
    query = [*parse_qsl(parts.query, keep_blank_values=True), ("rlid", link_id)]
    return urlunsplit(parts._replace(query=urlencode(query)))
