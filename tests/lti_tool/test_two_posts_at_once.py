"""Two posts to one conversation at the same moment, in real threads, on both databases.

Each waits before its commit until the other came as far, so that neither sees what the other does;
where one is held up by the other, as it should be, nobody comes, and it goes on alone.
"""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress

import pytest
from flask import Flask
from sqlalchemy import event, select

from lti_tool.models import (
    AccessLog,
    Act,
    Agreement,
    Conversation,
    Correction,
    Entry,
    NoAgreement,
    Preparation,
    State,
    Visibility,
    db,
)
from tests.support.school import Visitor
from tests.support.talk import Talk

SECONDS = 0.5
"""How long one waits for the other."""
GOAL, TOPIC = "prep.vb-v01", "prep.vb-v02"
CONCLUSION = "conclusion.werk"
REASONS = {"reason-pupil": "Nog geen idee", "reason-teacher": "Niet nodig"}


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


def test_nothing_closes_without_an_agreement_or_a_reason(talk: Talk) -> None:
    talk.start()
    talk.agree("pupil")
    talk.agree("teacher")
    mine = next(one for one in talk.rows(Agreement) if one.party == "pupil")
    closed, removed = at_once(
        talk,
        (talk.mentor, "closing/", {"action": "close"}),
        (talk.noor, f"agreements/{mine.id}", {"action": "remove"}),
    )
    assert sorted([closed[0], removed[0]]) in ([303, 409], [303, 422])
    gone = len(talk.rows(Agreement)) == 1
    assert gone == (removed[0] == 303)
    assert (conversation(talk).state == State.CLOSED) != gone


def test_of_two_corrections_the_second_is_told_of_the_first(talk: Talk) -> None:
    talk.start()
    talk.do("guide/werk", **{CONCLUSION: "Origineel"})
    talk.close()
    ilse = talk.school.visit(talk.school.teacher("Ilse Smit"), talk.round_id)
    path = f"corrections/{CONCLUSION}"
    answers = at_once(
        talk,
        (talk.mentor, path, {"correction": "A", "seen": "0"}),
        (ilse, path, {"correction": "B", "seen": "0"}),
    )
    assert sorted(status for status, _page in answers) == [303, 422]
    assert "Dit is intussen al verbeterd" in max(answers)[1]
    (row,) = talk.rows(Correction)
    assert (row.before, row.after) == ("Origineel", "A" if answers[0][0] == 303 else "B")


def test_a_second_tap_says_that_it_was_sent(talk: Talk) -> None:
    talk.do("preparation/goal", talk.noor, **{GOAL: "Een keuze maken"})
    talk.do("preparation/topic", talk.noor, **{TOPIC: "Mijn stage"})
    path, other_window = "preparation/check", talk.school.visit(talk.pupil_id, talk.round_id)
    answers = at_once(talk, (talk.noor, path, {}), (other_window, path, {}))
    assert [status for status, _there in answers] == [303, 303]
    assert all(there.endswith("/preparation/sent") for _status, there in answers)
    shared = [one for one in talk.rows(Entry) if one.visibility == Visibility.SHARED]
    assert {one.key: one.text for one in shared} == {GOAL: "Een keuze maken", TOPIC: "Mijn stage"}


def test_a_mentor_who_shares_twice_is_not_told_that_it_failed(talk: Talk) -> None:
    talk.do("prepare/", **{GOAL: "Weten wat ze wil"})
    fields = {GOAL: "Weten wat ze wil", f"revision.{GOAL}": "1", "action": "share"}
    other_window = talk.school.visit(talk.teacher_id, talk.round_id)
    answers = at_once(talk, (talk.mentor, "prepare/", fields), (other_window, "prepare/", fields))
    assert [status for status, _there in answers] == [303, 303]
    (prepared,) = talk.rows(Preparation)
    assert prepared.shared_at is not None


def test_a_second_tap_closes_once_and_says_that_it_was_closed(talk: Talk) -> None:
    talk.start()
    fields = {"action": "close", "note.afronding": "Goed gesprek", **REASONS}
    other_window = talk.school.visit(talk.teacher_id, talk.round_id)
    answers = at_once(talk, (talk.mentor, "closing/", fields), (other_window, "closing/", fields))
    assert [status for status, _there in answers] == [303, 303]
    assert all(there.endswith(f"/conversations/{talk.id}/") for _status, there in answers)
    assert lines(talk, Act.CLOSED) == 1
    assert {one.reason for one in talk.rows(NoAgreement)} == set(REASONS.values())


@pytest.mark.parametrize(
    "typed", [{"note.afronding": "Van een ander scherm"}, {"reason-pupil": "Een andere reden"}]
)
def test_other_words_than_those_it_closed_with_come_back(talk: Talk, typed: dict[str, str]) -> None:
    talk.start()
    talk.close()
    fields = {"action": "close", "private.afronding": "", **REASONS}
    page = talk.post("closing/", **fields)
    assert (page.status_code, "Het gesprek is afgesloten" in page.text) == (200, True)
    page = talk.post("closing/", **{**fields, **typed})
    assert page.status_code == 409
    assert next(iter(typed.values())) in page.text


def test_a_round_is_never_taken_away_with_what_a_pupil_writes(talk: Talk) -> None:
    def write() -> int:
        path = f"/conversations/{talk.id}/preparation/goal"
        return talk.noor.post(path, {GOAL: "Een keuze maken"}, follow_redirects=False).status_code

    def remove() -> int:
        path = f"/rounds/{talk.round_id}/remove"
        return talk.mentor.post(path, follow_redirects=False).status_code

    with meeting(talk.school.app), ThreadPoolExecutor(2) as pool:
        answers = [one.result() for one in [pool.submit(write), pool.submit(remove)]]
    assert answers in ([303, 409], [404, 303])
    assert len(talk.rows(Entry)) == (1 if answers[0] == 303 else 0)
