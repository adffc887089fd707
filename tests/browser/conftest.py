"""The tool and the demo LMS, served for a browser."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from flask import Flask
from flask_migrate import upgrade
from playwright.sync_api import Browser

from lti_tool import create_app
from lti_tool.demo.lms import create_lms
from lti_tool.demo.school import DEMO_SCHOOL
from lti_tool.lti.views import prepare_keys
from lti_tool.models import Registration, db
from lti_tool.settings import Settings
from tests.support.chromium import chromium
from tests.support.postgres import PostgresServer, free_port
from tests.support.serving import listening


@dataclass(frozen=True)
class Served:
    """The LMS on localhost and the tool on 127.0.0.1: strangers to each other."""

    app: Flask
    lms_url: str
    tool_url: str

    def open_url(self, person: str, activity: str, target: str = "window") -> str:
        """The LMS's link that opens the tool as somebody."""
        return f"{self.lms_url}/open?person={person}&activity={activity}&pane=left&target={target}"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the run."""
    with chromium() as program:
        yield program


@pytest.fixture(params=["sqlite", "postgresql"])
def served(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Served]:
    """A tool on an empty database and an LMS that knows it."""
    if request.param == "sqlite":
        address = f"sqlite:///{tmp_path / 'lob.sqlite3'}"
    else:
        server: PostgresServer = request.getfixturevalue("postgres")
        address = server.create("browser")
    port, lms_port = free_port(), free_port()
    tool_url, lms_url = f"http://127.0.0.1:{port}", f"http://localhost:{lms_port}"
    app = create_app(
        Settings(
            base_url=tool_url,
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
                issuer=lms_url,
                client_id="demo-client",
                auth_login_url=f"{lms_url}/auth",
                auth_token_url=f"{lms_url}/token",
                jwks_url=f"{lms_url}/jwks",
            )
        )
        db.session.commit()
    lms = create_lms(
        school=DEMO_SCHOOL, own_url=lms_url, tool_url=tool_url, client_id="demo-client"
    )
    with listening("127.0.0.1", port, app), listening("localhost", lms_port, lms):
        yield Served(app, lms_url, tool_url)
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    if request.param == "postgresql":
        server.drop("browser")
