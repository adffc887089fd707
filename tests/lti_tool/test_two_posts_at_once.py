"""Two posts to one conversation at the same moment, in real threads, on both databases.

Each waits before its commit until the other came as far, so that neither sees what the other does;
where one is held up by the other, as it should be, nobody comes, and it goes on alone.
"""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress

from flask import Flask
from sqlalchemy import event, select

from lti_tool.models import (
    AccessLog,
    Act,
    Conversation,
    Entry,
    Visibility,
    db,
)
from tests.support.school import Visitor
from tests.support.talk import Talk

SECONDS = 0.5
"""How long one waits for the other."""
GOAL = "prep.vb-v01"


@contextmanager
def meeting(app: Flask) -> Iterator[None]:
    """Let two transactions meet before either commits."""
    both = threading.Barrier(2)

    def wait(_connection: object) -> None:
        with suppress(threading.BrokenBarrierError):
            both.wait(SECONDS)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "commit", wait)
    try:
        yield
    finally:
        event.remove(engine, "commit", wait)


def at_once(talk: Talk, *posts: tuple[Visitor, str, dict[str, str]]) -> list[tuple[int, str]]:
    """Post at the same moment to pages of the conversation; status, and address or page."""

    def post(who: Visitor, path: str, fields: dict[str, str]) -> tuple[int, str]:
        page = who.post(f"/conversations/{talk.id}/{path}", fields, follow_redirects=False)
        return page.status_code, page.headers.get("Location", page.text)

    with meeting(talk.school.app), ThreadPoolExecutor(len(posts)) as pool:
        return [one.result() for one in [pool.submit(post, *one) for one in posts]]


def conversation(talk: Talk) -> Conversation:
    with talk.school.app.app_context():
        return db.session.get_one(Conversation, talk.id)


def lines(talk: Talk, act: Act) -> int:
    """How often it stands in the access log."""
    with talk.school.app.app_context():
        query = select(AccessLog.id).where(
            AccessLog.conversation_id == talk.id, AccessLog.act == act
        )
        return len(db.session.scalars(query).all())


def test_of_two_teachers_who_begin_only_one_shares_what_they_prepared(talk: Talk) -> None:
    ilse = talk.school.visit(talk.school.teacher("Ilse Smit"), talk.round_id)
    for who in (talk.mentor, ilse):
        talk.do("prepare/", who, **{GOAL: "Concept"})
    answers = at_once(talk, (talk.mentor, "guide/start", {}), (ilse, "guide/start", {}))
    assert [status for status, _there in answers] == [303, 303]
    assert all(there.endswith("/guide/doel") for _status, there in answers)
    shared = [one for one in talk.rows(Entry) if one.visibility == Visibility.SHARED]
    assert [one.owner_id for one in shared] == [conversation(talk).teacher_id]
    assert lines(talk, Act.STARTED) == 1
