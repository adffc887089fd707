"""A pupil picks a time in two taps, moves it, does not come; and takes it along."""

from datetime import timedelta
from typing import Any

import icalendar
import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from lti_tool.erasure import erase_people
from lti_tool.models import (
    AccessLog,
    Act,
    Conversation,
    Enrolment,
    OfferedTime,
    Round,
    db,
    now,
)
from lti_tool.times import clock, school_day
from tests.support.school import School
from tests.support.statements import counted
from tests.support.talk import Talk, hold_talk
from tests.support.times import book, offer, times


@pytest.fixture
def offered(talk: Talk) -> Talk:
    """Noor can choose from three times next week."""
    assert offer(talk).status_code == 200
    return talk


def booked(talk: Talk) -> list[OfferedTime]:
    return [one for one in times(talk.school) if one.conversation_id == talk.id]


def event(data: bytes) -> Any:
    (found,) = icalendar.Calendar.from_ical(data).walk("VEVENT")
    return found


def test_two_taps(offered: Talk) -> None:
    start = offered.noor.get()
    assert "Kies een tijd voor je gesprek" in start.text
    first = times(offered.school)[0].id
    page = offered.get("time", offered.noor)
    assert f"/time/choose/{first}" in page.text
    assert "Ja, kies deze tijd" in offered.get(f"time/choose/{first}", offered.noor).text
    assert not booked(offered)
    page = book(offered, first)
    back = offered.get(f"time/choose/{first}", offered.noor)  # the browser's own Back
    assert (back.status_code, back.request.path) == (200, page.request.path)
    assert "09:00 tot 09:25 uur" in page.text
    assert "lokaal 2.14" in page.text
    assert "Miriam de Wit" in page.text
    for path in ("/", "/mine"):
        text = offered.noor.get(path).text
        assert "om 09:00 uur: lokaal 2.14" in text
        assert "Bekijk je tijd" in text
    assert "Noor Bakker" in offered.mentor.get(f"/rounds/{offered.round_id}/times").text
    acts = [one.act for one in offered.rows(AccessLog)]
    assert acts.count(Act.CHANGED) == 1
    book(offered, first)  # a second click
    assert [one.id for one in booked(offered)] == [first]


def test_nothing_is_asked_where_no_times_are_offered(talk: Talk) -> None:
    assert "Kies een tijd" not in talk.noor.get().text
    assert "Kies een tijd" not in talk.noor.get("/mine").text
    assert "Er is nu geen tijd vrij" in talk.get("time", talk.noor).text


def test_a_time_that_was_just_taken(school: School, offered: Talk) -> None:
    first, second, _third = (one.id for one in times(school))
    sem = school.pupil("Sem Yilmaz")
    visitor = school.visit(sem)
    round_id = offered.round_id
    with school.app.app_context():
        db.session.add(Conversation(pupil_id=sem, round_id=round_id, instrument_version="1"))
        db.session.commit()
    path = f"/conversations/{school.conversation(sem, round_id)}/time"
    visitor.do(f"{path}/choose/{first}")
    for page in (book(offered, first), offered.get(f"time/choose/{first}", offered.noor)):
        assert page.status_code == 409
        assert "net door iemand anders gekozen" in page.text
        assert f"/time/choose/{second}" in page.text
        assert "aria-label" in page.text
        assert ", 09:00" not in page.text
        assert "Sem" not in page.text
    book(offered, second)
    page = book(offered, first)
    assert page.status_code == 409
    assert "houd je de tijd die je al had" in page.text
    assert [one.id for one in booked(offered)] == [second]


def test_moving_and_leaving(offered: Talk) -> None:
    first, second, _third = (one.id for one in times(offered.school))
    book(offered, first)
    page = offered.get(f"time/choose/{second}", offered.noor)
    assert "komt dan vrij voor iemand anders" in page.text
    book(offered, second)
    assert [one.id for one in booked(offered)] == [second]
    assert "Je gesprek afzeggen?" in offered.get("time/cancel", offered.noor).text
    page = offered.post("time/cancel", offered.noor)
    assert f"/time/choose/{second}" in page.text
    assert booked(offered) == []
    assert offered.post("time/cancel", offered.noor).status_code == 200
    with offered.school.app.app_context():
        assert db.session.get_one(Conversation, offered.id).planned_for is None


def test_who_says_no_to_a_time_says_it_to_that_one(offered: Talk) -> None:
    """Between the question and the click the time, or whose it is, may have become another."""
    first, second, _third = (one.id for one in times(offered.school))
    book(offered, second)
    offered.do("time/cancel", offered.noor, time_id=first)
    assert [one.id for one in booked(offered)] == [second]
    path = f"/rounds/{offered.round_id}/times/{second}/call-off"
    assert offered.mentor.post(path, {"conversation_id": offered.id + 1}).status_code == 409
    assert [one.id for one in booked(offered)] == [second]
    offered.do("time/cancel", offered.noor, time_id=second)
    assert booked(offered) == []


def test_not_once_it_is_over_or_begun(offered: Talk) -> None:
    first, second, _third = (one.id for one in times(offered.school))
    book(offered, first)
    with time_machine.travel(times(offered.school)[0].starts_at + timedelta(minutes=1)):
        noor = offered.school.visit(offered.pupil_id)
        assert "Andere tijd kiezen" not in offered.get("time", noor).text
        for path in (f"time/choose/{second}", "time/cancel"):
            assert offered.post(path, noor).status_code == 409
    offered.start()
    for path in (f"time/choose/{second}", "time/cancel"):
        page = offered.post(path, offered.noor)
        assert page.status_code == 409
        assert "al begonnen of gehouden" in page.text
    assert [one.id for one in booked(offered)] == [first]


def test_a_teacher_calls_off_and_the_pupil_reads_so(offered: Talk) -> None:
    first, second, _third = (one.id for one in times(offered.school))
    book(offered, first)
    path = f"/rounds/{offered.round_id}/times/{first}/call-off"
    assert "Noor Bakker" in offered.mentor.get(path).text
    assert offered.mentor.post(path).status_code == 200
    assert offered.mentor.post(path).status_code == 404
    for page in (offered.noor.get(), offered.noor.get("/mine"), offered.get("time", offered.noor)):
        assert "Je mentor kan niet op" in page.text
    assert f"/time/choose/{first}" not in offered.get("time", offered.noor).text
    book(offered, second)
    assert "Je mentor kan niet op" not in offered.noor.get().text


def test_a_teacher_gives_and_moves_a_time_by_hand(offered: Talk) -> None:
    first, second, _third = (one.id for one in times(offered.school))
    path = f"/rounds/{offered.round_id}/times/for/{offered.id}"
    assert "lokaal 2.14, Miriam de Wit" in offered.mentor.get(path).text
    page = offered.mentor.post(path)
    assert page.status_code == 422
    assert "Kies een tijd." in page.text
    for time_id in (first, second):
        assert offered.mentor.post(path, {"time": str(time_id)}).status_code == 200
        assert [one.id for one in booked(offered)] == [time_id]
    page = offered.mentor.post(path, {"time": "99999"})
    assert page.status_code == 409
    assert "niet meer vrij" in page.text
    assert [one.id for one in booked(offered)] == [second]
    offered.start()
    page = offered.mentor.post(path, {"time": str(first)})
    assert page.status_code == 409
    assert "al begonnen of gehouden" in page.text
    call_off = f"/rounds/{offered.round_id}/times/{second}/call-off"
    assert offered.mentor.post(call_off).status_code == 409


@pytest.mark.parametrize("action", ["postpone", "absent"])
def test_a_conversation_that_is_put_off_frees_its_time(offered: Talk, action: str) -> None:
    first = times(offered.school)[0].id
    book(offered, first)
    offered.do("prepare/put-off", action=action)
    assert booked(offered) == []
    assert "Kies een tijd voor je gesprek" in offered.noor.get().text
    book(offered, first)
    assert [one.id for one in booked(offered)] == [first]


def test_both_take_it_along(offered: Talk) -> None:
    first, second, _third = (one.id for one in times(offered.school))
    with time_machine.travel(now()) as clock:
        book(offered, first)
        pupils = event(offered.get("time/appointment.ics", offered.noor).data)
        clock.shift(60)
        book(offered, second)
        moved = event(offered.get("time/appointment.ics", offered.noor).data)
    answer = offered.mentor.get(f"/rounds/{offered.round_id}/times.ics")
    assert answer.mimetype == "text/calendar"
    teachers = event(answer.data)
    assert pupils["SUMMARY"] == "Gesprek met Miriam de Wit"
    assert teachers["SUMMARY"] == "Gesprek met Noor Bakker"
    assert pupils["UID"] == moved["UID"] == teachers["UID"]
    assert moved["SEQUENCE"] > pupils["SEQUENCE"]
    time = times(offered.school)[1]
    assert (moved["DTSTART"].dt, moved["DTEND"].dt) == (time.starts_at, time.ends_at)
    assert moved["LOCATION"] == "lokaal 2.14"
    acts = [one.act for one in offered.rows(AccessLog)]
    assert acts.count(Act.EXPORTED) == 3
    offered.do("time/cancel", offered.noor)
    assert offered.get("time/appointment.ics", offered.noor).status_code == 404


def test_a_leavers_time_is_free_again(school: School, offered: Talk) -> None:
    first = times(school)[0].id
    book(offered, first)
    school.leave(offered.pupil_id)
    page = offered.mentor.get(f"/rounds/{offered.round_id}/times").text
    assert "Noor" not in page
    assert page.count("Vrij") == 3
    talk = add_pupil(school, offered)
    assert book(talk, first).status_code == 200
    assert [one.id for one in booked(talk)] == [first]


def test_what_a_leaving_teacher_offered_is_not_there(school: School, offered: Talk) -> None:
    book(offered, times(school)[0].id)
    school.leave(offered.teacher_id)
    assert "Er is nu geen tijd vrij" in offered.get("time", offered.noor).text
    assert book(offered, times(school)[1].id).status_code == 409


def add_pupil(school: School, talk: Talk) -> Talk:
    """Sem, in the same round."""
    sem = school.pupil("Sem Yilmaz")
    with school.app.app_context():
        row = Conversation(pupil_id=sem, round_id=talk.round_id, instrument_version="1")
        db.session.add(row)
        db.session.commit()
        number = row.id
    return Talk(school, talk.teacher_id, sem, talk.round_id, number, talk.mentor, school.visit(sem))


def test_erasing_a_pupil_frees_the_time_and_a_teacher_takes_it_along(
    app: Flask, school: School, offered: Talk
) -> None:
    first, second, _third = (one.id for one in times(school))
    sem = add_pupil(school, offered)
    book(offered, first)
    book(sem, second)
    offered.mentor.do(f"/rounds/{offered.round_id}/times/{first}/call-off")
    with app.app_context():
        for enrolment_id, left in ((sem.pupil_id, 3), (offered.pupil_id, 3)):
            erase_people([db.session.get_one(Enrolment, enrolment_id).person_id])
            db.session.commit()
            assert db.session.scalar(select(func.count(OfferedTime.id))) == left
        assert not db.session.scalars(
            select(OfferedTime.id).where(OfferedTime.conversation_id.is_not(None))
        ).all()
        erase_people([db.session.get_one(Enrolment, offered.teacher_id).person_id])
        db.session.commit()
        assert db.session.scalar(select(func.count(OfferedTime.id))) == 0
        assert db.session.scalar(select(func.count(Round.id))) == 1


def test_only_times_of_the_own_round(school: School, offered: Talk) -> None:
    other = offered.next()
    assert book(other, times(school)[0].id).status_code == 409
    assert booked(other) == []


def test_a_pupils_pages_cost_the_same_however_many_times(app: Flask, offered: Talk) -> None:
    def cost(talk: Talk, path: str) -> int:
        with counted(app) as seen:
            assert talk.get(path, talk.noor).status_code == 200
        return len(seen)

    offered.noor.get()
    paths = ("time/choose", "preparation/goal")
    before = [cost(offered, path) for path in paths]
    offer(offered, from_="11:00", till="17:00")
    assert [cost(offered, path) for path in paths] == before
    without = hold_talk(offered.school, offered.teacher_id, offered.pupil_id)
    assert cost(without, "preparation/goal") == before[1] - 1


def test_the_first_day_to_come_stands_on_the_course_page_and_asks_nothing_more(
    app: Flask, talk: Talk
) -> None:
    page = f"/rounds/{talk.round_id}"

    def cost() -> tuple[int, str]:
        with counted(app) as seen:
            text = talk.mentor.get(page).text
        return len(seen), text

    before, text = cost()
    assert 'id="coming"' not in text
    offer(talk)
    first, second, *_later = times(talk.school)
    book(talk, second.id)
    after, text = cost()
    with app.test_request_context():
        on = school_day(first.starts_at).capitalize()
        hours = f"{clock(second.starts_at)}–{clock(second.ends_at)}"
    assert f'id="coming-title">{on}</h2>' in text
    assert ", 09:" in text
    assert after == before
    with time_machine.travel(first.starts_at - timedelta(hours=1)):
        text = talk.school.visit(talk.teacher_id).get(page).text
        assert hours in text.split('id="coming"')[1]
        assert 'id="coming-title">Vandaag</h2>' in text
        colleague = talk.school.visit(talk.school.teacher("Piet Smit")).get(page).text
        assert 'id="coming"' not in colleague
    with time_machine.travel(first.starts_at + timedelta(days=1)):
        assert 'id="coming"' not in talk.school.visit(talk.teacher_id).get(page).text


def test_whom_one_talked_with_before_the_day_is_not_waited_for(talk: Talk) -> None:
    offer(talk)
    book(talk, times(talk.school)[0].id)
    talk.start()
    talk.close()
    assert 'id="coming"' not in talk.mentor.get(f"/rounds/{talk.round_id}").text
