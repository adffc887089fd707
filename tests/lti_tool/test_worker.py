"""The worker as a process of its own: does what is due, stops on TERM."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import select

from lti_tool import create_app
from lti_tool.background import ask
from lti_tool.models import Course, Outbox, RosterState, Task, db
from lti_tool.settings import Settings
from tests.conftest import make_settings
from tests.support.school import School
from tests.support.tools import let_go

ROOT = Path(__file__).parents[2]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return make_settings(f"sqlite:///{tmp_path / 'lob.sqlite3'}")


@pytest.fixture
def tool(settings: Settings) -> Iterator[Flask]:
    """A tool with a course whose roster is asked for, and cannot be had."""
    made = create_app(settings)
    with made.app_context():
        upgrade()
    school = School(made)
    with made.app_context():
        ask(Task.READ_ROSTER, school.course_id)
        db.session.commit()
    yield made
    let_go(made)


def command(settings: Settings, *arguments: str) -> "subprocess.Popen[str]":
    environment = {
        **os.environ,
        "LOB_BASE_URL": settings.base_url,
        "LOB_SECRET_KEY": settings.secret_key.get_secret_value(),
        "LOB_ENCRYPTION_KEYS": settings.encryption_keys[0].get_secret_value(),
        "LOB_DATABASE_URL": settings.database_url,
    }
    return subprocess.Popen(
        [sys.executable, "-m", "lti_tool.commands", "worker", *arguments],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def is_done(tool: Flask) -> bool:
    with tool.app_context():
        return not db.session.scalars(select(Outbox)).all()


def test_once_does_what_is_due_and_stops(settings: Settings, tool: Flask) -> None:
    out, err = command(settings, "--once").communicate(timeout=60)
    assert out == "1 done\n"
    assert '"reason": "not_offered"' in err
    assert is_done(tool)
    with tool.app_context():
        course = db.session.scalars(select(Course)).one()
        assert course.roster_state is RosterState.FAILED


def test_the_worker_runs_until_it_is_told_to_stop(settings: Settings, tool: Flask) -> None:
    process = command(settings)
    until = time.monotonic() + 60
    while not is_done(tool):
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < until
        time.sleep(0.1)
    process.send_signal(signal.SIGTERM)
    _out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    assert "Traceback" not in err
