"""Which task is done by whom, and the process that does them: `loopbaangesprek worker`."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager

import click
import structlog
from flask import Flask, current_app
from flask.cli import with_appcontext
from huey.consumer import Consumer

from lti_tool import grades, roster
from lti_tool.background import Background, Jobs, do_what_is_due
from lti_tool.mail import sending
from lti_tool.models import Task

JOBS: Jobs = {
    Task.READ_ROSTER: roster.JOB,
    Task.MAKE_COLUMN: grades.COLUMN_JOB,
    Task.REPORT_GRADE: grades.REPORT_JOB,
    Task.SEND_MAIL: sending.JOB,
}
log = structlog.get_logger("worker")

SECONDS_TO_FINISH = 60
HUEYS_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@click.command("worker")
@click.option("--threads", default=2, show_default=True, help="How many tasks run at once.")
@click.option("--once", is_flag=True, help="Do what is due and stop, for a timer.")
@with_appcontext
def worker(threads: int, once: bool) -> None:
    """Read rosters, report to gradebooks and mail, beside `serve`. Stops after its task on TERM."""
    if once:
        click.echo(f"{do_what_is_due()} done")
        return
    log.info("worker", verdict="started", threads=threads)
    _consumer(current_app._get_current_object(), threads).run()  # type: ignore[attr-defined]


@contextmanager
def worker_in_this_process(app: Flask, threads: int = 1) -> Iterator[None]:
    """A worker beside a server of the same process, for the demo. Call it in the main thread."""
    consumer = _consumer(app, threads)
    handlers = {one: signal.getsignal(one) for one in HUEYS_SIGNALS}
    consumer.start()
    try:
        yield
    finally:
        consumer.stop(graceful=True)
        for one, handler in handlers.items():
            signal.signal(one, handler)


def _consumer(app: Flask, threads: int) -> Consumer:
    background: Background = app.extensions["lob_background"]
    return background.queue.create_consumer(
        workers=threads,
        worker_type="thread",
        graceful_signal="TERM",
        shutdown_timeout=SECONDS_TO_FINISH,
        max_delay=1.0,
    )
