"""The tool, served, against a platform that others wrote: Open edX's LTI consumer."""

import json
import subprocess
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jwt
import pytest
import requests
from cryptography.fernet import Fernet
from flask import Flask
from flask_migrate import upgrade

from lti_tool import create_app
from lti_tool.lti.keys import signing_key
from lti_tool.lti.views import prepare_keys
from lti_tool.models import Registration, db
from lti_tool.settings import Settings
from tests.support.postgres import PostgresServer, free_port
from tests.support.serving import listening
from tests.support.tools import let_go

ROOT = Path(__file__).parents[2]
PYTHON = ROOT / ".venv-platform" / "bin" / "python"
CLIENT_ID = "openedx-client"
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
INSTALLED = {"registration", "tool_key"}
ROSTER_SCOPE = "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly"
TEACHER = {"user": "teacher-1", "name": "Miriam de Wit", "role": "staff"}
PUPIL = {"user": "pupil-1", "name": "Noor Bakker", "role": "student"}


@dataclass
class OpenEdx:
    """The other process."""

    process: subprocess.Popen[str]
    app: Flask
    issuer: str

    def ask(self, **command: Any) -> dict[str, Any]:
        """Let it do something; fails with its own words."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(command) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        assert line, "the platform ended"
        answer: dict[str, Any] = json.loads(line)
        assert "failed" not in answer, answer["failed"]
        return answer


@pytest.fixture
def openedx(platform: OpenEdx) -> Iterator[OpenEdx]:
    """Open edX, before anybody was in the course."""
    yield platform
    with platform.app.app_context():
        for table in reversed(db.metadata.sorted_tables):
            if table.name not in INSTALLED:
                db.session.execute(table.delete())
        db.session.commit()


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def platform(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[OpenEdx]:
    assert PYTHON.exists(), "run `bash config/setup.sh platform`, as `make test` does"
    address = f"sqlite:///{tmp_path_factory.mktemp('openedx') / 'lob.sqlite3'}"
    if request.param == "postgresql":
        server: PostgresServer = request.getfixturevalue("postgres")
        address = server.create("openedx")
    port, platform_port = free_port(), free_port()
    tool, issuer = f"http://127.0.0.1:{port}", f"http://localhost:{platform_port}"
    app = create_app(
        Settings(
            base_url=tool,
            secret_key="s" * 40,
            encryption_keys=(Fernet.generate_key().decode(),),
            database_url=address,
        )
    )
    with app.app_context():
        upgrade()
        prepare_keys()
        db.session.add(
            Registration(
                issuer=issuer,
                client_id=CLIENT_ID,
                auth_login_url=f"{issuer}/auth",
                auth_token_url=f"{issuer}/token",
                jwks_url=f"{issuer}/jwks",
            )
        )
        db.session.commit()
    facts = {"port": platform_port, "tool": tool, "client_id": CLIENT_ID}
    with (
        listening("127.0.0.1", port, app),
        subprocess.Popen(
            [PYTHON, "-W", "ignore", "-m", "tests.platform.openedx"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        ) as process,
    ):
        started = OpenEdx(process, app, issuer)
        assert started.ask(**facts) == {"ready": True}
        yield started
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(timeout=20) == 0
    let_go(app)
    if request.param == "postgresql":
        server.drop("openedx")


def test_a_pupil_and_a_teacher_launch(openedx: OpenEdx) -> None:
    page = openedx.ask(do="launch", **PUPIL)
    assert page["status"] == 200
    assert "Wat is voor jou het doel van het gesprek?" in page["text"]
    page = openedx.ask(do="launch", **TEACHER)
    assert page["status"] == 200
    assert "Noor Bakker" in page["text"]
    page = openedx.ask(do="launch", **{**TEACHER, "user": "teacher-2", "role": "instructor"})
    assert "Noor Bakker" in page["text"]


def test_its_global_staff_are_administrators(openedx: OpenEdx) -> None:
    page = openedx.ask(do="launch", **{**TEACHER, "role": "global_staff"})
    assert page["status"] == 200
    assert "Zelfcontrole" in page["text"]


def test_it_grants_a_token_for_our_assertion(openedx: OpenEdx) -> None:
    form = {
        "grant_type": "client_credentials",
        "client_assertion_type": ASSERTION_TYPE,
        "client_assertion": assertion(openedx),
        "scope": ROSTER_SCOPE,
    }
    answer = requests.post(f"{openedx.issuer}/token", data=form, timeout=20)
    assert answer.status_code == 200
    assert answer.json()["scope"] == ROSTER_SCOPE
    granted = openedx.ask(do="token", form=form)
    assert granted["valid"] is True
    assert granted["expires_in"] == 3600


def assertion(openedx: OpenEdx) -> str:
    """What we sign to get an access token (RFC 7523)."""
    with openedx.app.app_context():
        kid, key = signing_key()
        moment = int(time.time())
        claims = {
            "iss": CLIENT_ID,
            "sub": CLIENT_ID,
            "aud": f"{openedx.issuer}/token",
            "iat": moment,
            "exp": moment + 300,
            "jti": uuid.uuid4().hex,
        }
        return jwt.encode(claims, key, algorithm="RS256", headers={"kid": kid})


def test_it_deep_links(openedx: OpenEdx) -> None:
    page = openedx.ask(
        do="deep_link", **TEACHER, follow="Nieuwe ronde maken", round="Gesprek najaar"
    )
    assert page["heading"] == "Returned"
    (item,) = page["items"]
    assert item["type"] == "ltiResourceLink"
    assert item["title"] == "Gesprek najaar"
    page = openedx.ask(do="launch", **PUPIL, link="unit-2", url=item["url"], custom=item["custom"])
    assert page["status"] == 200
    page = openedx.ask(
        do="launch", **TEACHER, link="unit-2", url=item["url"], custom=item["custom"]
    )
    assert "Gesprek najaar" in page["text"]
