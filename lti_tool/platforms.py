"""`platforms add/list/disable`: the registrations, on the command line."""

import click
from flask.cli import AppGroup
from sqlalchemy import select

from lti_tool.models import Deployment, Registration, db, now
from lti_tool.settings import checked_url

platforms = AppGroup("platforms", help="Platforms (Moodle, Canvas …) that may launch this tool.")


def _address(_context: click.Context, _parameter: click.Parameter, value: str) -> str:
    try:
        return checked_url(value)
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


@platforms.command("add")
@click.option("--issuer", required=True, callback=_address)
@click.option("--client-id", required=True)
@click.option("--auth-login-url", required=True, callback=_address)
@click.option("--auth-token-url", required=True, callback=_address)
@click.option("--jwks-url", required=True, callback=_address)
@click.option("--deployment-id", "deployment_ids", multiple=True)
@click.option("--name", default="")
def add(  # noqa: PLR0913, PLR0917  # the six facts every LTI registration has
    issuer: str,
    client_id: str,
    auth_login_url: str,
    auth_token_url: str,
    jwks_url: str,
    deployment_ids: tuple[str, ...],
    name: str,
) -> None:
    """Add a platform, or change it: (issuer, client id) names it. Enables it again."""
    row = _find(issuer, client_id)
    if row is None:
        row = Registration(
            issuer=issuer,
            client_id=client_id,
            auth_login_url=auth_login_url,
            auth_token_url=auth_token_url,
            jwks_url=jwks_url,
            name=name,
        )
        db.session.add(row)
        said = "added"
    else:
        row.auth_login_url, row.auth_token_url = auth_login_url, auth_token_url
        row.jwks_url, row.disabled_at = jwks_url, None
        row.name = name or row.name
        said = "updated"
    db.session.flush()
    known = db.session.scalars(
        select(Deployment.deployment_id).where(Deployment.registration_id == row.id)
    ).all()
    db.session.add_all(
        Deployment(registration_id=row.id, deployment_id=one)
        for one in dict.fromkeys(deployment_ids)
        if one not in known
    )
    db.session.commit()
    click.echo(f"{said}: {issuer} {client_id}")


@platforms.command("list")
def list_platforms() -> None:
    """Print the platforms, one per line."""
    rows = db.session.scalars(select(Registration).order_by(Registration.id)).all()
    for row in rows:
        state = "disabled" if row.disabled_at else "enabled"
        click.echo("\t".join([state, row.issuer, row.client_id, row.name]))
    if not rows:
        click.echo("no platforms yet: see `loopbaangesprek platforms add --help`", err=True)


@platforms.command("disable")
@click.option("--issuer", required=True)
@click.option("--client-id", required=True)
def disable(issuer: str, client_id: str) -> None:
    """Refuse launches and end all sessions of a platform; its records stay."""
    row = _find(issuer, client_id)
    if row is None:
        raise click.ClickException(f"no platform {issuer} {client_id}; see `platforms list`")
    row.disabled_at = row.disabled_at or now()
    db.session.commit()
    click.echo(f"disabled: {issuer} {client_id}")


def _find(issuer: str, client_id: str) -> Registration | None:
    return db.session.scalars(
        select(Registration).where(
            Registration.issuer == issuer, Registration.client_id == client_id
        )
    ).one_or_none()
