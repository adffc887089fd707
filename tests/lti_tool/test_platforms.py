"""`platforms` and `registration-link` on the command line."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from lti_tool.commands import cli
from lti_tool.models import Deployment, Registration, RegistrationLink, ToolKey, db, now
from lti_tool.platforms import platforms
from lti_tool.registration_links import registration_link
from tests.support.registrations import MOODLE_URL
from tests.support.school import CLIENT_ID, ISSUER, School

BY_HAND = [
    "--issuer", "https://moodle.school.example",
    "--auth-login-url", "https://moodle.school.example/mod/lti/auth.php",
    "--auth-token-url", "https://moodle.school.example/mod/lti/token.php",
    "--jwks-url", "https://moodle.school.example/mod/lti/certs.php",
]  # fmt: skip


def run(app: Flask, *arguments: str) -> Result:
    return app.test_cli_runner().invoke(platforms, list(arguments))


def add(app: Flask, *arguments: str) -> Result:
    ran = run(app, "add", *arguments)
    assert ran.exit_code == 0, ran.output
    return ran


def all_rows(app: Flask) -> list[Registration]:
    with app.app_context():
        found = db.session.scalars(select(Registration).order_by(Registration.id)).all()
        db.session.expunge_all()
        return list(found)


def test_the_commands_are_there() -> None:
    assert {"platforms", "registration-link", "keys"} <= set(cli.commands)


@pytest.mark.parametrize(
    ("environment", "issuer", "login"),
    [
        ("production", "https://canvas.instructure.com", "https://sso.canvaslms.com"),
        ("beta", "https://canvas.beta.instructure.com", "https://sso.beta.canvaslms.com"),
        ("test", "https://canvas.test.instructure.com", "https://sso.test.canvaslms.com"),
    ],
)
def test_hosted_canvas_needs_a_client_id_only(
    app: Flask, environment: str, issuer: str, login: str
) -> None:
    ran = add(app, "--canvas", environment, "--client-id", "10000000000001")
    assert ran.stdout == f"added: {issuer} 10000000000001\n"
    (row,) = all_rows(app)
    assert row.issuer == issuer
    assert row.auth_login_url == f"{login}/api/lti/authorize_redirect"
    assert row.auth_token_url == f"{login}/login/oauth2/token"
    assert row.jwks_url == f"{login}/api/lti/security/jwks"
    assert row.frame_origins == ["https://*.instructure.com"]


def test_adding_again_changes_the_same_row(app: Flask) -> None:
    add(app, *BY_HAND, "--client-id", "a", "--deployment-id", "1", "--name", "Ons Moodle")
    run(app, "disable", "--issuer", "https://moodle.school.example", "--client-id", "a")
    ran = add(app, *BY_HAND, "--client-id", "a", "--deployment-id", "1", "--deployment-id", "2")
    assert ran.stdout.startswith("updated: ")
    add(app, *BY_HAND, "--client-id", "a", "--jwks-url", "https://moodle.school.example/new")
    (row,) = all_rows(app)
    assert (row.name, row.disabled_at) == ("Ons Moodle", None)
    assert row.jwks_url == "https://moodle.school.example/new"
    with app.app_context():
        ids = db.session.scalars(select(Deployment.deployment_id).order_by(Deployment.id)).all()
    assert ids == ["1", "2"]


def test_two_schools_of_one_issuer_are_two_rows(app: Flask) -> None:
    add(app, "--canvas", "production", "--client-id", "1")
    add(app, "--canvas", "production", "--client-id", "2")
    assert [row.client_id for row in all_rows(app)] == ["1", "2"]


def test_a_login_path_keeps_two_sites_apart(app: Flask) -> None:
    add(app, *BY_HAND, "--client-id", "1", "--login-path", "noord")
    ran = add(app, *BY_HAND, "--client-id", "1", "--login-path", "zuid")
    assert "http://127.0.0.1:8000/lti/login/zuid" in ran.stderr
    assert [row.login_path for row in all_rows(app)] == ["noord", "zuid"]
    named = ["--issuer", "https://moodle.school.example", "--client-id", "1"]
    assert run(app, "disable", *named).exit_code == 1
    assert run(app, "disable", *named, "--login-path", "zuid").exit_code == 0
    assert [bool(row.disabled_at) for row in all_rows(app)] == [False, True]
    assert [line.split("\t")[0] for line in run(app, "list").stdout.splitlines()] == [
        "enabled",
        "disabled",
    ]


def test_the_audience_of_assertions_is_kept(app: Flask) -> None:
    add(app, *BY_HAND, "--client-id", "1", "--token-audience", "https://auth.school.example")
    add(app, *BY_HAND, "--client-id", "1")
    assert all_rows(app)[0].token_audience == "https://auth.school.example"
    add(app, *BY_HAND, "--client-id", "1", "--token-audience", "")
    assert all_rows(app)[0].token_audience == ""


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--client-id", "1"], "--issuer, --auth-login-url, --auth-token-url, --jwks-url"),
        (["--canvas", "production"], "--client-id"),
        (["--canvas", "staging", "--client-id", "1"], "'staging' is not one of"),
        ([*BY_HAND, "--client-id", "1", "--issuer", "http://school.example"], "plain http"),
        ([*BY_HAND, "--client-id", "1", "--login-path", "../x"], "small letters"),
    ],
)
def test_what_is_missing_or_odd_is_named(app: Flask, arguments: list[str], said: str) -> None:
    ran = run(app, "add", *arguments)
    assert ran.exit_code == 2
    assert said in ran.output
    assert all_rows(app) == []


def test_a_signing_key_is_there_once_a_platform_is(app: Flask) -> None:
    add(app, "--canvas", "production", "--client-id", "1")
    keys = app.test_client().get("/lti/jwks.json").get_json()["keys"]
    assert len(keys) == 1


def link(app: Flask, *arguments: str) -> Result:
    return app.test_cli_runner().invoke(registration_link, list(arguments))


def test_a_link_is_printed_once_and_only_its_hash_kept(app: Flask) -> None:
    ran = link(app, "--name", "Het Voorbeeldcollege", "--days", "2")
    assert ran.exit_code == 0
    assert ran.stdout.count("\n") == 1
    parts = urlsplit(ran.stdout.strip())
    assert f"{parts.scheme}://{parts.netloc}{parts.path}" == "http://127.0.0.1:8000/lti/register"
    token = parse_qs(parts.query)["link"][0]
    assert len(token) >= 43
    with app.app_context():
        row = db.session.scalars(select(RegistrationLink)).one()
        assert token not in row.token_hash
        assert row.name == "Het Voorbeeldcollege"
        assert timedelta(days=1, hours=23) < row.expires_at - now() <= timedelta(days=2)
        assert db.session.scalar(select(func.count()).select_from(ToolKey)) == 1
    opened = app.test_client().get(ran.stdout.strip() + f"&openid_configuration={MOODLE_URL}")
    assert opened.status_code == 200


def test_links_nobody_used_are_cleared(app: Flask) -> None:
    link(app, "--days", "1")
    with time_machine.travel(now() + timedelta(days=2), tick=False):
        link(app)
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(RegistrationLink)) == 1


def test_a_link_to_renew_names_a_platform_that_is_there(app: Flask, school: School) -> None:
    assert link(app, "--issuer", ISSUER, "--client-id", CLIENT_ID).exit_code == 0
    with app.app_context():
        renewed = db.session.scalars(select(RegistrationLink.registration_id)).one()
    assert renewed == school.registration_id
    ran = link(app, "--issuer", ISSUER, "--client-id", "other")
    assert (ran.exit_code, "see `platforms list`" in ran.output) == (1, True)
    assert link(app, "--issuer", ISSUER).exit_code == 2
    assert link(app, "--client-id", CLIENT_ID).exit_code == 2


@pytest.mark.parametrize("host", ["https://canvas.school.nl", "canvas.school.nl/x", "a b", "*"])
def test_a_host_is_a_host(app: Flask, host: str) -> None:
    assert link(app, "--host", host).exit_code == 2
    assert link(app, "--host", "canvas.school.nl").exit_code == 0


@pytest.mark.parametrize("days", ["0", "91", "x"])
def test_days_are_few(app: Flask, days: str) -> None:
    assert link(app, "--days", days).exit_code == 2
