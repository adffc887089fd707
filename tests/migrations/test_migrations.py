"""Migrations go up and down, and their head is what the models say, on both databases."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect

from lti_tool import create_app
from lti_tool.models import db
from tests.conftest import make_settings
from tests.support.postgres import PostgresServer
from tests.support.tools import let_go


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_app(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """The tool on a database without any table."""
    if request.param == "sqlite":
        address = f"sqlite:///{tmp_path / 'empty.sqlite3'}"
    else:
        server: PostgresServer = request.getfixturevalue("postgres")
        address = server.create("empty")
    tool = create_app(make_settings(address))
    yield tool
    let_go(tool)
    if request.param == "postgresql":
        server.drop("empty")


def test_up_and_down_and_up_again(empty_app: Flask) -> None:
    with empty_app.app_context():
        upgrade()
        assert "conversation" in inspect(db.engine).get_table_names()
        downgrade(revision="base")
        assert inspect(db.engine).get_table_names() == ["alembic_version"]
        upgrade()
        assert "conversation" in inspect(db.engine).get_table_names()


def test_head_is_what_the_models_say(empty_app: Flask) -> None:
    with empty_app.app_context():
        upgrade()
        with db.engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True})
            assert compare_metadata(context, db.metadata) == []


def test_every_constraint_has_the_name_the_models_give_it(empty_app: Flask) -> None:
    with empty_app.app_context():
        upgrade()
        inspector = inspect(db.engine)
        for table in db.metadata.sorted_tables:
            wanted = {str(one.name) for one in table.constraints if one.name}
            found = {one["name"] for one in inspector.get_check_constraints(table.name)}
            found |= {one["name"] for one in inspector.get_unique_constraints(table.name)}
            found |= {one["name"] for one in inspector.get_foreign_keys(table.name)}
            found.add(inspector.get_pk_constraint(table.name)["name"])
            assert wanted <= found, table.name
