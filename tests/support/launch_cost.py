"""What a returning person's launch costs the database: statements and commits, counted."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from sqlalchemy import event

from lti_tool.models import db
from tests.support.launches import Platform, token
from tests.support.statements import counted

MOST_IN_LAUNCH, MOST_COMMITS, MOST_IN_PAGE = 5, 1, 4


@dataclass
class Cost:
    """Statements of the launch POST and of all that follows up to the page; commits of the POST."""

    launch: list[str] = field(default_factory=list)
    page: list[str] = field(default_factory=list)
    commits: int = 0
    key_set_fetches: int = 0

    @property
    def within_limits(self) -> bool:
        """Whether a launch costs no more than it may."""
        return (
            len(self.launch) <= MOST_IN_LAUNCH
            and self.commits <= MOST_COMMITS
            and len(self.page) <= MOST_IN_PAGE
            and not self.key_set_fetches
        )


def launch_cost(app: Flask, platform: Platform, data: dict[str, Any]) -> Cost:
    """Let the person in `data` come twice; count what the second time takes."""
    platform.launch(app.test_client(), data, follow_redirects=True)
    client, cost = app.test_client(), Cost()
    state, nonce = platform.login(client)
    id_token = token(data, nonce)
    with counted(app) as cost.launch, _commits(app) as commits:
        answer = platform.post(client, state, id_token)
    assert answer.status_code == 303, answer.text
    cost.commits, cost.key_set_fetches = len(commits), platform.fetched_last
    with counted(app) as cost.page:
        page = client.get(answer.headers["Location"], follow_redirects=True)
    assert page.status_code == 200, page.text
    return cost


@contextmanager
def _commits(app: Flask) -> Iterator[list[object]]:
    seen: list[object] = []

    def note(connection: object) -> None:
        seen.append(connection)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "commit", note)
    try:
        yield seen
    finally:
        event.remove(engine, "commit", note)
