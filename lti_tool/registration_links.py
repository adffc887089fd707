"""`registration-link`: a one-time address with which a Moodle or Canvas registers itself.

Only its hash is stored. While a registration is going on the link counts as used, so that two
clicks, or two people, cannot register twice; when it fails, the link is good again.
"""

from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import ColumnElement, delete, select, update

from lti_tool.lti.canvas import FRAME_ORIGIN, is_hosted_issuer
from lti_tool.lti.fetch import host_of
from lti_tool.lti.keys import ensure_key
from lti_tool.lti.registration import PlatformConfiguration, Registered, RegistrationRefused
from lti_tool.lti.state import digest, new_secret
from lti_tool.models import Deployment, Registration, RegistrationLink, db, now
from lti_tool.platforms import find_platform

DAYS = 7
LONGEST_LINK = 100


@dataclass(frozen=True)
class Renewed:
    """The registration that a link renews, as it stands."""

    id: int
    issuer: str
    login_path: str


@dataclass(frozen=True)
class Link:
    """A link as a registration needs it, apart from the database."""

    id: int
    name: str
    host: str
    renews: Renewed | None


@click.command("registration-link")
@click.option("--name", default="", help="How you call this platform, such as the school's name.")
@click.option("--issuer", default="", help="Renew the registration of this issuer …")
@click.option("--client-id", default="", help="… and this client id; courses and people stay.")
@click.option("--host", default="", help="Hosted Canvas only: the school's own domain.")
@click.option("--days", default=DAYS, show_default=True, type=click.IntRange(1, 90))
@with_appcontext
def registration_link(name: str, issuer: str, client_id: str, host: str, days: int) -> None:
    """Print a link, good for one registration, for the administrator of a Moodle or Canvas."""
    if bool(issuer) != bool(client_id):
        raise click.UsageError("--issuer and --client-id belong together")
    if host and host_of(f"https://{host}") != host:
        raise click.BadParameter("a host name, such as canvas.school.nl", param_hint="--host")
    row = find_platform(issuer, client_id) if issuer else None
    if issuer and row is None:
        raise click.ClickException(f"no platform {issuer} {client_id}; see `platforms list`")
    click.echo(new_link(name=name, registration=row, host=host, days=days))
    click.echo(f"Good for one registration within {days} days; keep it to yourself.", err=True)


def new_link(
    *, name: str = "", registration: Registration | None = None, host: str = "", days: int = DAYS
) -> str:
    """Make a link and return its address; clears links that nobody used in time. Commits."""
    db.session.execute(
        delete(RegistrationLink).where(
            RegistrationLink.expires_at < now(), RegistrationLink.used_at.is_(None)
        )
    )
    ensure_key()
    token = new_secret()
    db.session.add(
        RegistrationLink(
            token_hash=digest(token),
            name=name,
            host=host,
            registration_id=registration.id if registration else None,
            expires_at=now() + timedelta(days=days),
        )
    )
    db.session.commit()
    base_url: str = current_app.config["LOB"].base_url
    return f"{base_url}/lti/register?{urlencode({'link': token})}"


def find_link(token: str) -> Link:
    """Return the link while it is good. Raises RegistrationRefused with link_…."""
    row = _row(token)
    if row.used_at is not None:
        raise RegistrationRefused("link_used")
    if row.expires_at < now():
        raise RegistrationRefused("link_expired")
    return _link(row)


def take_link(token: str) -> Link:
    """Take the link, as the only one. Commits. Raises RegistrationRefused with link_…."""
    moment = now()
    taken = db.session.execute(
        update(RegistrationLink)
        .where(_named(token), RegistrationLink.used_at.is_(None))
        .where(RegistrationLink.expires_at >= moment)
        .values(used_at=moment)
    )
    if taken.rowcount != 1:  # type: ignore[attr-defined]
        db.session.rollback()
        find_link(token)
        raise RegistrationRefused("link_used")
    link = _link(_row(token))
    db.session.commit()
    return link


def give_back(link: Link) -> None:
    """The registration failed: the link is good again. Commits."""
    db.session.rollback()
    db.session.execute(
        update(RegistrationLink).where(RegistrationLink.id == link.id).values(used_at=None)
    )
    db.session.commit()


def used_for(token: str) -> Registration:
    """Return the registration that a used link made. Raises RegistrationRefused with link_…."""
    row = _row(token)
    registration = (
        db.session.get(Registration, row.registration_id)
        if row.used_at is not None and row.registration_id is not None
        else None
    )
    if registration is None:
        raise RegistrationRefused("link_unknown")
    return registration


def store(link: Link, platform: PlatformConfiguration, registered: Registered) -> None:
    """Keep client id and deployment id, and what the link made, in one commit.

    A renewed registration keeps its row, and so its courses and people; so does one that a
    platform registers again under the same client id.
    """
    row = (
        db.session.get_one(Registration, link.renews.id)
        if link.renews
        else find_platform(platform.issuer, registered.client_id)
    )
    if row is None:
        row = Registration(
            issuer=platform.issuer,
            client_id=registered.client_id,
            auth_login_url="",
            auth_token_url="",
            jwks_url="",
        )
        db.session.add(row)
    row.client_id, row.disabled_at = registered.client_id, None
    row.auth_login_url, row.auth_token_url = platform.auth_login_url, platform.auth_token_url
    row.jwks_url, row.token_audience = platform.jwks_url, platform.token_audience
    row.family = platform.family or row.family
    row.name = link.name or row.name
    row.frame_origins = _frame_origins(row, link)
    db.session.flush()
    known = select(Deployment.deployment_id).where(Deployment.registration_id == row.id)
    if registered.deployment_id and registered.deployment_id not in db.session.scalars(known).all():
        db.session.add(Deployment(registration_id=row.id, deployment_id=registered.deployment_id))
    db.session.execute(
        update(RegistrationLink)
        .where(RegistrationLink.id == link.id)
        .values(registration_id=row.id, used_at=now())
    )
    db.session.commit()


def _frame_origins(row: Registration, link: Link) -> list[str]:
    """What is known, and where hosted Canvas shows us before its first launch told us."""
    more = [FRAME_ORIGIN] if is_hosted_issuer(row.issuer) else []
    if link.host:
        more.append(f"https://{link.host}")
    return list(dict.fromkeys([*row.frame_origins, *more]))


def _named(token: str) -> ColumnElement[bool]:
    return RegistrationLink.token_hash == digest(token)


def _row(token: str) -> RegistrationLink:
    row = (
        db.session.scalars(select(RegistrationLink).where(_named(token))).one_or_none()
        if token and len(token) <= LONGEST_LINK
        else None
    )
    if row is None:
        raise RegistrationRefused("link_unknown")
    return row


def _link(row: RegistrationLink) -> Link:
    renewed = db.session.get(Registration, row.registration_id) if row.registration_id else None
    return Link(
        id=row.id,
        name=row.name,
        host=row.host,
        renews=Renewed(renewed.id, renewed.issuer, renewed.login_path) if renewed else None,
    )
