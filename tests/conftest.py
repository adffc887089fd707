"""Fixtures of all tests. Everything that needs a database runs on SQLite and on PostgreSQL."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from flask import Flask
from flask_migrate import upgrade

from lti_tool import create_app
from lti_tool.models import db
from lti_tool.settings import Settings
from tests.support.school import School


def make_settings(database_url: str) -> Settings:
    """Settings of a tool on this machine, with fresh keys."""
    return Settings(
        base_url="http://127.0.0.1:8000",
        secret_key="s" * 40,
        encryption_keys=(Fernet.generate_key().decode(),),
        database_url=database_url,
    )


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file at the newest migration, to copy."""
    file = tmp_path_factory.mktemp("sqlite") / "migrated.sqlite3"
    app = create_app(make_settings(f"sqlite:///{file}"))
    with app.app_context():
        upgrade()
        db.engine.dispose()
    return file


@pytest.fixture
def app(migrated_sqlite: Path, tmp_path: Path) -> Iterator[Flask]:
    """The tool on a database of its own."""
    file = tmp_path / "lob.sqlite3"
    shutil.copy(migrated_sqlite, file)
    tool = create_app(make_settings(f"sqlite:///{file}"))
    tool.testing = True
    tool.config["PROPAGATE_EXCEPTIONS"] = False
    yield tool
    with tool.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def school(app: Flask) -> School:
    """A course to fill."""
    return School(app)
