"""Server time, statements, weight and memory of the pages people use most: `make bench`.

A class of 30 on SQLite, in the process of the test client (time and statements) and in a served
process (memory). Limits stand beside each number; the exit code says whether all were met.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import psutil
import requests
from cryptography.fernet import Fernet
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import update

from lti_tool import create_app
from lti_tool.models import Conversation, State, db, now
from lti_tool.settings import Settings
from tests.support.postgres import free_port
from tests.support.school import School, Visitor
from tests.support.statements import counted
from tests.support.weight import KILOBYTES, REQUESTS, weight

PUPILS = 30
ROUNDS = 60
WARM_UP = 5
PAGE_MS, AUTOSAVE_MS, MEMORY_MB = 30.0, 10.0, 120.0
KEY = "prep.vb-v01"
PEERS = "Hypothesis 72 kB, H5P's core 81 kB in 18 requests"
"""Their first page, fetched cold: measured once, and not fetched again here."""


@dataclass
class Class30:
    """A class with one closed and one present round."""

    teacher: Visitor
    pupil: Visitor
    round: int
    form: int
    started: int


def main() -> int:
    """Print the table; 0 when every limit was met."""
    with tempfile.TemporaryDirectory() as folder:
        settings = {
            "LOB_BASE_URL": "http://127.0.0.1:8000",
            "LOB_SECRET_KEY": "s" * 40,
            "LOB_ENCRYPTION_KEYS": Fernet.generate_key().decode(),
            "LOB_DATABASE_URL": f"sqlite:///{Path(folder) / 'bench.sqlite3'}",
        }
        os.environ.update(settings)
        app = create_app(Settings())
        with app.app_context():
            upgrade()
        people = make_class(app)
        within = [
            measure(app, "course page, 30 pupils", PAGE_MS, course_page(people)),
            measure(app, "pupil's form", PAGE_MS, form_page(people)),
            measure(app, "guide page", PAGE_MS, guide_page(people)),
            measure(app, "autosave", AUTOSAVE_MS, autosave(people)),
            lightness(people),
            memory(people),
        ]
    return 0 if all(within) else 1


def make_class(app: Flask) -> Class30:
    """Thirty pupils, a mentor, two rounds; one conversation of the second is under way."""
    school = School(app)
    teacher = school.teacher()
    pupils = [school.pupil(f"Leerling{number} Achternaam{number}") for number in range(PUPILS)]
    earlier = school.round("Najaar")
    with app.app_context():
        db.session.execute(
            update(Conversation).values(
                state=State.CLOSED, teacher_id=teacher, started_at=now(), closed_at=now()
            )
        )
        db.session.commit()
    present = school.round("Voorjaar")
    started = school.conversation(pupils[1], present)
    with app.app_context():
        db.session.execute(
            update(Conversation)
            .where(Conversation.id == started)
            .values(state=State.STARTED, teacher_id=teacher, started_at=now())
        )
        db.session.commit()
    assert earlier != present
    return Class30(
        teacher=school.visit(teacher, present),
        pupil=school.visit(pupils[0], present),
        round=present,
        form=school.conversation(pupils[0], present),
        started=started,
    )


def course_page(people: Class30) -> Callable[[], int]:
    """GET the teacher's course page."""
    return lambda: people.teacher.get(f"/rounds/{people.round}").status_code


def form_page(people: Class30) -> Callable[[], int]:
    """GET the first page of the pupil's form."""
    return lambda: people.pupil.get(f"/conversations/{people.form}/preparation/goal").status_code


def guide_page(people: Class30) -> Callable[[], int]:
    """GET the richest phase of the guide."""
    path = f"/conversations/{people.started}/guide/kwaliteiten"
    return lambda: people.teacher.get(path).status_code


def autosave(people: Class30) -> Callable[[], int]:
    """POST one field, each time with other words."""
    token, revision = people.pupil.csrf_token(), 0
    url = f"{people.pupil.root}/conversations/{people.form}/entries/{KEY}"

    def post() -> int:
        nonlocal revision
        data = {"csrf_token": token, KEY: f"Tekst {revision}", f"revision.{KEY}": revision}
        answer = people.pupil.client.post(url, data=data)
        revision = answer.get_json()["revision"]
        return answer.status_code

    return post


def measure(app: Flask, name: str, limit: float, call: Callable[[], int]) -> bool:
    """Call repeatedly; print the median, the 95th percentile and the statements of one call."""
    for _ in range(WARM_UP):
        status = call()
        if status != 200:
            raise SystemExit(f"{name}: answered {status}")
    with counted(app) as statements:
        call()
    times = []
    for _ in range(ROUNDS):
        begin = time.perf_counter()
        call()
        times.append((time.perf_counter() - begin) * 1000)
    median, slow = statistics.median(times), statistics.quantiles(times, n=20)[-1]
    verdict = "ok" if median <= limit else "TOO SLOW"
    print(  # noqa: T201
        f"{name:24} median {median:6.1f} ms  p95 {slow:6.1f} ms  limit {limit:4.0f} ms"
        f"  statements {len(statements):3}  {verdict}"
    )
    return median <= limit


def lightness(people: Class30) -> bool:
    """Print what a pupil's browser fetches for the first page, beside what others ask of it."""
    found = weight(people.pupil.get("/").text)
    verdict = "ok" if found.within_limits else "TOO HEAVY"
    print(  # noqa: T201
        f"{'first page of a pupil':24} {found.requests} requests  limit {REQUESTS}"
        f"  {found.kilobytes:.1f} kB gzipped  limit {KILOBYTES}  ({PEERS})  {verdict}"
    )
    return found.within_limits


def memory(people: Class30) -> bool:
    """Serve the tool, ask for pages, print the resident memory of the process that answers."""
    port = free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "lti_tool.commands", "serve", "--port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        address = f"http://127.0.0.1:{port}"
        _wait(server, address + "/healthz")
        cookie = people.teacher.client.get_cookie("lob-session", path=people.teacher.root + "/")
        assert cookie is not None
        page = f"{address}{people.teacher.root}/rounds/{people.round}"
        for _ in range(ROUNDS):
            requests.get(page, cookies={"lob-session": cookie.value}, timeout=10).raise_for_status()
        workers = psutil.Process(server.pid).children()
        used = max(one.memory_info().rss for one in workers) / 1024**2
    finally:
        server.terminate()
        server.wait(timeout=20)
    verdict = "ok" if used <= MEMORY_MB else "TOO MUCH"
    print(f"{'memory of one process':24} {used:6.1f} MB  limit {MEMORY_MB:4.0f} MB  {verdict}")  # noqa: T201
    return used <= MEMORY_MB


def _wait(server: subprocess.Popen[bytes], address: str) -> None:
    deadline = time.monotonic() + 30
    while True:
        try:
            requests.get(address, timeout=2).raise_for_status()
        except requests.RequestException:
            if server.poll() is not None or time.monotonic() > deadline:
                raise SystemExit("the tool did not start") from None
            time.sleep(0.05)
        else:
            return


if __name__ == "__main__":
    raise SystemExit(main())
