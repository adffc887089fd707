"""The outbox: nothing is lost, nothing is done twice at once, what fails comes back later."""

import signal
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from huey import RedisHuey
from sqlalchemy import select
from structlog.testing import capture_logs

from lti_tool import background, create_app
from lti_tool.background import WAITS, Background, Job, ask, do, do_what_is_due, due
from lti_tool.lti.web import ServiceFailed
from lti_tool.models import Outbox, Task, db, now
from lti_tool.worker import JOBS, worker_in_this_process
from tests.conftest import make_settings

TASK = Task.READ_ROSTER


class Script:
    """A job that does what a test tells it to."""

    def __init__(self) -> None:
        self.done: list[int] = []
        self.told: list[tuple[int, str, bool]] = []
        self.errors: list[Exception] = []

    def attempt(self, record_id: int) -> None:
        self.done.append(record_id)
        if self.errors:
            raise self.errors.pop(0)

    def failed(self, record_id: int, reason: str, again_at: datetime | None) -> None:
        self.told.append((record_id, reason, again_at is None))


@pytest.fixture
def script(app: Flask) -> Iterator[Script]:
    made = Script()
    kept = app.extensions["lob_background"]
    ours = Background(app, {TASK: Job(made.attempt, made.failed)})
    ours.queue.storage.flush_all()
    app.extensions["lob_background"] = ours
    with app.app_context():
        yield made
    ours.close()
    app.extensions["lob_background"] = kept


def rows() -> list[Outbox]:
    found = list(db.session.scalars(select(Outbox)))
    db.session.rollback()
    return found


def ask_now(record_id: int = 7, *, anew: bool = True) -> None:
    ask(TASK, record_id, anew=anew)
    db.session.commit()


def test_what_is_rolled_back_is_never_done(script: Script) -> None:
    ask(TASK, 7)
    db.session.rollback()
    assert do_what_is_due() == 0
    assert not do(TASK, 7)
    assert script.done == []


def test_work_is_done_once(script: Script) -> None:
    ask_now()
    ask_now()
    assert do_what_is_due() == 1
    assert not do(TASK, 7)
    assert script.done == [7]
    assert rows() == []


def test_a_failure_waits_longer_each_time_and_ends(script: Script) -> None:
    script.errors = [ServiceFailed("slow") for _wait in range(10)]
    with time_machine.travel(now(), tick=False) as clock, capture_logs() as logs:
        ask_now()
        for wait in WAITS:
            assert do_what_is_due() == 1
            clock.shift(wait - timedelta(seconds=1))
            assert do_what_is_due() == 0
            clock.shift(timedelta(seconds=1))
        assert do_what_is_due() == 1
        assert rows() == []
    assert script.told == [(7, "slow", False)] * len(WAITS) + [(7, "slow", True)]
    assert [one["verdict"] for one in logs] == ["tries_again"] * len(WAITS) + ["given_up"]
    assert {one["reason"] for one in logs} == {"slow"}


def test_what_cannot_pass_ends_at_once(script: Script) -> None:
    script.errors = [ServiceFailed("forbidden")]
    ask_now()
    assert do_what_is_due() == 1
    assert script.told == [(7, "forbidden", True)]
    assert rows() == []


def test_the_platform_says_how_long_to_wait(script: Script) -> None:
    script.errors = [ServiceFailed("rate_limited", retry_after=600)]
    with time_machine.travel(now(), tick=False):
        ask_now()
        do_what_is_due()
        (row,) = rows()
        assert row.due_at == now() + timedelta(seconds=600)
        ask_now(anew=False)
        assert due() == []
        ask_now()
        assert due() == [(TASK, 7)]


def test_a_fault_of_ours_is_logged_and_tried_again(script: Script) -> None:
    script.errors = [ZeroDivisionError()]
    with capture_logs() as logs:
        ask_now()
        do_what_is_due()
    assert script.told == [(7, "internal", False)]
    assert logs[0]["log_level"] == "error"
    assert len(rows()) == 1


def test_nobody_else_does_what_is_in_hand(app: Flask, script: Script) -> None:
    began, goes_on = threading.Event(), threading.Event()

    def attempt(record_id: int) -> None:
        script.attempt(record_id)
        began.set()
        assert goes_on.wait(20)

    def work() -> None:
        with app.app_context():
            do(TASK, 7)

    background._background().jobs = {TASK: Job(attempt, script.failed)}
    ask_now()
    first = threading.Thread(target=work)
    first.start()
    assert began.wait(20)
    assert not do(TASK, 7)
    assert due() == []
    goes_on.set()
    first.join()
    assert script.done == [7]


def test_of_many_at_once_one_does_it(app: Flask, script: Script) -> None:
    start = threading.Barrier(4)
    did: list[bool] = []

    def work() -> None:
        with app.app_context():
            start.wait(20)
            did.append(do(TASK, 7))

    ask_now()
    threads = [threading.Thread(target=work) for _number in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(did) == [False, False, False, True]
    assert script.done == [7]


@pytest.mark.parametrize("anew", [True, False])
def test_what_was_asked_meanwhile_is_done_again(script: Script, anew: bool) -> None:
    def attempt(record_id: int) -> None:
        if not script.done:
            ask_now(anew=anew)
        script.attempt(record_id)

    background._background().jobs = {TASK: Job(attempt, script.failed)}
    ask_now()
    assert do_what_is_due() == 2
    assert script.done == [7, 7]
    assert rows() == []


def test_what_was_asked_during_a_failure_does_not_wait(script: Script) -> None:
    def attempt(record_id: int) -> None:
        script.attempt(record_id)
        if len(script.done) == 1:
            ask_now()
            raise ServiceFailed("slow")

    background._background().jobs = {TASK: Job(attempt, script.failed)}
    ask_now()
    assert do_what_is_due() == 2


def test_the_work_of_a_worker_that_died_is_taken_over(script: Script) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        ask_now()
        assert background._claim(TASK, 7)
        clock.shift(timedelta(minutes=14))
        assert due() == []
        clock.shift(timedelta(minutes=2))
        assert do_what_is_due() == 1


def test_what_a_request_wrote_goes_on_the_queue(app: Flask, script: Script) -> None:
    with app.test_request_context("/lti/launch", method="POST"):
        ask_now()
        ask_now()
        app.process_response(app.make_response("done"))
    queue = background._background().queue
    task = queue.dequeue()
    assert (task.name, task.args) == ("work", ("read_roster", 7))
    assert queue.dequeue() is None
    queue.execute(task)
    assert script.done == [7]


def test_the_sweep_finds_what_was_not_queued(app: Flask, script: Script) -> None:
    ask_now()
    queue = background._background().queue
    for name in queue._startup:
        queue._startup[name]()
    queue.execute(queue.dequeue())
    assert script.done == [7]


def test_a_queue_that_is_down_fails_no_request(
    app: Flask, script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(_app: Flask) -> None:
        raise ConnectionError

    monkeypatch.setattr(background, "_new_queue", down)
    background._background().__dict__.pop("queue").storage.close()
    with app.test_request_context("/lti/launch", method="POST"), capture_logs() as logs:
        ask_now()
        response = app.process_response(app.make_response("done"))
    assert response.status_code == 200
    assert [(one["event"], one["reason"]) for one in logs] == [("queue", "ConnectionError")]
    assert do_what_is_due() == 1


def test_every_task_has_a_job() -> None:
    assert set(JOBS) == set(Task)


def test_with_redis_the_queue_is_there(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'lob.sqlite3'}"
    settings = make_settings(address).model_copy(update={"redis_url": "redis://127.0.0.1:1/0"})
    tool = create_app(settings)
    ours = tool.extensions["lob_background"]
    with tool.app_context():
        assert isinstance(ours.queue, RedisHuey)
        with capture_logs() as logs:
            ours.put(TASK, 7)
    assert [(one["event"], one["verdict"]) for one in logs] == [("queue", "failed")]
    ours.close()


def test_a_worker_finishes_what_it_began(app: Flask, script: Script) -> None:
    began, goes_on, finished = threading.Event(), threading.Event(), threading.Event()

    def attempt(_record_id: int) -> None:
        began.set()
        assert goes_on.wait(20)
        finished.set()

    background._background().jobs = {TASK: Job(attempt, script.failed)}
    ask_now()
    handler = signal.getsignal(signal.SIGTERM)
    with worker_in_this_process(app):
        assert began.wait(20)
        threading.Timer(0.2, goes_on.set).start()
    assert finished.is_set()
    assert signal.getsignal(signal.SIGTERM) == handler
    assert rows() == []
