"""`mail-test`, against a real server that takes, refuses or is not there."""

from click.testing import Result
from flask import Flask
from pydantic import SecretStr

from lti_tool.demo.run import free_from
from lti_tool.mail.command import mail_test
from tests.lti_tool.mail.conftest import SENDER
from tests.support.mail_sink import mail_sink


def run(app: Flask, url: str, address: str = "beheer@school.example") -> Result:
    settings = app.config["LOB"]
    changes = {"smtp_url": SecretStr(url) if url else None, "mail_from": SENDER}
    app.config["LOB"] = settings.model_copy(update=changes)
    try:
        return app.test_cli_runner().invoke(mail_test, [address])
    finally:
        app.config["LOB"] = settings


def test_a_mail_arrives(app: Flask) -> None:
    with mail_sink() as sink:
        ran = run(app, sink.url)
        assert (ran.exit_code, sink.to()) == (0, ["beheer@school.example"])
        assert "the mail server took it" in ran.output
        assert sink.messages[0]["Subject"] == "Loopbaangesprek: proefbericht"
        assert app.config["LOB"].base_url in sink.messages[0].get_content()


def test_why_it_did_not(app: Flask) -> None:
    with mail_sink() as sink:
        sink.refused = {"beheer@school.example"}
        ran = run(app, sink.url)
        assert ran.exit_code == 1
        assert "the server does not take this address (mail_address 550)" in ran.output
        ran = run(app, sink.url, "geen adres")
        assert "is no mail address" in ran.output
        assert not sink.messages
    nobody = free_from(9325)
    assert "cannot be reached" in run(app, f"smtp://127.0.0.1:{nobody}").output
    assert "set LOB_SMTP_URL" in run(app, "").output


def test_a_password_is_never_said(app: Flask) -> None:
    nobody = free_from(9325)
    ran = run(app, f"smtp://lob:geheim@127.0.0.1:{nobody}")
    assert ran.exit_code == 1
    assert "geheim" not in ran.output
