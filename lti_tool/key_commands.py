"""`keys rotate/reencrypt`: our signing keys, and the keys under which texts lie."""

import click
from flask import current_app
from flask.cli import AppGroup

from lti_tool.lti.keys import KNOWN_AFTER, rotate, signing_key
from lti_tool.models import db
from lti_tool.reencryption import reencrypt

keys = AppGroup("keys", help="The keys with which this tool signs, and encrypts what it stores.")


@keys.command("rotate")
def rotate_command() -> None:
    """Make a new key; the previous one stays published, older ones go.

    The new one signs once every platform can know it.
    """
    kid, retired = rotate()
    db.session.commit()
    minutes = int(KNOWN_AFTER.total_seconds() // 60)
    later = "" if signing_key()[0] == kid else f" (signs in {minutes} minutes, once it is known)"
    click.echo(f"new: {kid}{later}")
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
