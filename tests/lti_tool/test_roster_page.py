"""A roster that did not come: nobody leaves, and the page says why; and when it is asked for."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, select
from structlog.testing import capture_logs

from lti_tool.models import (
    Conversation,
    Course,
    Enrolment,
    Outbox,
    Person,
    RosterState,
    Round,
    State,
    db,
    now,
)
from lti_tool.roster import open_rounds
from tests.support.klas import TINA, Class, member
from tests.support.launches import load, platform_for
from tests.support.platform_web import HTML, ROSTER_URL, Said
from tests.support.statements import counted


@pytest.mark.parametrize(
    ("said", "reason", "words", "advice"),
    [
        (Said({"members": []}), "empty", "een lege lijst", "Controleer de deelnemers"),
        (
            Said({"members": [member("4")]}),
            "teacher_missing",
            "ontbreekt de docent",
            "of jij daar als docent staat",
        ),
        (
            Said({"context": {"id": "77"}, "members": [TINA]}),
            "other_course",
            "een andere cursus",
            "other_course",
        ),
        (Said(status=403), "forbidden", "staat ons dit niet toe", "Names and Role Provisioning"),
        (Said(status=404), "not_found", "kent dit adres niet meer", "opnieuw vanuit je cursus"),
        (Said({"members": [1]}), "malformed", "niet konden gebruiken", "malformed"),
        (Said(status=503), "broken", "een storing", "niets te doen"),
        (Said(HTML), "not_json", "een webpagina", "niets te doen"),
        (Said(status=429), "rate_limited", "even te wachten", "niets te doen"),
        (Said(error=RuntimeError("x")), "internal", "niet konden gebruiken", "niets te doen"),
    ],
)
def test_nobody_is_thrown_out_by_a_roster_that_failed(
    klas: Class, said: Said, reason: str, words: str, advice: str
) -> None:
    klas.launched(klas.school.pupil("Sam Student"), "4")
    klas.read(TINA, member("4"), member("5"))
    klas.web.say("GET", ROSTER_URL, said)
    klas.ask()
    with capture_logs() as logs:
        page = klas.work()
    assert klas.active() == {"3", "4", "5"}
    assert "De klassenlijst is niet opgehaald" in page
    assert words in page
    assert advice in page
    assert "De laatste keer dat het lukte was" in page
    assert [one["reason"] for one in logs if "reason" in one] == [reason]
    course = klas.course()
    assert (course.roster_state, course.roster_reason) == (RosterState.FAILED, reason)


def test_a_page_missing_in_the_middle_throws_nobody_out(klas: Class) -> None:
    klas.web.replay("moodle-roster", "nrps-all")
    klas.ask()
    klas.work()
    before = klas.active()
    klas.web.replay("moodle-roster", "nrps-limit2")
    klas.web.say("GET", f"{ROSTER_URL}?limit=2&from=2", Said(status=404))
    klas.ask()
    assert "niet opgehaald" in klas.work()
    assert klas.active() == before


def test_who_must_wait_waits(klas: Class) -> None:
    klas.web.say("GET", ROSTER_URL, Said(status=429, headers={"Retry-After": "900"}))
    klas.ask()
    page = klas.work()
    assert "We proberen het om" in page
    assert "Klassenlijst ophalen" not in page
    klas.ask()
    klas.work()
    assert len(klas.web.calls("GET", ROSTER_URL)) == 1


def test_what_may_pass_can_be_tried_at_once(klas: Class) -> None:
    klas.web.say("GET", ROSTER_URL, Said(status=503))
    klas.ask()
    page = klas.work()
    assert "We proberen het om" in page
    assert "Klassenlijst ophalen" in page
    assert "Sam Student" in klas.read(TINA, member("4"))


def test_without_a_roster_the_page_says_which_switch(klas: Class) -> None:
    with klas.school.app.app_context():
        db.session.get_one(Course, klas.school.course_id).memberships_url = ""
        db.session.commit()
    page = klas.mentor.get(f"/rounds/{klas.round_id}").text
    assert "biedt dit in deze cursus niet aan" in page
    assert "IMS LTI Names and Role Provisioning" in page
    assert "Klassenlijst ophalen" not in page
    assert "niet opgehaald" in klas.ask()
    with klas.school.app.app_context():
        assert not db.session.scalars(select(Outbox)).all()


def test_a_long_wait_names_the_worker(klas: Class) -> None:
    klas.ask()
    with klas.school.app.app_context():
        course = db.session.get_one(Course, klas.school.course_id)
        course.roster_asked_at = now() - timedelta(minutes=6)
        db.session.commit()
    assert "worker" in klas.mentor.get(f"/rounds/{klas.round_id}").text


def test_a_retry_that_is_overdue_names_the_worker(klas: Class) -> None:
    klas.web.say("GET", ROSTER_URL, Said(status=503))
    klas.ask()
    assert "worker" not in klas.work()
    with klas.school.app.app_context():
        course = db.session.get_one(Course, klas.school.course_id)
        course.roster_again_at = now() - timedelta(minutes=6)
        db.session.commit()
    assert "worker" in klas.mentor.get(f"/rounds/{klas.round_id}").text


def test_the_roster_costs_the_page_no_statement(app: Flask, klas: Class) -> None:
    klas.read(TINA, member("4"))
    klas.ask()
    with counted(app) as seen:
        klas.mentor.get(f"/rounds/{klas.round_id}")
    assert not [one for one in seen if "outbox" in one]
    assert len(seen) <= 5


def test_a_pupil_cannot_ask_for_the_roster(klas: Class) -> None:
    pupil = klas.school.visit(klas.school.pupil())
    assert pupil.post(f"/rounds/{klas.round_id}/roster").status_code == 403


def test_a_round_of_another_course_has_no_button(klas: Class) -> None:
    elsewhere = klas.school.round("Elders", klas.school.course("Elders"))
    assert klas.mentor.post(f"/rounds/{elsewhere}/roster").status_code == 404


def test_newcomers_join_the_rounds_that_are_open(app: Flask, klas: Class) -> None:
    school = klas.school
    pupil = klas.launched(school.pupil("Sam Student"), "4")
    over, last_year, empty = school.round("Over"), school.round("Vorig jaar"), school.round("Leeg")
    with app.app_context():
        held = db.session.get_one(Conversation, school.conversation(pupil, over))
        held.state, held.closed_at = State.CLOSED, now()
        db.session.get_one(Round, last_year).school_year -= 1
        db.session.execute(delete(Conversation).where(Conversation.round_id == empty))
        db.session.commit()
    school.visit(pupil, last_year)
    with app.app_context():
        found = {one.id for one in open_rounds(school.course_id)}
    assert found == {klas.round_id, empty}
    klas.read(TINA, member("4"), member("5"))
    with app.app_context():
        rounds = db.session.scalars(
            select(Conversation.round_id)
            .join(Conversation.pupil)
            .join(Enrolment.person)
            .where(Person.sub == "5")
        )
        assert set(rounds) == {klas.round_id, empty}


def test_a_teachers_launch_asks_for_the_roster_now_and_then(app: Flask) -> None:
    platform = platform_for(app, load("valid", "moodle-teacher"))

    def asked() -> int:
        with app.app_context():
            return len(db.session.scalars(select(Outbox)).all())

    platform.launch(app.test_client(), load("valid", "moodle-student"), follow_redirects=True)
    assert asked() == 0
    for _time in range(2):
        page = platform.launch(
            app.test_client(), load("valid", "moodle-teacher"), follow_redirects=True
        )
        assert "We zijn bezig" in page.text
        assert asked() == 1

    def tried(minutes: int) -> None:
        with app.app_context():
            course = db.session.scalars(select(Course)).one()
            course.roster_tried_at = now() - timedelta(minutes=minutes)
            course.roster_asked_at = None
            db.session.query(Outbox).delete()
            db.session.commit()
        platform.launch(app.test_client(), load("valid", "moodle-teacher"), follow_redirects=True)

    tried(14)
    assert asked() == 0
    tried(16)
    assert asked() == 1
