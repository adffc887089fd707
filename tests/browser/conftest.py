"""The tool and the demo LMS, served for a browser."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.fernet import Fernet
from flask import Flask
from flask_migrate import upgrade
from playwright.sync_api import Browser

from lti_tool import create_app
from lti_tool.demo.courses import LmsCourse
from lti_tool.demo.lms import create_lms
from lti_tool.demo.school import DEMO_SCHOOL
from lti_tool.lti.views import prepare_keys
from lti_tool.models import Registration, db
from lti_tool.settings import Settings
from tests.support.chromium import chromium
from tests.support.postgres import PostgresServer, free_port
from tests.support.serving import listening
from tests.support.tools import let_go

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


KEY = Fernet.generate_key().decode()


@dataclass(frozen=True)
class Served:
    """The LMS on localhost and the tool on 127.0.0.1: strangers to each other."""

    app: Flask
    lms_url: str
    tool_url: str

    def open_url(
        self,
        person: str,
        activity: str,
        target: str = "window",
        course: str = DEMO_SCHOOL.course_id,
    ) -> str:
        """The LMS's link that opens the tool as somebody."""
        return (
            f"{self.lms_url}/open?person={person}&activity={activity}"
            f"&pane=left&target={target}&course={course}"
        )


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the run."""
    with chromium() as program:
        yield program


BOTH = pytest.mark.parametrize("address", ["sqlite", "postgresql"], indirect=True)
"""For a file whose tests play on both databases, and not on SQLite alone."""


@pytest.fixture
def address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database, SQLite's unless the test says `BOTH`: the pages are tested on both."""
    if getattr(request, "param", "sqlite") == "sqlite":
        yield f"sqlite:///{tmp_path / 'lob.sqlite3'}"
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    yield server.create("browser")
    server.drop("browser")


@pytest.fixture
def served(address: str) -> Iterator[Served]:
    """A tool on an empty database and an LMS that knows it."""
    with serve(address) as both:
        yield both


@contextmanager
def serve(
    address: str,
    *,
    storage_target: str = "",
    cookies_in_frames: bool = True,
    more_courses: Sequence[LmsCourse] = (),
) -> Iterator[Served]:
    """Serve the tool on this database and the LMS, in threads of this process."""
    port, lms_port = free_port(), free_port()
    tool_url, lms_url = f"http://127.0.0.1:{port}", f"http://localhost:{lms_port}"
    app = create_app(
        Settings(
            base_url=tool_url,
            secret_key="s" * 40,
            encryption_keys=(KEY,),
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
    if not cookies_in_frames:
        app.wsgi_app = without_cookies_in_frames(app.wsgi_app)  # type: ignore[method-assign, assignment]
    lms = create_lms(
        school=DEMO_SCHOOL,
        own_url=lms_url,
        tool_url=tool_url,
        client_id="demo-client",
        storage_target=storage_target,
        more_courses=more_courses,
    )
    with listening("127.0.0.1", port, app), listening("localhost", lms_port, lms):
        yield Served(app, lms_url, tool_url)
    let_go(app)


def without_cookies_in_frames(app: "WSGIApplication") -> "WSGIApplication":
    """Serve as to a browser that keeps no cookies in frames, such as an older iPad's."""

    def wrapped(environ: "WSGIEnvironment", start_response: "StartResponse") -> "Iterable[bytes]":
        framed = environ.get("HTTP_SEC_FETCH_DEST") == "iframe"

        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            kept = [one for one in headers if not framed or one[0].lower() != "set-cookie"]
            return start_response(status, kept, *rest)

        return app(environ, start)

    return wrapped
