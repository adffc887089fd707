"""A teacher offers times: a series looked at first, in the school's own clock, without overlap."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
import time_machine
from flask import Flask

from lti_tool.times import clock
from tests.support.school import School
from tests.support.statements import counted
from tests.support.talk import Talk, hold_talk
from tests.support.times import book, next_week, offer, times


@pytest.fixture
def january(school: School) -> Iterator[Talk]:
    """Noor and her mentor, in January 2027."""
    with time_machine.travel(datetime(2027, 1, 12, 7, 30, tzinfo=UTC)):
        yield hold_talk(school, school.teacher(), school.pupil())


def clocks(talk: Talk) -> list[str]:
    with talk.school.app.app_context():
        return [f"{clock(one.starts_at)}-{clock(one.ends_at)}" for one in times(talk.school)]


def test_a_series_is_shown_before_it_is_added(talk: Talk) -> None:
    page = offer(talk, action="")
    assert "Deze 3 tijden aanbieden?" in page.text
    assert "09:30 tot 09:55 uur" in page.text
    assert times(talk.school) == []
    page = offer(talk, action="change")
    assert 'value="lokaal 2.14"' in page.text
    assert times(talk.school) == []
    page = offer(talk)
    assert "09:00–09:25" in page.text
    assert page.text.count("Weghalen:") == 3
    assert "1 leerling heeft nog geen tijd" in page.text
    assert clocks(talk) == ["09:00-09:25", "09:30-09:55", "10:00-10:25"]


def test_a_second_click_adds_nothing(talk: Talk) -> None:
    offer(talk)
    assert offer(talk).status_code == 200
    assert len(times(talk.school)) == 3


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"date": ""}, "Kies een datum"),
        ({"date": "31-31-2027"}, "Vul een datum in"),
        ({"date": "0001-01-01"}, "al voorbij"),
        ({"date": "9999-12-31", "from_": "20:00", "till": "23:59"}, "Kies een datum"),
        ({"from_": ""}, "hoe laat het eerste gesprek begint"),
        ({"from_": "negen uur"}, "Vul een tijd in, bijvoorbeeld 09:30"),
        ({"from_": "09:00+01:00"}, "Vul een tijd in, bijvoorbeeld 09:30"),
        ({"till": ""}, "hoe laat het laatste gesprek klaar is"),
        ({"till": "09:10"}, "past geen gesprek van 25 minuten"),
        ({"minutes": "4"}, "van 5 tot 240"),
        ({"minutes": "veel"}, "van 5 tot 240"),
        ({"minutes": ""}, "van 5 tot 240"),
        ({"pause": "-1"}, "van 0 tot 240"),
        ({"till": "23:00", "minutes": "5", "pause": "0"}, "meer dan 60 tijden"),
        ({"place": "x" * 101}, "Maak de plaats niet langer"),
    ],
)
def test_what_cannot_be_offered_keeps_what_was_typed(
    talk: Talk, changes: dict[str, str], message: str
) -> None:
    page = offer(talk, **changes)
    assert page.status_code == 422
    assert message in page.text
    assert all(f'value="{value}"' in page.text for value in changes.values())
    assert times(talk.school) == []


def test_past_times_are_refused(january: Talk) -> None:
    for on, name in ((date(2027, 1, 11), "date"), (date(2027, 1, 12), "from")):
        page = offer(january, on, from_="08:29")
        assert page.status_code == 422
        assert f'<a href="#{name}">Deze tijd is al voorbij' in " ".join(page.text.split())
    assert offer(january, date(2027, 1, 12), from_="08:32").status_code == 200


def test_own_times_do_not_overlap_in_whatever_round_or_course(school: School, talk: Talk) -> None:
    offer(talk)
    page = offer(talk, from_="09:20", till="09:45")
    assert page.status_code == 422
    assert "al tijden: 09:00-09:25, 09:30-09:55 uur" in page.text
    course = school.course("Mentorklas 3C")
    elsewhere = hold_talk(
        school, school.also(talk.teacher_id, course), school.also(talk.pupil_id, course), course
    )
    assert offer(elsewhere, from_="09:20").status_code == 422
    assert offer(elsewhere, from_="10:25", till="11:00").status_code == 200
    colleague = hold_talk(school, school.teacher("Piet Smit"), talk.pupil_id)
    assert offer(colleague).status_code == 200


@pytest.mark.parametrize(
    ("on", "before", "nine"),
    [
        (date(2027, 10, 31), date(2027, 10, 30), 8),  # the clock went back that night
        (date(2027, 3, 28), date(2027, 3, 27), 7),  # and here it went forward
    ],
)
def test_nine_is_nine_on_either_side_of_a_change_of_clock(
    january: Talk, on: date, before: date, nine: int
) -> None:
    for one in (before, on):
        assert offer(january, one, till="09:30").status_code == 200
    first, second = times(january.school)
    assert second.starts_at == datetime(on.year, on.month, on.day, nine, tzinfo=UTC)
    assert first.starts_at.hour == (7 if on.month == 10 else 8)
    page = january.mentor.get(f"/rounds/{january.round_id}/times").text
    assert len(re.findall(r'scope="row">\s*09:00–09:25', page)) == 2
    assert "zondag" in page


def test_an_hour_that_is_skipped_is_no_time(january: Talk) -> None:
    page = offer(january, date(2027, 3, 28), from_="02:30", till="04:00")
    assert page.status_code == 422
    assert "Deze tijd bestaat niet op die dag" in page.text
    offer(january, date(2027, 3, 28), from_="01:30", till="03:30", minutes="30", pause="0")
    assert clocks(january) == ["01:30-03:00", "03:00-03:30"]


def test_an_hour_that_comes_twice_has_room_for_more(january: Talk) -> None:
    offer(january, date(2027, 10, 31), from_="01:30", till="03:30", minutes="30", pause="0")
    starts = [one.starts_at for one in times(january.school)]
    assert [later - one for one, later in pairwise(starts)] == [timedelta(minutes=30)] * 5


def test_a_free_time_is_removed_a_chosen_one_not(talk: Talk) -> None:
    offer(talk)
    first, second, _third = times(talk.school)
    book(talk, first.id)
    path = f"/rounds/{talk.round_id}/times"
    page = talk.mentor.post(f"{path}/{first.id}/remove")
    assert page.status_code == 409
    assert "Dat kon niet meer" in page.text
    assert talk.mentor.post(f"{path}/{second.id}/remove").status_code == 200
    assert talk.mentor.post(f"{path}/{second.id}/remove").status_code == 409
    assert len(times(talk.school)) == 2


def test_the_list_costs_the_same_for_a_whole_class(app: Flask, school: School) -> None:
    def cost(pupils: int) -> int:
        ids = [school.pupil(f"Leerling{number} Voorbeeld") for number in range(pupils)]
        talk = hold_talk(school, school.teacher(), ids[0])
        on = next_week(school)
        offer(talk, on, till="17:00")
        free = [one.id for one in times(school) if one.round_id == talk.round_id]
        for pupil_id, time_id in zip(ids, free, strict=False):
            number = school.conversation(pupil_id, talk.round_id)
            school.visit(pupil_id).do(f"/conversations/{number}/time/choose/{time_id}")
        with counted(app) as seen:
            page = talk.mentor.get(f"/rounds/{talk.round_id}/times").text
        assert page.count("Afzeggen:") == pupils
        return len(seen)

    assert cost(1) == cost(12) <= 6
