"""The class's mail, read from the `.eml` files the tool wrote instead of sending them."""

from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from flask import Blueprint, abort, render_template

from lti_tool.demo.state import current_lms

mailbox = Blueprint("mailbox", __name__)

MOST = 60


@dataclass(frozen=True)
class Letter:
    """One mail as its reader sees it."""

    file: str
    to: str
    subject: str
    text: str


@mailbox.get("/mailbox")
def page() -> str:
    """The newest mail first."""
    folder = current_lms().mailbox
    if folder is None:
        abort(404, "Deze leeromgeving heeft geen postvak.")
    files = sorted(folder.glob("*.eml"), reverse=True)[:MOST]
    letters = [_read(file) for file in files]
    return render_template("demo_lms/mailbox.html", folder=folder, letters=letters)


def _read(file: Path) -> Letter:
    message = message_from_bytes(file.read_bytes(), _class=EmailMessage, policy=default)
    return Letter(file.name, str(message["To"]), str(message["Subject"]), message.get_content())
