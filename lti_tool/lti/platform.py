"""The platform a login or a launch is about: what those need of a registration, as plain facts."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, select

from lti_tool.lti.addresses import origin_of
from lti_tool.lti.claims import LaunchRefused
from lti_tool.models import Registration, db, table_of


class Platform(NamedTuple):
    """A registration's columns, under their own names; see `Registration`."""

    id: int
    issuer: str
    client_id: str
    auth_login_url: str
    auth_token_url: str
    jwks_url: str
    family: str
    frame_origins: list[str]
    disabled_at: datetime | None


MOST = 50
"""Platforms that a header names; a server has a few."""
REGISTRATIONS = table_of(Registration)
COLUMNS = [REGISTRATIONS.c[name] for name in Platform._fields]

# Built once: every login begins with one of them.
BY_ISSUER = (
    select(*COLUMNS)
    .where(
        REGISTRATIONS.c.issuer == bindparam("issuer"),
        REGISTRATIONS.c.login_path == bindparam("login_path"),
    )
    .limit(2)
)
BY_CLIENT = BY_ISSUER.where(REGISTRATIONS.c.client_id == bindparam("client_id"))


def find_platform(issuer: str, client_id: str | None, login_path: str = "") -> Platform:
    """Return the enabled registration; without a client id the only one of that issuer.

    Raises LaunchRefused("unknown_platform" or "disabled_platform").
    """
    query = BY_CLIENT if client_id else BY_ISSUER
    named = {"issuer": issuer, "login_path": login_path, "client_id": client_id}
    rows = db.session.execute(query, named).all()
    if len(rows) != 1:
        raise LaunchRefused("unknown_platform", f"{issuer[:120]} {(client_id or '')[:80]}")
    found = Platform._make(rows[0])
    if found.disabled_at:
        raise LaunchRefused("disabled_platform", issuer)
    return found


def known_origins() -> list[str]:
    """Where the platforms we work with show their courses; for a page that nobody is named on."""
    query = select(REGISTRATIONS.c.issuer, REGISTRATIONS.c.frame_origins)
    rows = db.session.execute(query.where(REGISTRATIONS.c.disabled_at.is_(None)).limit(MOST)).all()
    return [one for issuer, origins in rows for one in (origin_of(issuer), *origins)]
