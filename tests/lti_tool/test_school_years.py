"""One course, two school years: reset and used again by the next class, or by the same one."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select, update

from lti_tool.models import (
    Conversation,
    Course,
    Enrolment,
    Person,
    Round,
    db,
    now,
    school_year_of,
)
from tests.support.activities import (
    MIRIAM,
    NOOR,
    PIET,
    SEM,
    arrive,
    hold,
    leave,
    opening,
    pupils_of,
    rounds_in,
)
from tests.support.launches import Platform, load, platform_for

AUTUMN, SUMMER = datetime(2026, 11, 3, 10, tzinfo=UTC), datetime(2027, 7, 10, 10, tzinfo=UTC)
NEXT_AUTUMN = datetime(2027, 11, 3, 10, tzinfo=UTC)
LATER_AUTUMN = datetime(2028, 11, 3, 10, tzinfo=UTC)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(AUTUMN, tick=False) as traveller:
        yield traveller


@pytest.fixture
def moodle(app: Flask, clock: time_machine.Traveller) -> Platform:
    """In autumn 2026 Miriam held a conversation with Noor in the round behind link 7."""
    platform = platform_for(app, load("valid", "moodle-teacher"))
    miriam = arrive(platform, opening(MIRIAM, link="7", title="Najaarsgesprek"))
    arrive(platform, opening(NOOR, link="7")).get()
    hold(miriam, held(app))
    return platform


def held(app: Flask) -> int:
    """The conversation of the first round."""
    with app.app_context():
        first = select(Conversation.id).order_by(Conversation.id).limit(1)
        return db.session.scalars(first).one()


@pytest.mark.parametrize(
    ("moment", "year"),
    [
        (datetime(2027, 7, 31, 21, 59, tzinfo=UTC), 2026),
        (datetime(2027, 7, 31, 22, 0, tzinfo=UTC), 2027),
        (datetime(2027, 1, 1, tzinfo=UTC), 2026),
        (datetime(2027, 12, 31, tzinfo=UTC), 2027),
    ],
)
def test_a_school_year_begins_on_the_first_of_august(
    app: Flask, moment: datetime, year: int
) -> None:
    with app.app_context():
        assert school_year_of(moment) == year


def test_the_list_shows_this_year_and_folds_the_earlier_ones(
    app: Flask, moodle: Platform, clock: time_machine.Traveller
) -> None:
    miriam = arrive(moodle, opening(MIRIAM))
    page = miriam.get("/rounds/").text
    assert "Najaarsgesprek" in page
    assert "1 gehouden" in page
    assert "Eerdere schooljaren" not in page
    clock.move_to(NEXT_AUTUMN)
    miriam = arrive(moodle, opening(MIRIAM))
    page = miriam.get().text
    assert "Nog geen ronde in dit schooljaar" in page
    assert "Najaarsgesprek" in page.split("<summary>Eerdere schooljaren")[1]
    assert "2026-2027" in page
    page = miriam.post("/rounds/new", {"title": "Nieuw gesprek"}).text
    assert "<h1>Nieuw gesprek" in page
    before, after = miriam.get("/rounds/").text.split("<summary>Eerdere schooljaren")
    assert "Nieuw gesprek" in before
    assert "Najaarsgesprek" not in before
    assert "Najaarsgesprek" in after


def test_the_old_link_of_a_reset_course_asks_for_a_new_round(
    app: Flask, moodle: Platform, clock: time_machine.Traveller
) -> None:
    leave(app, NOOR)
    clock.move_to(NEXT_AUTUMN)
    sem = arrive(moodle, opening(SEM, link="7"))
    assert "Je docent zet het gesprek klaar" in sem.get().text
    (old,) = rounds_in(app, "2")
    assert pupils_of(app, old.id) == [NOOR]
    miriam = arrive(moodle, opening(MIRIAM, link="7"))
    page = miriam.get().text
    assert "<h1>Een nieuw schooljaar" in page
    assert "Noor" not in page
    page = miriam.post(
        "/take-over/",
        {"action": "take", f"take-{old.id}": "1", f"title-{old.id}": "Gesprek 2027"},
    ).text
    assert "<h1>Gesprek 2027" in page
    assert "Sem Yilmaz" in page
    assert "Noor" not in page
    old, new = rounds_in(app, "2")
    assert (old.resource_link_id, new.resource_link_id) == (None, "7")
    assert (old.school_year, new.school_year) == (2026, 2027)
    assert pupils_of(app, old.id) == [NOOR]
    assert pupils_of(app, new.id) == [SEM]
    assert "Wat is voor jou het doel van het gesprek?" in sem.get().text
    assert "Gesprek 2027" in arrive(moodle, opening(PIET, link="7")).get().text


def test_a_year_later_the_key_of_the_first_round_still_leads_on(
    app: Flask, moodle: Platform, clock: time_machine.Traveller
) -> None:
    key = rounds_in(app, "2")[0].key
    gone = NOOR
    for moment, pupil in ((NEXT_AUTUMN, SEM), (LATER_AUTUMN, NOOR)):
        leave(app, gone)
        clock.move_to(moment)
        miriam = arrive(moodle, opening(MIRIAM, link="7", key=key))
        old = rounds_in(app, "2")[-1]
        fields = {"action": "take", f"take-{old.id}": "1", f"title-{old.id}": str(moment.year)}
        assert f"<h1>{moment.year}" in miriam.post("/take-over/", fields).text
        for link in ("7", "8"):
            arrive(moodle, opening(pupil, link=link, key=key)).get()
        new = rounds_in(app, "2")[-1]
        assert pupils_of(app, new.id) == [pupil]
        with app.app_context():
            here = select(Conversation.id).where(Conversation.round_id == new.id)
            number = db.session.scalars(here).one()
        hold(miriam, number)
        gone = pupil
    assert len(rounds_in(app, "2")) == 3
    leave(app, gone)
    clock.move_to(datetime(2029, 11, 3, 10, tzinfo=UTC))
    page = arrive(moodle, opening(MIRIAM, link="8", key=key)).get().text
    assert "<h1>Een nieuw schooljaar" in page
    assert 'value="2028"' in page


def test_beginning_anew_moves_the_link(
    app: Flask, moodle: Platform, clock: time_machine.Traveller
) -> None:
    leave(app, NOOR)
    clock.move_to(NEXT_AUTUMN)
    miriam = arrive(moodle, opening(MIRIAM, link="7", title="Vers gesprek"))
    assert "<h1>Ronde instellen" in miriam.post("/take-over/", {"action": "fresh"}).text
    assert "<h1>Vers gesprek" in arrive(moodle, opening(MIRIAM, link="7")).get().text
    assert [one.school_year for one in rounds_in(app, "2")] == [2026, 2027]


def test_a_class_that_goes_on_keeps_its_round(
    app: Flask, moodle: Platform, clock: time_machine.Traveller
) -> None:
    clock.move_to(NEXT_AUTUMN)
    noor = arrive(moodle, opening(NOOR, link="7"))
    assert "<h1>Jouw gesprek" in noor.get().text
    miriam = arrive(moodle, opening(MIRIAM, link="7"))
    assert "<h1>Najaarsgesprek" in miriam.get().text
    assert len(rounds_in(app, "2")) == 1


def test_a_round_that_was_set_up_in_summer_counts_for_the_year_it_is_used_in(
    app: Flask, clock: time_machine.Traveller
) -> None:
    moodle = platform_for(app, load("valid", "moodle-teacher"))
    clock.move_to(SUMMER)
    arrive(moodle, opening(MIRIAM, link="7"))
    assert rounds_in(app, "2")[0].school_year == 2026
    clock.move_to(NEXT_AUTUMN)
    sem = arrive(moodle, opening(SEM, link="7"))
    assert "Wat is voor jou het doel van het gesprek?" in sem.get().text
    assert [one.school_year for one in rounds_in(app, "2")] == [2027]


def test_who_left_gets_no_conversation_this_year(
    app: Flask, moodle: Platform, clock: time_machine.Traveller
) -> None:
    """Neither who is known to have left, nor who was last seen a year ago without a roster."""
    arrive(moodle, opening(SEM))
    leave(app, NOOR)
    clock.move_to(NEXT_AUTUMN)
    miriam = arrive(moodle, opening(MIRIAM))
    page = miriam.post("/rounds/new", {"title": "Nieuw gesprek"}).text
    assert "Noor" not in page
    assert "Sem" not in page
    new = rounds_in(app, "2")[-1]
    assert pupils_of(app, new.id) == []
    with app.app_context():
        db.session.execute(update(Course).values(roster_read_at=now()))
        db.session.commit()
    page = miriam.post("/rounds/new", {"title": "Nog een gesprek"}).text
    assert "Sem Yilmaz" in page
    assert "Noor" not in page


def test_a_new_teacher_does_not_read_last_year_s_pupils(
    app: Flask, moodle: Platform, clock: time_machine.Traveller
) -> None:
    clock.move_to(NEXT_AUTUMN)
    (old,) = rounds_in(app, "2")
    piet, miriam = arrive(moodle, opening(PIET)), arrive(moodle, opening(MIRIAM))
    conversation = f"/conversations/{held(app)}"
    paths = [
        f"/rounds/{old.id}",
        f"/rounds/{old.id}/edit",
        f"{conversation}/",
        f"{conversation}/guide/doel",
        f"{conversation}/agreements/",
        f"{conversation}/closing/",
        pupil_path(app, NOOR),
    ]
    for path in paths:
        assert piet.get(path).status_code == 404, path
        assert miriam.get(path).status_code == 200, path
    page = piet.get("/rounds/").text
    assert "Najaarsgesprek" not in page
    assert "Eerdere schooljaren" not in page
    leave(app, NOOR)
    for path in (f"{conversation}/", pupil_path(app, NOOR)):
        assert miriam.get(path).status_code == 404, path


def test_a_new_teacher_reads_on_with_pupils_who_stayed(
    app: Flask, moodle: Platform, clock: time_machine.Traveller
) -> None:
    clock.move_to(NEXT_AUTUMN)
    arrive(moodle, opening(NOOR))
    piet = arrive(moodle, opening(PIET))
    assert piet.get(f"/conversations/{held(app)}/").status_code == 200
    assert piet.get(pupil_path(app, NOOR)).status_code == 200
    assert "Najaarsgesprek" in piet.get("/rounds/").text


def test_who_held_it_reads_it_however_late_they_came(
    app: Flask, moodle: Platform, clock: time_machine.Traveller
) -> None:
    clock.move_to(NEXT_AUTUMN)
    piet = arrive(moodle, opening(PIET))
    with app.app_context():
        piets = select(Enrolment.id).join(Person).where(Person.sub == PIET)
        db.session.execute(update(Conversation).values(teacher_id=db.session.scalars(piets).one()))
        db.session.commit()
    assert piet.get(f"/conversations/{held(app)}/").status_code == 200
    assert "Najaarsgesprek" in piet.get("/rounds/").text


def test_a_pupil_sees_earlier_years_folded(
    app: Flask, moodle: Platform, clock: time_machine.Traveller
) -> None:
    clock.move_to(NEXT_AUTUMN)
    noor = arrive(moodle, opening(NOOR))
    page = noor.get("/mine").text
    assert "Nog geen gesprekken dit schooljaar" in page
    assert "Najaarsgesprek" in page.split("<summary>Eerdere schooljaren")[1]
    arrive(moodle, opening(MIRIAM)).do("/rounds/new", {"title": "Nieuw gesprek"})
    before, after = noor.get("/mine").text.split("<summary>Eerdere schooljaren")
    assert "Nieuw gesprek" in before
    assert "Najaarsgesprek" in after


def pupil_path(app: Flask, who: str) -> str:
    with app.app_context():
        query = select(Enrolment.id).join(Person).where(Person.sub == who)
        return f"/pupils/{db.session.scalars(query).one()}"


def test_an_earlier_round_gets_nobody_new(
    app: Flask, moodle: Platform, clock: time_machine.Traveller
) -> None:
    clock.move_to(NEXT_AUTUMN)
    arrive(moodle, opening(NOOR, link="7"))
    arrive(moodle, opening(SEM, link="7"))
    (old,) = rounds_in(app, "2")
    assert pupils_of(app, old.id) == [NOOR]
    with app.app_context():
        assert db.session.get_one(Round, old.id).school_year == 2026
