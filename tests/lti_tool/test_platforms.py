"""`platforms add/list/disable`: idempotent, and clear about what is wrong."""

import pytest
from flask import Flask

from lti_tool.models import Deployment, Registration, db
from lti_tool.platforms import platforms

ISSUER = "https://moodle.school.example"
FACTS = {
    "--issuer": ISSUER,
    "--client-id": "abc",
    "--auth-login-url": ISSUER + "/auth",
    "--auth-token-url": ISSUER + "/token",
    "--jwks-url": ISSUER + "/certs",
}


def add(app: Flask, *more: str, **changed: str) -> str:
    """Run `platforms add` with the facts, some of them changed; return all it said."""
    facts = FACTS | {"--" + name.replace("_", "-"): value for name, value in changed.items()}
    words = [word for pair in facts.items() for word in pair]
    runner = app.test_cli_runner()
    return runner.invoke(platforms, ["add", *words, *more]).output


def test_adding_twice_is_adding_once(app: Flask) -> None:
    assert add(app, "--deployment-id", "1", "--name", "Het College") == f"added: {ISSUER} abc\n"
    said = add(app, "--deployment-id", "1", "--deployment-id", "2", jwks_url=ISSUER + "/keys")
    assert said == f"updated: {ISSUER} abc\n"
    with app.app_context():
        row = db.session.query(Registration).one()
        assert (row.jwks_url, row.name) == (ISSUER + "/keys", "Het College")
        assert db.session.query(Deployment).count() == 2


def test_a_disabled_platform_is_listed_and_can_come_back(app: Flask) -> None:
    runner = app.test_cli_runner()
    assert "no platforms yet" in runner.invoke(platforms, ["list"]).output
    add(app)
    names = ["--issuer", ISSUER, "--client-id", "abc"]
    runner.invoke(platforms, ["disable", *names])
    assert runner.invoke(platforms, ["list"]).output.startswith(f"disabled\t{ISSUER}\tabc")
    add(app)
    assert runner.invoke(platforms, ["list"]).output.startswith("enabled")
    answer = runner.invoke(platforms, ["disable", "--issuer", ISSUER, "--client-id", "x"])
    assert answer.exit_code == 1
    assert "no platform" in answer.output


@pytest.mark.parametrize("address", ["http://moodle.school.example/certs", "certs", "ftp://x/y"])
def test_only_addresses_one_can_trust(app: Flask, address: str) -> None:
    assert "--jwks-url" in add(app, jwks_url=address)
    with app.app_context():
        assert db.session.query(Registration).count() == 0
