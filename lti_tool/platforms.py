"""`platforms add/list/disable`: the registrations, on the command line."""

import re
from collections.abc import Callable
from typing import Any

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy import select

from lti_tool.lti.canvas import ENVIRONMENTS, FRAME_ORIGIN
from lti_tool.lti.keys import ensure_key
from lti_tool.models import Deployment, Registration, db, now
from lti_tool.settings import checked_url

platforms = AppGroup("platforms", help="Platforms (Moodle, Canvas …) that may launch this tool.")

LOGIN_PATH = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


def _address(_context: click.Context, _parameter: click.Parameter, value: str | None) -> str | None:
    try:
        return None if value is None else checked_url(value)
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


def _login_path(_context: click.Context, _parameter: click.Parameter, value: str) -> str:
    if value and not LOGIN_PATH.fullmatch(value):
        raise click.BadParameter("small letters, digits and hyphens, at most 40")
    return value


def _named(command: Callable[..., None]) -> Callable[..., None]:
    """The options that name a registration."""
    command = click.option("--login-path", default="", callback=_login_path)(command)
    return click.option("--client-id", required=True)(command)


@platforms.command("add")
@click.option(
    "--canvas",
    type=click.Choice(list(ENVIRONMENTS)),
    help="A Canvas that Instructure hosts: fills in everything but the client id.",
)
@click.option("--issuer", callback=_address)
@click.option("--auth-login-url", callback=_address)
@click.option("--auth-token-url", callback=_address)
@click.option("--jwks-url", callback=_address)
@click.option("--token-audience", help="Audience of our assertions, if not the token address.")
@click.option("--deployment-id", "deployment_ids", multiple=True)
@click.option("--name", default="")
@_named
def add(  # noqa: PLR0913, PLR0917  # the facts every LTI registration has
    canvas: str | None,
    issuer: str | None,
    auth_login_url: str | None,
    auth_token_url: str | None,
    jwks_url: str | None,
    token_audience: str | None,
    deployment_ids: tuple[str, ...],
    name: str,
    client_id: str,
    login_path: str,
) -> None:
    """Add a platform, or change it: (issuer, client id) names it. Enables it again.

    --login-path gives a platform a login address of its own, for two sites that share issuer and
    client id (self-hosted Canvas).
    """
    preset = ENVIRONMENTS[canvas] if canvas else None
    facts = {
        "issuer": issuer or (preset.issuer if preset else None),
        "auth_login_url": auth_login_url or (preset.auth_login_url if preset else None),
        "auth_token_url": auth_token_url or (preset.auth_token_url if preset else None),
        "jwks_url": jwks_url or (preset.jwks_url if preset else None),
    }
    missing = ["--" + fact.replace("_", "-") for fact, value in facts.items() if not value]
    if missing:
        raise click.UsageError(f"missing: {', '.join(missing)} (or --canvas)")
    known: dict[str, Any] = facts
    row = find_platform(known["issuer"], client_id, login_path)
    said = "updated" if row else "added"
    if row is None:
        row = Registration(client_id=client_id, login_path=login_path, **known)
        db.session.add(row)
    for fact, value in known.items():
        setattr(row, fact, value)
    row.disabled_at = None
    row.name = name or row.name
    if token_audience is not None:
        row.token_audience = token_audience
    if preset and FRAME_ORIGIN not in row.frame_origins:
        row.frame_origins = [*row.frame_origins, FRAME_ORIGIN]
    db.session.flush()
    _add_deployments(row.id, deployment_ids)
    ensure_key()
    db.session.commit()
    click.echo(f"{said}: {row.issuer} {client_id}")
    base_url: str = current_app.config["LOB"].base_url
    login = f"{base_url}/lti/login" + (login_path and f"/{login_path}")
    click.echo(f"fill in there: login {login}, launch {base_url}/lti/launch,", err=True)
    click.echo(f"keys {base_url}/lti/jwks.json", err=True)


@platforms.command("list")
def list_platforms() -> None:
    """Print the platforms, one per line."""
    rows = db.session.scalars(select(Registration).order_by(Registration.id)).all()
    for row in rows:
        state = "disabled" if row.disabled_at else "enabled"
        click.echo("\t".join([state, row.issuer, row.client_id, row.name, row.login_path]).rstrip())
    if not rows:
        click.echo("no platforms yet: see `loopbaangesprek platforms add --help`", err=True)


@platforms.command("disable")
@click.option("--issuer", required=True)
@_named
def disable(issuer: str, client_id: str, login_path: str) -> None:
    """Refuse launches and end all sessions of a platform; its records stay."""
    row = find_platform(issuer, client_id, login_path)
    if row is None:
        raise click.ClickException(f"no platform {issuer} {client_id}; see `platforms list`")
    row.disabled_at = row.disabled_at or now()
    db.session.commit()
    click.echo(f"disabled: {issuer} {client_id}")


def find_platform(issuer: str, client_id: str, login_path: str = "") -> Registration | None:
    """Return the registration that is named so."""
    return db.session.scalars(
        select(Registration).where(
            Registration.issuer == issuer,
            Registration.client_id == client_id,
            Registration.login_path == login_path,
        )
    ).one_or_none()


def _add_deployments(registration_id: int, deployment_ids: tuple[str, ...]) -> None:
    known = db.session.scalars(
        select(Deployment.deployment_id).where(Deployment.registration_id == registration_id)
    ).all()
    db.session.add_all(
        Deployment(registration_id=registration_id, deployment_id=one)
        for one in dict.fromkeys(deployment_ids)
        if one not in known
    )
