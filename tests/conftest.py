"""Fixtures of all tests. Everything that needs a database runs on SQLite and on PostgreSQL."""

from collections.abc import Iterator

import pytest
from cryptography.fernet import Fernet
from flask import Flask
from flask_migrate import upgrade

from lti_tool import create_app
from lti_tool.lti.keysets import KeySets
from lti_tool.settings import Settings
from tests.support.looks import LookedAt
from tests.support.pages import CheckedClient
from tests.support.postgres import PostgresServer
from tests.support.rows import Acceptance, rows_of
from tests.support.school import School
from tests.support.skips import pytest_sessionfinish
from tests.support.talk import Talk, hold_talk
from tests.support.tools import empty, let_go

__all__ = ["pytest_sessionfinish"]  # a hook, for all tests


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let `make acceptance` ask for its table, and `make accessibility` for its list."""
    parser.addoption("--acceptance", action="store_true", help="only the rows' tests, as a table")
    parser.addoption("--looks", action="store_true", help="list the pages that axe looked at")


def pytest_configure(config: pytest.Config) -> None:
    """Gather the verdicts of rows, or what was looked at, where that was asked for."""
    if config.getoption("--acceptance"):
        config.pluginmanager.register(Acceptance(), "acceptance")
    if config.getoption("--looks"):
        config.pluginmanager.register(LookedAt(), "looks")


def pytest_itemcollected(item: pytest.Item) -> None:
    """Refuse a mark of a row that is not in the table, in every run."""
    rows_of(item)


def make_settings(database_url: str) -> Settings:
    """Settings of a tool on this machine, with fresh keys."""
    return Settings(
        base_url="http://127.0.0.1:8000",
        secret_key="s" * 40,
        encryption_keys=(Fernet.generate_key().decode(),),
        database_url=database_url,
    )


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL server for this run."""
    with PostgresServer() as server:
        yield server


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def migrated_app(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Flask]:
    """The tool at the newest migration, once per kind of database."""
    server: PostgresServer | None = None
    if request.param == "sqlite":
        address = f"sqlite:///{tmp_path_factory.mktemp('sqlite') / 'lob.sqlite3'}"
    else:
        server = request.getfixturevalue("postgres")
        assert server
        address = server.create("lob")
    tool = create_app(make_settings(address))
    tool.testing = True
    if request.param == "sqlite":  # the same tests fetch the same pages from the other one
        tool.test_client_class = CheckedClient
    tool.config["PROPAGATE_EXCEPTIONS"] = False
    with tool.app_context():
        upgrade()
    yield tool
    let_go(tool)
    if server:  # a process that takes over another's tests may come back to this database
        server.drop("lob")


@pytest.fixture
def app(migrated_app: Flask) -> Iterator[Flask]:
    """The tool on an empty database."""
    migrated_app.extensions["lob_keysets"] = KeySets()
    yield migrated_app
    empty(migrated_app)


@pytest.fixture
def school(app: Flask) -> School:
    """A course to fill."""
    return School(app)


@pytest.fixture
def talk(school: School) -> Talk:
    """A conversation of Noor with her mentor, not yet begun."""
    return hold_talk(school, school.teacher(), school.pupil())
