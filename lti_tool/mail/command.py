"""`mail-test`: does the mail server take what we send? For who runs the server; nothing is kept."""

from urllib.parse import urlsplit

import click
from flask import current_app
from flask.cli import with_appcontext

from lti_tool.lti.emails import is_email
from lti_tool.mail.message import build
from lti_tool.mail.server import MailFailed, deliver
from lti_tool.models import now
from lti_tool.settings import Settings, sender

SAYS = {
    "mail_address": "the server does not take this address",
    "mail_refused": "the server refuses our mail",
    "mail_login": "the server does not let us log in: look at the user and password",
    "mail_no_tls": "no safe connection: look at the scheme, the port and the certificate",
    "mail_later": "the server says: not now",
    "mail_unreachable": "the server cannot be reached: look at the host, the port and the firewall",
}


@click.command("mail-test")
@click.argument("address")
@with_appcontext
def mail_test(address: str) -> None:
    """Send one test mail to ADDRESS now, or say why that is not possible."""
    settings: Settings = current_app.config["LOB"]
    if settings.mail_server is None:
        raise click.ClickException("there is no mail server: set LOB_SMTP_URL and LOB_MAIL_FROM")
    if not is_email(address):
        raise click.ClickException(f"{address!r} is no mail address")
    moment = f"{now():%Y%m%dT%H%M%S}"
    message = build(
        "Loopbaangesprek: proefbericht",
        f"Dit is een proefbericht van {settings.base_url}. Het versturen van mail werkt.\n",
        to=address,
        sender=sender(settings.mail_from),
        message_id=f"<test-{moment}@{urlsplit(settings.base_url).hostname}>",
    )
    server = settings.mail_server
    try:
        deliver(server, message, name=f"{moment}-test")
    except MailFailed as failure:
        raise click.ClickException(
            f"{SAYS[failure.reason]} ({failure.reason} {failure.detail})"
        ) from None
    except OSError as error:
        raise click.ClickException(f"{server.folder} cannot be written: {error.strerror}") from None
    where = f"written to {server.folder}" if server.folder else "the mail server took it"
    click.echo(f"sent from {settings.mail_from}: {where}")
