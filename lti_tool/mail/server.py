"""Handing a message to the school's mail server (SMTP, RFC 5321), or to a folder in the demo.

What a server says is never kept: it repeats addresses. A failure is one word and a code.
"""

import contextlib
import enum
import smtplib
import socket
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

from lti_tool.lti.web import ServiceFailed

SECONDS: Final = 15
"""How long the server may take for one step."""
WHOLE: Final = 60
"""And for all of them, however slowly it drips."""
LATER, REFUSED = range(400, 500), range(500, 600)


class Tls(enum.StrEnum):
    """How the connection is kept from others."""

    NONE = "none"
    """On this machine only."""
    STARTTLS = "starttls"
    WHOLE = "whole"


class MailFailed(ServiceFailed):
    """A message that was not taken; `passes` says whether trying again may help."""

    def __init__(self, reason: str, detail: str = "", *, passes: bool) -> None:
        super().__init__(reason, detail)
        self._passes = passes

    @property
    def passes(self) -> bool:
        """As the server's code says: 4xx is for now, 5xx for good."""
        return self._passes


@dataclass(frozen=True)
class MailServer:
    """Where messages go."""

    host: str
    port: int
    tls: Tls
    user: str = ""
    password: str = field(default="", repr=False)
    folder: Path | None = None
    """Messages are written here as `.eml` files instead."""


def read_address(url: str, *, this_machine: frozenset[str]) -> MailServer:
    """Read `LOB_SMTP_URL`. Raises ValueError with what is wrong, and never with the password."""
    parts = urlsplit(url)
    if parts.scheme == "file":
        if parts.netloc or not parts.path.startswith("/"):
            raise ValueError("a folder is written as file:///absolute/path")
        return MailServer("", 0, Tls.NONE, folder=Path(unquote(parts.path)))
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise ValueError("must be smtp://user:password@host:587 or smtps://user:password@host:465")
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise ValueError("nothing may follow the host and port; write / in a password as %2F")
    try:
        port = parts.port
    except ValueError:
        raise ValueError("the port must be a number up to 65535") from None
    tls, usual_port = Tls.STARTTLS, 587
    if parts.scheme == "smtps":
        tls, usual_port = Tls.WHOLE, 465
    elif parts.hostname in this_machine:
        tls, usual_port = Tls.NONE, 25
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return MailServer(parts.hostname, port or usual_port, tls, user, password)


def deliver(server: MailServer, message: EmailMessage, *, name: str) -> None:
    """Hand the message over. Raises MailFailed. `name` is unique, for a file in a folder."""
    if server.folder is not None:
        server.folder.mkdir(parents=True, exist_ok=True)
        (server.folder / f"{name}.eml").write_bytes(message.as_bytes(policy=SMTP))
        return
    with _connection(server) as smtp:
        _send(smtp, message)


@contextlib.contextmanager
def _connection(server: MailServer) -> Iterator[smtplib.SMTP]:
    smtp: smtplib.SMTP | None = None
    timer = None
    try:
        smtp = _open(server)
        timer = threading.Timer(WHOLE, _hang_up, [smtp])
        timer.daemon = True
        timer.start()
        if server.tls is Tls.STARTTLS:
            smtp.starttls(context=ssl.create_default_context())
        if server.user:
            smtp.login(server.user, server.password)
        yield smtp
        # The message was taken: how the server says goodbye changes nothing about that.
        with contextlib.suppress(smtplib.SMTPException, OSError):
            smtp.quit()
    except smtplib.SMTPAuthenticationError as error:
        raise MailFailed("mail_login", str(error.smtp_code), passes=True) from None
    except (smtplib.SMTPNotSupportedError, ssl.SSLError) as error:
        raise MailFailed("mail_no_tls", type(error).__name__, passes=True) from None
    except smtplib.SMTPResponseException as error:
        raise _refused("mail_refused", error.smtp_code) from None
    except (smtplib.SMTPException, OSError) as error:
        raise MailFailed("mail_unreachable", type(error).__name__, passes=True) from None
    finally:
        if timer is not None:
            timer.cancel()
        if smtp is not None:
            smtp.close()


def _open(server: MailServer) -> smtplib.SMTP:
    if server.tls is Tls.WHOLE:
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(server.host, server.port, timeout=SECONDS, context=context)
    return smtplib.SMTP(server.host, server.port, timeout=SECONDS)


def _send(smtp: smtplib.SMTP, message: EmailMessage) -> None:
    """Send to the one person it is for."""
    try:
        smtp.send_message(message)
    except smtplib.SMTPRecipientsRefused as error:
        code = max((code for code, _text in error.recipients.values()), default=0)
        raise _refused("mail_address", code) from None
    except smtplib.SMTPNotSupportedError:  # an address outside ASCII, and a server of before 2012
        raise MailFailed("mail_address", "smtputf8", passes=False) from None


def _refused(reason: str, code: int) -> MailFailed:
    """421 and 450 mean "not now"; 550 means "never"."""
    if code in REFUSED:
        return MailFailed(reason, str(code), passes=False)
    return MailFailed("mail_later" if code in LATER else "mail_unreachable", str(code), passes=True)


def _hang_up(smtp: smtplib.SMTP) -> None:
    with contextlib.suppress(OSError, AttributeError):
        smtp.sock.shutdown(socket.SHUT_RDWR)  # type: ignore[union-attr]
