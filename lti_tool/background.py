"""Work that a page does not wait for: written with what makes it necessary, done by a worker.

A row of the outbox is written in the same transaction as its cause. After the request it is put
on a queue (Redis when `LOB_REDIS_URL` is set, else a queue beside the database), so that a worker
starts at once; when that fails, the worker's sweep finds the row within a minute. A task carries
ids only and may be delivered twice: who does the work first claims the row in the database.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

import structlog
from flask import Flask, Response, current_app, g, has_request_context
from huey import Huey, MemoryHuey, PostgresHuey, RedisHuey, SqliteHuey, crontab
from redis import ConnectionPool
from redis.backoff import NoBackoff
from redis.retry import Retry
from sqlalchemy import delete, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from lti_tool.lti.web import ServiceFailed
from lti_tool.models import Outbox, Task, db, now

log = structlog.get_logger("background")

NAME = "loopbaangesprek"
WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 480))
"""Between one failure and the next attempt; after the last of them it failed for good."""
IN_HAND = timedelta(minutes=15)
"""Longer than any task takes: a worker that died gives its work up after this."""
REDIS_SECONDS = 2
"""A page does not wait for a queue that is down; longer than the worker's own wait of a second."""


@dataclass(frozen=True)
class Job:
    """How one task is done. Both get the record's id, inside an app context."""

    attempt: Callable[[int], None]
    """Does the work and commits. Raises ServiceFailed. Doing it twice does no harm."""
    failed: Callable[[int, str, datetime | None], None]
    """Told the reason, and when it is tried again; None when it failed for good. Its writes are
    committed with the outbox."""


Jobs = Mapping[Task, Job]


class Background:
    """The queue of one app, made when it is first needed."""

    def __init__(self, app: Flask, jobs: Jobs) -> None:
        self.app, self.jobs = app, jobs

    @cached_property
    def queue(self) -> Huey:
        """huey with our one task, and the sweep."""
        with self.app.app_context():
            queue = _new_queue(self.app)

        @queue.task(name="work")  # type: ignore[untyped-decorator]
        def work(task: str, record_id: int) -> None:
            with self.app.app_context():
                do(Task(task), record_id)

        @queue.periodic_task(crontab(), name="sweep")  # type: ignore[untyped-decorator]
        def sweep() -> None:
            with self.app.app_context():
                for task, record_id in due():
                    work(task.value, record_id)

        self.work = work
        queue.on_startup(name="sweep")(sweep.call_local)
        return queue

    def put(self, task: Task, record_id: int) -> None:
        """Put one piece of work on the queue; without a queue the sweep will find it."""
        try:
            self.queue  # noqa: B018  # defines `work`
            self.work(task.value, record_id)
        except Exception as error:  # any queue's own exceptions: none may fail the request
            log.warning("queue", verdict="failed", task=task, reason=type(error).__name__)

    def close(self) -> None:
        """Let go of the queue's file or connection."""
        if "queue" in self.__dict__:
            self.queue.storage.close()


def install(app: Flask, jobs: Jobs) -> None:
    """Give the app its background; what a request wrote is queued when it is answered."""
    app.extensions["lob_background"] = Background(app, jobs)

    @app.after_request
    def put_on_queue(response: Response) -> Response:
        for task, record_id in g.pop("lob_work", ()):
            _background().put(task, record_id)
        return response


def ask(task: Task, record_id: int, *, anew: bool = True) -> None:
    """Write the outbox row in the caller's transaction.

    `anew`: work that already waits is due at once, and counts its failures from zero. Else it
    waits on; but what a worker has in hand is done once more, for it may not have seen the cause.
    """
    moment = now()
    insert = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    statement = insert(Outbox).values(
        task=task, record_id=record_id, due_at=moment, attempts=0, created_at=moment
    )
    changes: dict[str, Any] = {"due_at": moment}
    if anew:
        changes |= {"attempts": 0, "created_at": moment}
    db.session.execute(
        statement.on_conflict_do_update(
            index_elements=[Outbox.task, Outbox.record_id],
            set_=changes,
            where=None if anew else Outbox.taken_until > moment,
        )
    )
    if has_request_context():
        g.setdefault("lob_work", {})[task, record_id] = True


def leave_database() -> None:
    """Commit, and keep neither a transaction nor a row while a platform takes its time."""
    db.session.commit()
    db.session.close()


def due() -> list[tuple[Task, int]]:
    """What waits and is due, oldest first."""
    moment = now()
    rows = db.session.execute(
        select(Outbox.task, Outbox.record_id)
        .where(Outbox.due_at <= moment, _free(moment))
        .order_by(Outbox.due_at, Outbox.id)
    )
    found = list(rows.tuples())
    db.session.rollback()
    return found


def do_what_is_due() -> int:
    """Do everything that is due, here and now; return how much that was."""
    done = 0
    while work := due():
        for task, record_id in work:
            done += do(task, record_id)
    return done


def do(task: Task, record_id: int) -> bool:
    """Do one piece of work, unless it is not due, or somebody has it in hand."""
    claim = _claim(task, record_id)
    if claim is None:
        return False
    job = _background().jobs[task]
    try:
        job.attempt(record_id)
    except ServiceFailed as failure:
        db.session.rollback()
        _failed(claim, job, failure)
    except Exception as error:  # a fault of ours: kept, logged, tried again
        db.session.rollback()
        log.exception("background", task=task, record=record_id)
        _failed(claim, job, ServiceFailed("internal", type(error).__name__))
    else:
        db.session.rollback()
        _done(claim)
    return True


@dataclass(frozen=True)
class _Claim:
    """The outbox row in hand, as it was when it was taken."""

    id: int
    task: Task
    record_id: int
    due_at: datetime
    attempts: int


def _claim(task: Task, record_id: int) -> _Claim | None:
    moment = now()
    row = db.session.execute(
        update(Outbox)
        .where(
            Outbox.task == task,
            Outbox.record_id == record_id,
            Outbox.due_at <= moment,
            _free(moment),
        )
        .values(taken_until=moment + IN_HAND)
        .returning(Outbox.id, Outbox.due_at, Outbox.attempts)
    ).one_or_none()
    db.session.commit()
    return _Claim(row.id, task, record_id, row.due_at, row.attempts) if row else None


def _free(moment: datetime) -> Any:
    return or_(Outbox.taken_until.is_(None), Outbox.taken_until < moment)


def _done(claim: _Claim) -> None:
    """Take the row away, unless the same work was asked for anew meanwhile."""
    db.session.execute(delete(Outbox).where(Outbox.id == claim.id, Outbox.due_at == claim.due_at))
    db.session.execute(update(Outbox).where(Outbox.id == claim.id).values(taken_until=None))
    db.session.commit()


def _failed(claim: _Claim, job: Job, failure: ServiceFailed) -> None:
    """Wait and try again, no sooner than the platform asks; or give up."""
    again_at = None
    if failure.passes and claim.attempts < len(WAITS):
        wait = max(WAITS[claim.attempts], timedelta(seconds=failure.retry_after or 0))
        again_at = now() + wait
    log.warning(
        "background",
        verdict="tries_again" if again_at else "given_up",
        task=claim.task,
        record=claim.record_id,
        reason=failure.reason,
        detail=failure.detail,
        attempt=claim.attempts + 1,
    )
    job.failed(claim.record_id, failure.reason, again_at)
    if again_at is None:
        _done(claim)
        return
    db.session.execute(
        update(Outbox)
        .where(Outbox.id == claim.id, Outbox.due_at == claim.due_at)
        .values(due_at=again_at, attempts=claim.attempts + 1)
    )
    db.session.execute(update(Outbox).where(Outbox.id == claim.id).values(taken_until=None))
    db.session.commit()


def _background() -> Background:
    background: Background = current_app.extensions["lob_background"]
    return background


def _new_queue(app: Flask) -> Huey:
    """Where tasks lie until a worker takes them; results are of no use to anybody."""
    redis_url = app.config["LOB"].redis_url
    if redis_url:
        pool = ConnectionPool.from_url(
            redis_url,
            socket_connect_timeout=REDIS_SECONDS,
            socket_timeout=REDIS_SECONDS,
            retry=Retry(NoBackoff(), 0),
        )
        return RedisHuey(NAME, results=False, connection_pool=pool)
    address = db.engine.url
    if address.get_backend_name() == "postgresql":
        plain = address.set(drivername="postgresql").render_as_string(hide_password=False)
        return PostgresHuey(NAME, results=False, dsn=plain)
    if not address.database or address.database == ":memory:":
        return MemoryHuey(NAME, results=False)
    return SqliteHuey(NAME, results=False, filename=f"{address.database}-queue")
