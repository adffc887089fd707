"""Two clicks at the same moment, in real threads, on both databases."""

import threading
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import select

from lti_tool.models import Conversation, State, db
from tests.support.school import School, Visitor
from tests.support.talk import Talk, hold_talk
from tests.support.times import offer, times

ROUNDS = 4
"""Times over, for a race may be won by luck."""


def at_once(
    clicks: list[tuple[Visitor, str]],
    data: dict[str, str] | None = None,
    *,
    refused: str = "net door iemand anders gekozen",
) -> list[int]:
    """All POST at the same moment; the statuses. A refusal says what happened: `refused`."""
    ready = threading.Barrier(len(clicks))

    def click(visitor: Visitor, path: str) -> tuple[int, str]:
        ready.wait()
        page = visitor.post(path, data)
        return page.status_code, page.text

    with ThreadPoolExecutor(len(clicks)) as pool:
        answers = [one.result() for one in [pool.submit(click, *one) for one in clicks]]
    for status, text in answers:
        assert status in {200, 409}, text
        if status == 409:
            assert refused in text
    return sorted(status for status, _text in answers)


def classmates(school: School) -> tuple[Talk, dict[int, Visitor]]:
    """Two pupils by the number of their conversation, and times to choose from."""
    school.pupil("Sem Yilmaz")
    talk = hold_talk(school, school.teacher(), school.pupil())
    assert offer(talk, till="17:00").status_code == 200
    with school.app.app_context():
        rows = db.session.execute(select(Conversation.id, Conversation.pupil_id)).tuples().all()
    return talk, {number: school.visit(pupil_id) for number, pupil_id in rows}


def holders(school: School) -> list[int]:
    return [one.conversation_id for one in times(school) if one.conversation_id]


def test_two_pupils_and_one_time(school: School) -> None:
    _talk, pupils = classmates(school)
    for time in times(school)[:ROUNDS]:
        path = f"time/choose/{time.id}"
        clicks = [(who, f"/conversations/{number}/{path}") for number, who in pupils.items()]
        assert at_once(clicks) == [200, 409]
        (holder,) = [one.conversation_id for one in times(school) if one.id == time.id]
        assert holder in pupils
        assert len(holders(school)) == len(set(holders(school)))


def test_one_pupil_and_two_times(school: School) -> None:
    talk, _pupils = classmates(school)
    ids = [one.id for one in times(school)]
    for first, second in zip(ids[:ROUNDS], ids[ROUNDS:], strict=False):
        windows = [school.visit(talk.pupil_id) for _window in range(2)]
        paths = [f"/conversations/{talk.id}/time/choose/{one}" for one in (first, second)]
        at_once(list(zip(windows, paths, strict=True)))
        assert holders(school) == [talk.id]


def test_two_pupils_who_swap_wait_for_nobody(school: School) -> None:
    _talk, pupils = classmates(school)
    mine, yours = times(school)[:2]
    (noor, noors), (sem, sems) = pupils.items()
    for _again in range(ROUNDS):
        noors.do(f"/conversations/{noor}/time/choose/{mine.id}")
        sems.do(f"/conversations/{sem}/time/choose/{yours.id}")
        statuses = at_once(
            [
                (noors, f"/conversations/{noor}/time/choose/{yours.id}"),
                (sems, f"/conversations/{sem}/time/choose/{mine.id}"),
            ]
        )
        assert statuses == [409, 409]
        assert sorted(holders(school)) == sorted(pupils)


def test_a_time_is_chosen_while_the_conversation_begins(school: School) -> None:
    """Whoever is first: one that has begun is never planned again."""
    talk, _pupils = classmates(school)
    free = times(school)
    for time in free[:ROUNDS]:
        talk.do("prepare/put-off", action="postpone")
        taps = [
            (talk.noor, f"/conversations/{talk.id}/time/choose/{time.id}"),
            (talk.mentor, f"/conversations/{talk.id}/guide/start"),
        ]
        at_once(taps, refused="")
        with school.app.app_context():
            assert db.session.get_one(Conversation, talk.id).state == State.STARTED
        talk.do("guide/take-back")


def test_a_time_is_chosen_while_the_conversation_is_put_off(school: School) -> None:
    """Both need the round and the conversation: in one order, or each waits for the other."""
    talk, _pupils = classmates(school)
    for time in times(school)[:ROUNDS]:
        taps = [
            (talk.noor, f"/conversations/{talk.id}/time/choose/{time.id}"),
            (talk.mentor, f"/conversations/{talk.id}/prepare/put-off"),
        ]
        assert at_once(taps, {"action": "postpone"}) == [200, 200]


def test_a_series_that_is_added_twice_stands_there_once(school: School) -> None:
    talk = hold_talk(school, school.teacher(), school.pupil())
    fields = {"date": "2099-01-12", "from": "09:00", "till": "10:00", "minutes": "30", "pause": "0"}
    path = f"/rounds/{talk.round_id}/times/new"
    windows = [school.visit(talk.teacher_id) for _window in range(2)]
    assert at_once([(one, path) for one in windows], {**fields, "action": "add"}) == [200, 200]
    assert len(times(school)) == 2
