"""`keys rotate/reencrypt`: our signing keys, and the keys under which texts lie."""

import click
from flask import current_app
from flask.cli import AppGroup

from lti_tool.lti.keys import rotate
from lti_tool.models import db
from lti_tool.reencryption import reencrypt

keys = AppGroup("keys", help="The keys with which this tool signs, and encrypts what it stores.")


@keys.command("rotate")
def rotate_command() -> None:
    """Sign with a new key from now on; the previous one stays published, older ones go."""
    kid, retired = rotate()
    db.session.commit()
    click.echo(f"signing: {kid}")
    for one in retired:
        click.echo(f"retired: {one}")


@keys.command("reencrypt")
def reencrypt_command() -> None:
    """Encrypt all stored texts anew with the first key of LOB_ENCRYPTION_KEYS.

    Safe to stop and to run again. Afterwards the other keys may leave the setting.
    """
    settings = current_app.config["LOB"]
    done = reencrypt(tuple(key.get_secret_value() for key in settings.encryption_keys))
    click.echo(f"{done.moved} of {done.seen} texts encrypted anew")
    if done.unreadable:
        raise click.ClickException(
            f"{done.unreadable} texts cannot be read with any of the keys; keep every key you have"
        )
