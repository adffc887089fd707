"""`/metrics`, in Prometheus' text format: how launches end, how long pages take, what waits.

Numbers only: nothing names a person, a course or a school. The page asks for the bearer token
`LOB_METRICS_TOKEN`, and is not there without that setting. Workers of one server count together
in the folder `PROMETHEUS_MULTIPROC_DIR`, which prometheus-client reads as it is imported.
"""

import hmac
import os
import time
from collections.abc import Iterator

from flask import Blueprint, Flask, Response, current_app, g, request
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from sqlalchemy import func, select
from werkzeug.exceptions import NotFound, Unauthorized

from lti_tool.access import open_to_all
from lti_tool.models import Mail, MailState, Outbox, db, now

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
COUNTED = CollectorRegistry()
LAUNCHES = Counter(
    "lob_launches",
    "Launches, by verdict and by its reason in the log.",
    ["verdict", "reason"],
    registry=COUNTED,
)
ANSWERS = Histogram(
    "lob_answer_seconds",
    "From the first look at a request to its answer, by page and status.",
    ["page", "status"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
    registry=COUNTED,
)

metrics = Blueprint("metrics", __name__)


def count_launch(verdict: str, reason: str) -> None:
    """Count one launch that ended."""
    LAUNCHES.labels(verdict, reason).inc()


def install(app: Flask) -> None:
    """Time every answer, where somebody asks for it. Call it before the gate."""
    if app.config["LOB"].metrics_token is None:
        return

    @app.before_request
    def begin() -> None:
        g.began = time.perf_counter()

    @app.after_request
    def end(response: Response) -> Response:
        seconds = time.perf_counter() - g.pop("began", time.perf_counter())
        ANSWERS.labels(request.endpoint or "", str(response.status_code)).observe(seconds)
        return response


@metrics.get("/metrics")
@open_to_all
def page() -> Response:
    """All of it, for who knows the token."""
    token = current_app.config["LOB"].metrics_token
    if token is None:
        raise NotFound("no_metrics")
    told = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not hmac.compare_digest(told.encode(), token.get_secret_value().encode()):
        raise Unauthorized("wrong_token")
    registry = CollectorRegistry()
    registry.register(_Waiting())
    if os.environ.get(FOLDER):
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        said = generate_latest(registry)
    else:
        said = generate_latest(registry) + generate_latest(COUNTED)
    return Response(said, content_type=CONTENT_TYPE_PLAIN_0_0_4)


class _Waiting(Collector):
    """What lies in the database to be done, asked as it is collected."""

    def collect(self) -> Iterator[Metric]:
        """Work for the worker by task, how long the oldest is overdue, and mail by state."""
        work = GaugeMetricFamily("lob_work_waiting", "Work for the worker.", labels=["task"])
        late = GaugeMetricFamily(
            "lob_work_overdue_seconds", "How long the oldest work is overdue.", labels=["task"]
        )
        rows = db.session.execute(
            select(Outbox.task, func.count(), func.min(Outbox.due_at)).group_by(Outbox.task)
        )
        for task, number, due_at in rows.tuples():
            work.add_metric([task], number)
            late.add_metric([task], max((now() - due_at).total_seconds(), 0))
        mail = GaugeMetricFamily("lob_mail", "Mail, by state.", labels=["state"])
        states = dict(
            db.session.execute(select(Mail.state, func.count()).group_by(Mail.state)).tuples().all()
        )
        for state in MailState:
            mail.add_metric([state], states.get(state, 0))
        yield from (work, late, mail)
