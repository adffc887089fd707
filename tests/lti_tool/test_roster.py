"""The roster applied: who joins, who leaves, and when nobody does."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, select
from structlog.testing import capture_logs

from lti_tool.background import do_what_is_due
from lti_tool.lti.connector import AccessTokens
from lti_tool.models import (
    Conversation,
    Course,
    Enrolment,
    EnrolmentSource,
    Outbox,
    Person,
    Registration,
    Role,
    RosterState,
    Round,
    State,
    db,
    now,
)
from lti_tool.roster import open_rounds
from tests.support.launches import load, platform_for
from tests.support.platform_web import HTML, ROSTER_URL, TOKEN_URL, Said, Web, platform_web
from tests.support.school import School, Visitor
from tests.support.statements import counted

NAMES = {"3": "Tina Teacher", "4": "Sam Student", "5": "Åsa Öberg", "9": "Nora Noneditor"}


@dataclass
class Class:
    """A course with a teacher who launched, and the platform's answers."""

    school: School
    web: Web
    teacher: int = 0
    round_id: int = 0
    mentor: Visitor = field(init=False)

    def __post_init__(self) -> None:
        with self.school.app.app_context():
            self.school.app.extensions["lob_tokens"] = AccessTokens()
            course = db.session.get_one(Course, self.school.course_id)
            course.memberships_url = ROSTER_URL
            registration = db.session.get_one(Registration, self.school.registration_id)
            registration.auth_token_url, registration.family = TOKEN_URL, "moodle"
            db.session.commit()
        self.teacher = self.launched(self.school.teacher("Tina Teacher"), "3")
        self.round_id = self.school.round()
        self.mentor = self.school.visit(self.teacher, self.round_id)

    def launched(self, enrolment_id: int, sub: str, **changes: Any) -> int:
        """Give somebody the platform's id, and a launch a while ago."""
        with self.school.app.app_context():
            enrolment = db.session.get_one(Enrolment, enrolment_id)
            enrolment.seen_at = now() - timedelta(hours=1)
            db.session.get_one(Person, enrolment.person_id).sub = sub
            for name, value in changes.items():
                setattr(enrolment, name, value)
            db.session.commit()
        return enrolment_id

    def ask(self) -> str:
        """Press the button; return the page."""
        return self.mentor.post(f"/rounds/{self.round_id}/roster").text

    def read(self, *members: dict[str, Any]) -> str:
        """Let the platform list these, read, and return the course page."""
        self.web.say("GET", ROSTER_URL, Said({"members": list(members)}))
        self.ask()
        return self.work()

    def work(self) -> str:
        """Let the worker work; return the course page."""
        with self.school.app.app_context():
            do_what_is_due()
        return self.mentor.get(f"/rounds/{self.round_id}").text

    def enrolment(self, sub: str) -> Enrolment | None:
        with self.school.app.app_context():
            return db.session.scalars(
                select(Enrolment).join(Person).where(Person.sub == sub)
            ).one_or_none()

    def active(self) -> set[str]:
        """Who is in the course."""
        with self.school.app.app_context():
            rows = db.session.scalars(
                select(Person.sub)
                .join(Enrolment, Enrolment.person_id == Person.id)
                .where(Enrolment.ended_at.is_(None))
            )
            return set(rows)

    def course(self) -> Course:
        with self.school.app.app_context():
            return db.session.get_one(Course, self.school.course_id)


@pytest.fixture
def klas(school: School) -> Iterator[Class]:
    with platform_web() as web:
        yield Class(school, web)


def member(sub: str, *roles: str, **more: Any) -> dict[str, Any]:
    name = NAMES.get(sub, f"Leerling {sub}")
    return {"user_id": sub, "name": name, "roles": list(roles) or ["Learner"], **more}


TINA = member("3", "Instructor")


def test_who_never_opened_the_tool_appears(klas: Class) -> None:
    page = klas.ask()
    assert "We zijn bezig de klassenlijst op te halen" in page
    assert "Klassenlijst ophalen" not in page
    page = klas.read(TINA, member("4"), member("5"))
    assert "De klassenlijst is gelezen op" in page
    assert "Klassenlijst ophalen" in page
    for name in ("Sam Student", "Åsa Öberg"):
        assert name in page
    assert page.count("Niet geopend") == 2
    found = klas.enrolment("4")
    assert found
    assert (found.source, found.seen_at, found.role) == (EnrolmentSource.ROSTER, None, Role.PUPIL)
    with klas.school.app.app_context():
        assert not db.session.scalars(select(Outbox)).all()


def test_moodles_roster_in_pages_is_applied(klas: Class) -> None:
    for name in ("nrps-limit2", "nrps-limit2-page2", "nrps-limit2-page3", "nrps-limit2-page4"):
        klas.web.replay("moodle-roster", name)
    klas.ask()
    with capture_logs() as logs:
        page = klas.work()
    assert page.count("Niet geopend") == 6
    assert [(one["verdict"], one["listed"], one["joined"], one["left"]) for one in logs] == [
        ("applied", 7, 6, 0)
    ]


def test_a_roster_without_names_keeps_the_names_we_know(klas: Class) -> None:
    klas.launched(klas.school.pupil("Sam Student"), "4")
    klas.web.replay("moodle-roster", "nrps-privacy-off")
    klas.ask()
    page = klas.work()
    assert "Sam Student" in page
    assert len(re.findall(r">Leerling \d+<", page)) >= 5


def test_leavers_lose_access_and_come_back(klas: Class) -> None:
    pupil = klas.launched(klas.school.pupil("Sam Student"), "4")
    earlier = now() - timedelta(days=1)
    colleague = klas.launched(klas.school.teacher("Ko Leraar"), "8", seen_at=earlier)
    sam, ko = klas.school.visit(pupil, klas.round_id), klas.school.visit(colleague)
    assert sam.get().status_code == ko.get().status_code == 200
    klas.read(TINA)
    assert klas.active() == {"3"}
    assert sam.get().status_code == ko.get().status_code == 401
    klas.read(TINA, member("4"), member("8", "Instructor"))
    assert klas.active() == {"3", "4", "8"}
    klas.read(TINA, member("4", status="Inactive"), member("8", "Instructor"))
    assert klas.active() == {"3", "8"}


def test_who_left_and_launches_again_is_back(app: Flask) -> None:
    platform = platform_for(app, load("valid", "moodle-student"))
    for _time in range(2):
        page = platform.launch(
            app.test_client(), load("valid", "moodle-student"), follow_redirects=True
        )
        assert page.status_code == 200
        with app.app_context():
            enrolment = db.session.scalars(select(Enrolment)).one()
            assert enrolment.active
            enrolment.ended_at = now()
            db.session.commit()


def test_moodles_non_editing_teacher_stays_a_teacher(klas: Class) -> None:
    nora = klas.launched(klas.school.teacher("Nora Noneditor"), "9")
    page = klas.read(TINA, member("9"))
    assert "Nora Noneditor" not in page
    found = klas.enrolment("9")
    assert found
    assert (found.id, found.role, found.active) == (nora, Role.TEACHER, True)


def test_moodles_non_editing_teacher_who_launches_last_is_the_launching_teacher(
    klas: Class,
) -> None:
    klas.launched(klas.school.teacher("Nora Noneditor"), "9", seen_at=now())
    klas.read(TINA, member("9"), member("4"))
    assert klas.active() == {"3", "4", "9"}


def test_who_was_listed_as_pupil_and_launches_as_teacher_is_no_longer_a_pupil(
    klas: Class,
) -> None:
    assert "Nora Noneditor" in klas.read(TINA, member("9"))
    found = klas.enrolment("9")
    assert found
    klas.launched(found.id, "9", role=Role.TEACHER)
    assert "Nora Noneditor" not in klas.read(TINA, member("9"))


def test_a_teacher_who_left_does_not_come_back_as_one_by_a_pupils_entry(klas: Class) -> None:
    klas.launched(klas.school.teacher("Nora Noneditor"), "9", ended_at=now())
    klas.read(TINA, member("9"))
    assert klas.active() == {"3"}


def test_who_becomes_a_teacher_is_one(klas: Class) -> None:
    klas.read(TINA, member("4"))
    klas.read(TINA, member("4", "Instructor"))
    found = klas.enrolment("4")
    assert found
    assert found.role is Role.TEACHER


@pytest.mark.parametrize("role", ["urn:unknown", "Mentor", "Administrator"])
def test_other_roles_are_not_enrolled(klas: Class, role: str) -> None:
    page = klas.read(TINA, member("6", role))
    assert "Leerling 6" not in page
    assert klas.enrolment("6") is None


def test_a_pupil_who_became_an_observer_loses_access_and_an_assistant_does_not(
    klas: Class,
) -> None:
    klas.launched(klas.school.pupil("Sam Student"), "4")
    klas.launched(klas.school.teacher("Ko Leraar"), "8")
    klas.read(TINA, member("4", "Mentor"), member("8", "Instructor#TeachingAssistant"))
    assert klas.active() == {"3", "8"}


def test_an_administrator_listed_as_teacher_is_one(klas: Class) -> None:
    system = "http://purl.imsglobal.org/vocab/lis/v2/system/person#Administrator"
    klas.read(TINA, member("6", "Instructor", system))
    found = klas.enrolment("6")
    assert found
    assert found.role is Role.TEACHER


def test_test_users_are_flagged_and_not_missed(klas: Class) -> None:
    test_user = "http://purl.imsglobal.org/vocab/lti/system/person#TestUser"
    student_view = klas.launched(klas.school.pupil("Test student"), "t1")
    with klas.school.app.app_context():
        enrolment = db.session.get_one(Enrolment, student_view)
        db.session.get_one(Person, enrolment.person_id).test_user = True
        db.session.commit()
    klas.launched(klas.school.pupil("Nep Leerling"), "t2")
    klas.read(TINA, member("t2", "Learner", test_user), member("t3", "Learner", test_user))
    assert klas.active() == {"3", "t1", "t2"}
    with klas.school.app.app_context():
        flagged = db.session.scalars(select(Person.sub).where(Person.test_user))
        assert set(flagged) == {"t1", "t2"}


def test_who_launches_while_the_roster_is_read_is_not_missed(klas: Class) -> None:
    klas.launched(klas.school.pupil("Sam Student"), "4", seen_at=now() + timedelta(minutes=1))
    klas.read(TINA)
    assert klas.active() == {"3", "4"}


def test_sections_are_kept(klas: Class) -> None:
    custom = {
        "https://purl.imsglobal.org/spec/lti/claim/custom": {
            "sections": json.dumps(["3B, a", "3C"])
        }
    }
    klas.read(TINA, member("4", message=[custom]))
    klas.read(TINA, member("4"))
    found = klas.enrolment("4")
    assert found
    assert found.sections == ["3B, a", "3C"]


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
