"""Handing over one message: in the clear here, over TLS elsewhere, never for ever."""

import smtplib
import socket
from email.message import EmailMessage
from pathlib import Path

import pytest

from lti_tool.mail import server as under_test
from lti_tool.mail.message import build
from lti_tool.mail.server import MailFailed, MailServer, Tls, deliver, read_address
from lti_tool.settings import LOOPBACK, sender
from tests.support.mail_sink import knows, mail_sink
from tests.support.tls import tls


def message(to: str = "noor@leerling.example") -> EmailMessage:
    return build(
        "Bereid je voor",
        "Hoi Éva,\n",
        to=to,
        sender=sender("Lob <lob@school.example>"),
        message_id="<mail-1@lob.school.example>",
    )


def reason_of(server: MailServer, to: str = "noor@leerling.example") -> tuple[str, bool]:
    with pytest.raises(MailFailed) as caught:
        deliver(server, message(to), name="1")
    assert to not in str(caught.value)
    return caught.value.reason, caught.value.passes


def read(url: str) -> MailServer:
    return read_address(url, this_machine=LOOPBACK)


def test_addresses_of_servers() -> None:
    found = read("smtp://lob:p%2Fw%40@mail.school.example")
    assert (found.port, found.tls, found.user, found.password) == (
        587,
        Tls.STARTTLS,
        "lob",
        "p/w@",
    )
    assert "p/w" not in repr(found)
    assert read("smtps://mail.school.example").port == 465
    assert read("smtp://localhost").tls is Tls.NONE


def test_starttls_with_a_login(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    context = tls(tmp_path, monkeypatch, "localhost")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "trusted.pem"))
    check = knows("lob", "geheim")
    with mail_sink(tls=context, authenticator=check, auth_required=True) as sink:
        deliver(
            MailServer("localhost", sink.port, Tls.STARTTLS, "lob", "geheim"), message(), name="1"
        )
        assert sink.secured == [True]
        assert sink.messages[0].get_content().strip() == "Hoi Éva,"
        wrong = MailServer("localhost", sink.port, Tls.STARTTLS, "lob", "fout")
        assert reason_of(wrong) == ("mail_login", True)
    assert len(sink.messages) == 1


def test_no_password_goes_to_a_server_without_tls_or_with_a_strange_certificate(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with mail_sink() as sink:
        plain = MailServer("localhost", sink.port, Tls.STARTTLS, "lob", "geheim")
        assert reason_of(plain) == ("mail_no_tls", True)
    with mail_sink(tls=tls(tmp_path, monkeypatch, "localhost")) as sink:
        strange = MailServer("localhost", sink.port, Tls.STARTTLS, "lob", "geheim")
        assert reason_of(strange) == ("mail_no_tls", True)
        assert sink.messages == []


@pytest.mark.parametrize(
    ("answer", "reason", "passes"),
    [
        ("450 4.2.0 greylisted noor@leerling.example", "mail_later", True),
        ("550 5.1.1 noor@leerling.example unknown", "mail_address", False),
    ],
)
def test_what_is_said_of_a_recipient(answer: str, reason: str, passes: bool) -> None:
    with mail_sink() as sink:
        sink.to_recipient = answer
        assert reason_of(read(sink.url)) == (reason, passes)


def test_a_server_that_says_nothing_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(under_test, "SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        assert reason_of(read(f"smtp://127.0.0.1:{port}")) == ("mail_unreachable", True)


def test_a_server_that_drips_is_hung_up_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(under_test, "WHOLE", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as server:
        monkeypatch.setattr("smtplib.SMTP.connect", _silent_after_greeting)
        port = server.getsockname()[1]
        assert reason_of(read(f"smtp://127.0.0.1:{port}")) == ("mail_unreachable", True)


def _silent_after_greeting(
    self: smtplib.SMTP, host: str, port: int, **_more: object
) -> tuple[int, bytes]:
    """Connect, and take the greeting for granted: the server never says a word after it."""
    self.sock = socket.create_connection((host, port), timeout=30)
    return 220, b"hello"


def test_a_folder_takes_eml_files(tmp_path: Path) -> None:
    deliver(read(f"file://{tmp_path}/post bus"), message(), name="1")
    (file,) = (tmp_path / "post bus").iterdir()
    assert file.name == "1.eml"
    assert b"\r\nTo: noor@leerling.example\r\n" in file.read_bytes()
