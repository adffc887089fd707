"""Which school year a round belongs to, when a form made or changed it."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from lti_tool.models import Enrolment, Preparation, Role, Round, db, now
from lti_tool.roster import open_rounds
from tests.support.school import School, Visitor

SUMMER, SEPTEMBER = datetime(2027, 7, 20, 10, tzinfo=UTC), datetime(2027, 9, 6, 10, tzinfo=UTC)
OCTOBER = "2027-10-01"


@pytest.fixture
def clock(app: Flask) -> Iterator[time_machine.Traveller]:
    with time_machine.travel(SUMMER, tick=False) as traveller:
        yield traveller


@pytest.fixture
def mentor(clock: time_machine.Traveller, school: School) -> Visitor:
    return school.visit(school.teacher())


def made(app: Flask, school: School, mentor: Visitor, due_on: str) -> int:
    """The id of a round made by form."""
    mentor.do("/rounds/new", {"title": "Najaarsgesprek", "due_on": due_on})
    with app.app_context():
        return db.session.scalars(select(Round.id).where(Round.course_id == school.course_id)).one()


def save(mentor: Visitor, round_id: int, due_on: str) -> None:
    mentor.do(f"/rounds/{round_id}/edit", {"title": "Najaarsgesprek", "due_on": due_on})


def year(app: Flask, round_id: int) -> int:
    with app.app_context():
        return db.session.get_one(Round, round_id).school_year


@pytest.mark.parametrize(
    ("due_on", "expected"),
    [("", 2026), ("2027-07-31", 2026), ("2027-08-01", 2027), (OCTOBER, 2027)],
)
def test_a_round_for_after_the_summer_is_one_of_the_new_year(
    app: Flask, school: School, mentor: Visitor, due_on: str, expected: int
) -> None:
    assert year(app, made(app, school, mentor, due_on)) == expected


def test_it_gets_the_pupils_of_the_new_year(
    app: Flask, school: School, mentor: Visitor, clock: time_machine.Traveller
) -> None:
    round_id = made(app, school, mentor, OCTOBER)
    clock.move_to(SEPTEMBER)
    with app.app_context():
        assert [one.id for one in open_rounds(school.course_id)] == [round_id]


def test_another_day_takes_it_along_and_back(app: Flask, school: School, mentor: Visitor) -> None:
    round_id = made(app, school, mentor, "")
    save(mentor, round_id, OCTOBER)
    assert year(app, round_id) == 2027
    save(mentor, round_id, "2027-07-22")
    assert year(app, round_id) == 2026


def test_a_round_that_comes_along_late_gets_its_pupils(
    app: Flask, school: School, mentor: Visitor, clock: time_machine.Traveller
) -> None:
    round_id = made(app, school, mentor, "")
    clock.move_to(SEPTEMBER)
    pupil = school.pupil()
    with app.app_context():
        teachers = select(Enrolment.id).where(Enrolment.role == Role.TEACHER)
        teacher = db.session.scalars(teachers).one()
    mentor = school.visit(teacher)
    assert "Eerdere schooljaren" in mentor.get("/rounds/").text
    save(mentor, round_id, OCTOBER)
    assert school.conversation(pupil, round_id)
    assert "Eerdere schooljaren" not in mentor.get("/rounds/").text


def test_a_round_that_was_used_keeps_its_year(app: Flask, school: School, mentor: Visitor) -> None:
    pupil = school.pupil()
    round_id = made(app, school, mentor, "")
    with app.app_context():
        conversation_id = school.conversation(pupil, round_id)
        db.session.add(
            Preparation(conversation_id=conversation_id, owner_id=pupil, opened_at=now())
        )
        db.session.commit()
    save(mentor, round_id, OCTOBER)
    assert year(app, round_id) == 2026
