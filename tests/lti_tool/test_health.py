"""What whoever runs us asks: the process answers always, readiness only when we can work."""

from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import text

from lti_tool import create_app
from lti_tool.models import db
from tests.conftest import make_settings
from tests.support.tools import let_go


def test_a_tool_at_the_newest_migration_is_ready(app: Flask) -> None:
    client = app.test_client()
    assert client.get("/healthz").json == {"status": "ok"}
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json) == (200, {"status": "ok"})


def test_an_older_database_waits_for_its_migrations(tmp_path: Path) -> None:
    tool = create_app(make_settings(f"sqlite:///{tmp_path / 'lob.sqlite3'}"))
    client = tool.test_client()
    for prepare in ("nothing", "older"):
        if prepare == "older":
            with tool.app_context():
                upgrade()
                db.session.execute(text("UPDATE alembic_version SET version_num = '0000'"))
                db.session.commit()
        answer = client.get("/readyz")
        assert answer.status_code == 503
        assert "loopbaangesprek db upgrade" in answer.text
        assert client.get("/healthz").status_code == 200
    let_go(tool)


@pytest.mark.parametrize(
    "address", ["sqlite:////nowhere/lob.sqlite3", "postgresql://lob@127.0.0.1:1/lob"]
)
def test_without_a_database_the_process_answers_and_is_not_ready(address: str) -> None:
    tool = create_app(make_settings(address))
    answer = tool.test_client().get("/readyz")
    assert (answer.status_code, answer.json) == (503, {"status": "no database"})
    assert tool.test_client().get("/healthz").status_code == 200
    let_go(tool)
