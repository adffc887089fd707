"""What Prometheus is told: numbers alone, to who knows the token, from all workers together."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from cryptography.fernet import Fernet
from flask import Flask
from prometheus_client.parser import text_string_to_metric_families
from pydantic import SecretStr

from lti_tool import create_app
from lti_tool.models import Outbox, Task, db, now
from tests.support.launches import load, platform_for
from tests.support.postgres import free_port
from tests.support.serving import until_it_answers
from tests.support.tools import let_go

TOKEN = "a-token-for-prometheus"
WITH_TOKEN = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture
def watched(app: Flask) -> Iterator[Flask]:
    """The tool, with its numbers to be read."""
    settings = app.config["LOB"].model_copy(update={"metrics_token": SecretStr(TOKEN)})
    made = create_app(settings)
    made.testing = True
    yield made
    let_go(made)


def read(text: str) -> dict[tuple[str, ...], float]:
    """Each number by its name and the values of its labels, in the order of the labels' names."""
    return {
        (one.name, *(one.labels[name] for name in sorted(one.labels))): one.value
        for family in text_string_to_metric_families(text)
        for one in family.samples
    }


def numbers(app: Flask) -> dict[tuple[str, ...], float]:
    page = app.test_client().get("/metrics", headers=WITH_TOKEN)
    assert page.status_code == 200, page.text
    return read(page.text)


def test_only_who_knows_the_token_is_told(app: Flask, watched: Flask) -> None:
    assert app.test_client().get("/metrics", headers=WITH_TOKEN).status_code == 404
    for headers in ({}, {"Authorization": "Bearer another"}, {"Authorization": TOKEN[:-1]}):
        assert watched.test_client().get("/metrics", headers=headers).status_code == 401


def test_launches_are_counted_by_verdict_and_reason(watched: Flask) -> None:
    good = ("lob_launches_total", "enrolled", "accepted")
    bad = ("lob_launches_total", "expired_token", "refused")
    before = numbers(watched)
    data = load("valid", "moodle-student")
    platform = platform_for(watched, data)
    for _ in range(2):
        assert platform.launch(watched.test_client(), data).status_code == 303
    late = {**data, "seconds": {"iat": -600, "exp": -300}}
    assert platform.launch(watched.test_client(), late).status_code == 400
    after = numbers(watched)
    assert after[good] - before.get(good, 0) == 2
    assert after[bad] - before.get(bad, 0) == 1


def test_answers_are_timed_by_page_and_status_and_nobody_is_named(watched: Flask) -> None:
    data = load("valid", "moodle-student")
    launched = platform_for(watched, data).launch(watched.test_client(), data)
    assert launched.status_code == 303
    text = watched.test_client().get("/metrics", headers=WITH_TOKEN).text
    assert read(text)["lob_answer_seconds_count", "lti.launch", "303"] >= 1
    session_id = launched.headers["Location"].split("/")[2]
    for private in ("Sam", "Student", "Introduction", session_id, data["claims"]["iss"]):
        assert private not in text


def test_what_waits_is_asked_of_the_database(watched: Flask) -> None:
    assert ("lob_work_waiting", "read_roster") not in numbers(watched)
    with watched.app_context():
        db.session.add(Outbox(task=Task.READ_ROSTER, record_id=1, due_at=now()))
        db.session.commit()
    told = numbers(watched)
    assert told["lob_work_waiting", "read_roster"] == 1
    assert 0 <= told["lob_work_overdue_seconds", "read_roster"] < 60
    assert told["lob_mail", "waiting"] == 0


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """A tool of its own, that has to be served."""
    return {
        **os.environ,
        "LOB_BASE_URL": "http://127.0.0.1:8000",
        "LOB_SECRET_KEY": "s" * 40,
        "LOB_ENCRYPTION_KEYS": Fernet.generate_key().decode(),
        "LOB_DATABASE_URL": f"sqlite:///{tmp_path / 'lob.sqlite3'}",
        "LOB_METRICS_TOKEN": TOKEN,
    }


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "lti_tool.commands", *arguments]


def test_workers_that_could_not_count_together_do_not_start(environment: dict[str, str]) -> None:
    serve = command("serve", "--workers", "2")
    done = subprocess.run(serve, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "PROMETHEUS_MULTIPROC_DIR" in done.stderr


def test_workers_count_together(environment: dict[str, str], tmp_path: Path) -> None:
    folder, port = tmp_path / "metrics", free_port()
    folder.mkdir()
    environment["PROMETHEUS_MULTIPROC_DIR"] = str(folder)
    subprocess.run(command("db", "upgrade"), env=environment, check=True, capture_output=True)
    server = subprocess.Popen(
        command("serve", "--port", str(port), "--workers", "2"),
        env=environment,
        text=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    base = f"http://127.0.0.1:{port}"
    health = ("lob_answer_seconds_count", "health.process", "200")

    def told() -> float:
        page = requests.get(f"{base}/metrics", headers=WITH_TOKEN, timeout=10)
        return read(page.text).get(health, 0)

    try:
        until_it_answers(server, f"{base}/healthz")
        before = told()
        asked = 0
        while len(list(folder.glob("histogram_*.db"))) < 2 or asked < 20:  # until both worked
            requests.get(f"{base}/healthz", timeout=10)
            asked += 1
            assert asked < 2000
        assert [told() - before for _ in range(4)] == [asked] * 4
    finally:
        server.terminate()
        server.wait(timeout=30)
