"""A platform that names a stranger's addresses, or is in trouble: nothing is stored."""

from typing import Any

import pytest
import requests
import responses
from flask import Flask
from structlog.testing import capture_logs

from tests.support.registrations import (
    MOODLE,
    MOODLE_ANSWER,
    MOODLE_URL,
    Administrator,
    form_of,
    hosted,
    link_token,
    moodle,
    rows,
    serve,
)

EVIL = "https://evil.example"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"issuer": EVIL}, "foreign_host"),
        ({"issuer": "https://canvas.instructure.com"}, "foreign_host"),
        ({"issuer": "http://localhost:8081"}, "foreign_host"),
        ({"registration_endpoint": EVIL + "/register"}, "foreign_host"),
        ({"jwks_uri": EVIL + "/jwks"}, "foreign_host"),
        ({"jwks_uri": "https://sso.canvaslms.com/api/lti/security/jwks"}, "foreign_host"),
        ({"authorization_endpoint": EVIL + "/auth"}, "foreign_host"),
        ({"token_endpoint": "http://169.254.169.254/token"}, "foreign_host"),
        ({"token_endpoint": "http://localhost:8080@evil.example/token"}, "foreign_host"),
        ({"jwks_uri": ""}, "incomplete_configuration"),
        ({"issuer": 7}, "incomplete_configuration"),
        ({"registration_endpoint": None}, "incomplete_configuration"),
        ({"issuer": "http://localhost:8080\n"}, "incomplete_configuration"),
    ],
)
def test_addresses_that_are_not_the_platforms_are_refused(
    app: Flask, web: responses.RequestsMock, changes: dict[str, Any], reason: str
) -> None:
    web.get(MOODLE_URL, json={**MOODLE, **changes})
    administrator = moodle(app)
    with capture_logs() as logs:
        page = administrator.confirm()
    assert page.status_code == 400
    assert "kunnen we zo niet koppelen" in page.text
    assert reason in page.text
    assert [one["reason"] for one in logs if one["event"] == "registration"] == [reason]
    assert len(web.calls) == 1
    assert rows(app) == []
    # The link is still good.
    assert administrator.open().status_code == 200


def test_a_stranger_does_not_speak_for_hosted_canvas(
    app: Flask, web: responses.RequestsMock
) -> None:
    """Nor does a school's own domain bring keys of its own."""
    host = "canvas.school.example"
    address = f"https://{host}/openid-configuration"
    for own_host, login in (("", "sso.canvaslms.com"), (host, host), ("", "evil.example")):
        configuration = hosted(host, "https://canvas.instructure.com", login)
        web.replace(responses.GET, address, json=configuration) if web.registered() else web.get(
            address, json=configuration
        )
        page = Administrator(app, link_token(app, host=own_host), address).confirm()
        assert "foreign_host" in page.text
    assert rows(app) == []


@pytest.mark.parametrize(
    "address",
    [
        "https://10.0.0.1/openid-configuration",
        "http://school.example/openid-configuration",
        "https://169.254.169.254/latest/meta-data",
        "file:///etc/passwd",
        "https://user@school.example/x",
        "http://[::1",
        "x" * 5000,
    ],
)
def test_an_address_inside_is_refused_on_sight(
    app: Flask, web: responses.RequestsMock, address: str
) -> None:
    administrator = Administrator(app, link_token(app), address)
    page = administrator.open()
    assert page.status_code == 400
    assert "address_refused" in page.text
    action, fields = form_of(moodle(app).open())
    page = app.test_client().post(action, data={**fields, "openid_configuration": address})
    assert page.status_code == 400
    assert len(web.calls) == 0


def test_a_tool_on_the_internet_does_not_ask_its_own_machine(
    app: Flask, web: responses.RequestsMock
) -> None:
    settings = app.config["LOB"]
    administrator = moodle(app)
    app.config["LOB"] = settings.model_copy(update={"base_url": "https://lob.school.example"})
    try:
        assert "address_refused" in administrator.open().text
    finally:
        app.config["LOB"] = settings
    assert len(web.calls) == 0


@pytest.mark.parametrize("when", ["configuration", "registration"])
@pytest.mark.parametrize(
    "case",
    [
        ({"body": requests.ConnectionError()}, "platform_unreachable", "geen bruikbaar antwoord"),
        ({"body": requests.ReadTimeout()}, "platform_slow", "geen bruikbaar antwoord"),
        ({"body": "<html>Onderhoud</html>"}, "platform_answer_not_json", "geen bruikbaar"),
        ({"body": " " * 2_000_000}, "platform_answer_too_large", "geen bruikbaar antwoord"),
        ({"status": 302, "headers": {"Location": EVIL}}, "platform_redirects", "geen bruikbaar"),
        ({"status": 401, "body": "token_already_used"}, "platform_said_401", "weigerde"),
        ({"status": 403}, "platform_said_403", "weigerde de registratie"),
        ({"status": 404}, "platform_said_404", "geen bruikbaar antwoord"),
        ({"status": 409}, "platform_said_409", "geen bruikbaar antwoord"),
        ({"status": 429}, "platform_said_429", "geen bruikbaar antwoord"),
        ({"status": 500}, "platform_said_500", "geen bruikbaar antwoord"),
    ],
)
def test_trouble_at_the_platform_is_told_and_the_link_stays_good(
    app: Flask,
    web: responses.RequestsMock,
    when: str,
    case: tuple[dict[str, Any], str, str],
) -> None:
    trouble, reason, text = case
    if when == "configuration":
        web.get(MOODLE_URL, **trouble)
    else:
        web.get(MOODLE_URL, json=MOODLE)
        web.post(MOODLE["registration_endpoint"], **trouble)
    administrator = moodle(app)
    with capture_logs() as logs:
        page = administrator.confirm()
    assert page.status_code == 502
    assert text in page.text
    assert [one["reason"] for one in logs if one["event"] == "registration"] == [reason]
    framed = page.headers["Content-Security-Policy"].partition("frame-ancestors ")[2].split()
    assert "http://localhost:8080" in framed
    assert rows(app) == []
    web.reset()
    serve(web, MOODLE, MOODLE_URL, MOODLE_ANSWER)
    assert administrator.confirm().status_code == 200
    assert len(rows(app)) == 1


@pytest.mark.parametrize(
    "answer", [{}, {"client_id": ""}, {"client_id": ["x"]}, {"client_id": True}]
)
def test_an_answer_without_a_client_id_is_refused(
    app: Flask, web: responses.RequestsMock, answer: dict[str, Any]
) -> None:
    serve(web, MOODLE, MOODLE_URL, answer)
    page = moodle(app).confirm()
    assert page.status_code == 400
    assert "no_client_id" in page.text
    assert rows(app) == []
