"""A real SMTP server on a free loopback port that keeps what it takes, or refuses as told."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP as Server  # noqa: N811  # beside smtplib's
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword, Session

from lti_tool.demo.run import free_from

TAKEN = "250 OK"


@dataclass
class Sink:
    """What came, and what to answer; an answer per recipient, or for everybody."""

    messages: list[EmailMessage] = field(default_factory=list)
    envelopes: list[tuple[str, list[str]]] = field(default_factory=list)
    to_recipient: str = TAKEN
    to_message: str = TAKEN
    refused: set[str] = field(default_factory=set)
    """Addresses that do not exist."""
    secured: list[bool] = field(default_factory=list)
    """For each message: whether it came over TLS."""
    port: int = 0

    async def handle_RCPT(  # noqa: N802  # aiosmtpd's name
        self, _server: Server, _session: Session, envelope: Envelope, address: str, _options: Any
    ) -> str:
        if address in self.refused:
            return f"550 5.1.1 <{address}> unknown"
        if self.to_recipient == TAKEN:
            envelope.rcpt_tos.append(address)
        return self.to_recipient

    async def handle_DATA(  # noqa: N802
        self, _server: Server, session: Session, envelope: Envelope
    ) -> str:
        if self.to_message == TAKEN:
            content = cast("bytes", envelope.content)
            self.messages.append(message_from_bytes(content, policy=default))
            self.envelopes.append((envelope.mail_from or "", list(envelope.rcpt_tos)))
            self.secured.append(session.ssl is not None)
        return self.to_message

    @property
    def url(self) -> str:
        """For `LOB_SMTP_URL`."""
        return f"smtp://127.0.0.1:{self.port}"

    def to(self) -> list[str]:
        """Who got something, in order."""
        return sorted(address for _from, addresses in self.envelopes for address in addresses)


def knows(user: str, password: str) -> Any:
    """An authenticator of one account."""

    def check(_server: Any, _session: Any, _envelope: Any, _how: str, data: Any) -> AuthResult:
        right = isinstance(data, LoginPassword) and data == LoginPassword(
            user.encode(), password.encode()
        )
        return AuthResult(success=right, handled=False)

    return check


@contextmanager
def mail_sink(*, tls: ssl.SSLContext | None = None, **options: Any) -> Iterator[Sink]:
    """Run one until the block ends; `tls` offers STARTTLS, `options` are aiosmtpd's."""
    sink = Sink(port=free_from(9025))
    more = {"tls_context": tls, **options} if tls else options
    controller = Controller(sink, hostname="127.0.0.1", port=sink.port, **more)
    controller.start()
    try:
        yield sink
    finally:
        controller.stop()
