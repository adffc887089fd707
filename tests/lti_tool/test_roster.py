"""The roster applied: who joins, who leaves, and who does not."""

import json
import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from structlog.testing import capture_logs

from lti_tool.models import (
    Enrolment,
    EnrolmentSource,
    Outbox,
    Person,
    Role,
    db,
    now,
)
from tests.support.klas import TINA, Class, member
from tests.support.launches import load, platform_for


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
    klas.launched(klas.school.teacher("Bo Leraar"), "9")
    klas.read(
        TINA,
        member("4", "Mentor"),
        member("8", "Instructor#TeachingAssistant"),
        member("9", "Mentor"),
    )
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


def test_a_substitute_who_is_not_listed_neither_stops_the_roster_nor_is_put_out(
    klas: Class,
) -> None:
    klas.launched(klas.school.pupil("Sam Student"), "4")
    klas.launched(klas.school.teacher("Invaller"), "7", seen_at=now() - timedelta(minutes=10))
    klas.read(TINA)
    assert (klas.active(), klas.course().roster_reason) == ({"3", "7"}, "")


def test_a_roster_without_any_teacher_of_late_is_not_believed(klas: Class) -> None:
    klas.launched(klas.teacher, "3", seen_at=now() - timedelta(hours=3))
    klas.launched(klas.school.pupil("Sam Student"), "4")
    klas.launched(klas.school.teacher("Invaller"), "7", seen_at=now() - timedelta(minutes=10))
    klas.read(TINA)
    assert (klas.active(), klas.course().roster_reason) == ({"3", "4", "7"}, "teacher_missing")
