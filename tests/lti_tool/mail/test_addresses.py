"""Where addresses come from and when they go; where the course is; the administrator's switch."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text

from lti_tool.erasure import erase_people
from lti_tool.lti.addresses import activity_address, better_address, course_address
from lti_tool.lti.emails import read_email
from lti_tool.models import Course, Enrolment, MailAddress, Registration, db
from tests.lti_tool.mail.conftest import Class as Mailing
from tests.support.klas import TINA, Class, member
from tests.support.launches import load, platform_for
from tests.support.mail_sink import Sink
from tests.support.platform_web import platform_web
from tests.support.school import School


def addresses(app: Flask) -> set[str]:
    with app.app_context():
        return set(db.session.scalars(select(MailAddress.address)))


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("noor.bakker@leerling.example", "noor.bakker@leerling.example"),
        ("a@b.nl\r\nBcc: c@d.nl", ""),
        ("a@b.nl, c@d.nl", ""),
        ("Noor <a@b.nl>", ""),
        ("a b@c.nl", ""),
        ("@b.nl", ""),
        ("a@b", ""),
        ("a@" + "b" * 300 + ".nl", ""),
        ("$Person.email.primary", ""),
        (7, ""),
        (None, ""),
    ],
)
def test_only_one_plain_address_counts(said: object, read: str) -> None:
    assert read_email({"email": said}) == read


def test_a_launch_gives_an_address_only_where_the_school_mails(app: Flask) -> None:
    data = load("valid", "moodle-student-https-iframe")
    moodle = platform_for(app, data)
    moodle.launch(app.test_client(), data)
    assert addresses(app) == set()
    with app.app_context():
        course = db.session.scalars(select(Course)).one()
        assert course.address == "https://localhost:8443/course/view.php?id=2"
        db.session.scalars(select(Registration)).one().mails = True
        db.session.scalars(select(Enrolment)).one().seen_at = None
        db.session.commit()
    moodle.launch(app.test_client(), data)
    assert addresses(app) == {"student1@example.test"}
    with app.app_context():
        stored = db.session.execute(text("SELECT address FROM mail_address")).scalar_one()
        assert "student1" not in stored


def test_a_roster_gives_addresses_and_takes_those_of_leavers(school: School) -> None:
    def pupil(sub: str, **more: Any) -> dict[str, Any]:
        return member(sub, email=f"p{sub}@leerling.example", **more)

    with platform_web() as web:
        klas = Class(school, web)
        klas.read(TINA, pupil("4"), pupil("5"))
        assert addresses(school.app) == set()
        with school.app.app_context():
            db.session.get_one(Registration, school.registration_id).mails = True
            db.session.commit()
        klas.read(TINA, pupil("4"), pupil("5"), member("9"))
        assert addresses(school.app) == {"p4@leerling.example", "p5@leerling.example"}
        klas.read(TINA, member("4", email="nieuw@leerling.example"))
        assert addresses(school.app) == {"nieuw@leerling.example"}


def test_an_address_is_erased_with_the_person(klas: Mailing) -> None:
    app = klas.school.app
    klas.send()
    with app.app_context():
        person = db.session.get_one(Enrolment, klas.pupils["Noor Bakker"]).person_id
        erase_people([person])
        db.session.commit()
    assert addresses(app) == {"daan@leerling.example"}


@pytest.mark.parametrize(
    ("return_url", "course"),
    [
        (
            "https://m.example/moodle/mod/lti/return.php?course=2&instanceid=1&sesskey=geheim",
            "https://m.example/moodle/course/view.php?id=2",
        ),
        ("https://c.example/courses/3/assignments", "https://c.example/courses/3"),
        ("https://c.example/courses/3/external_content/success/x", "https://c.example/courses/3"),
        ("https://d.example/d2l/home?ou=6", "https://d.example/"),
        ("https://m.example/mod/lti/return.php?course=x", "https://m.example/"),
        ("http://elders.example/courses/3", ""),
        ("javascript:alert(1)", ""),
        ("", ""),
    ],
)
def test_where_a_course_is(return_url: str, course: str) -> None:
    assert course_address(return_url) == course


def test_a_course_is_not_given_up_for_a_front_page() -> None:
    course, front = "https://c.example/courses/3", "https://c.example/"
    assert better_address(course, front) == course
    assert better_address(front, course) == course
    assert better_address("", front) == front
    assert better_address(course, "") == course
    assert better_address(course, "https://nieuw.example/courses/3").startswith("https://nieuw")


def test_only_moodles_activities_have_an_address() -> None:
    moodle = "https://m.example/course/view.php?id=2"
    assert activity_address(moodle, "12") == "https://m.example/mod/lti/view.php?l=12"
    assert activity_address(moodle, None) == moodle
    assert activity_address(moodle, "1&x=2") == moodle
    assert activity_address("https://c.example/courses/3", "12") == "https://c.example/courses/3"
    assert activity_address("", "12") == ""


def test_the_administrator_turns_mail_on_and_off(klas: Mailing, sink: Sink) -> None:
    app = klas.school.app
    karin = klas.school.administrator()
    page = karin.get("/school-mail/").text
    assert "Van 2 van 4 mensen kennen we het adres" in page
    assert "noor@leerling.example" not in page
    page = karin.post("/school-mail/", {"mails": "off"}).text
    assert "We bewaren geen enkel e-mailadres" in page
    assert addresses(app) == set()
    page = klas.preview()
    assert "De beheerder van je school kan mail aanzetten" in page
    assert "https://moodle.school.example/mod/lti/view.php?l=12" in page
    assert "Wat is voor jou het doel van het gesprek?" in page
    klas.send()
    assert klas.mails() == []
    assert "Mail staat uit" in klas.round_page()
    assert "Mail staat aan" in karin.post("/school-mail/", {"mails": "on"}).text
    assert karin.get("/administration/").status_code == 200


def test_the_self_check_counts_what_failed(klas: Mailing, sink: Sink) -> None:
    karin = klas.school.administrator()
    assert "geen mail mislukt" in karin.get("/administration/").text
    sink.refused = {"noor@leerling.example"}
    klas.send()
    klas.work()
    page = karin.get("/administration/").text
    assert "In de afgelopen week is 1 mail mislukt" in page
    assert "De mailserver neemt dit adres niet aan" in page
    assert "Noor" not in page


def test_without_a_mail_server_the_pages_say_so(klas: Mailing) -> None:
    assert "LOB_SMTP_URL" in klas.preview()
    karin = klas.school.administrator()
    assert "LOB_SMTP_URL" in karin.get("/school-mail/").text
    assert "heeft geen mailserver" in karin.get("/administration/").text


def test_only_an_administrator_has_the_switch(klas: Mailing) -> None:
    assert klas.mentor.get("/school-mail/").status_code == 403
    noor = klas.school.visit(klas.pupils["Noor Bakker"], klas.round_id)
    assert noor.get(f"{klas.path}/mail/invitation").status_code == 403
    assert noor.post(f"{klas.path}/mail/invitation").status_code == 403


@pytest.mark.parametrize("address", ["", "https://m.example/"])
def test_an_unknown_course_address_is_said(klas: Mailing, sink: Sink, address: str) -> None:
    klas.change(Course, klas.school.course_id, address=address)
    page = klas.preview()
    assert "Het adres van je cursus kennen we niet" in page
    klas.send()
    klas.work()
    words = "Ga naar je cursus Mentorklas 3B en open “Loopbaangesprek najaar”"
    told = sink.messages[0].get_content().replace("\r\n", "\n")
    assert (f"{words}:\n{address}\n" if address else f"{words}.\n") in told


def test_addresses_can_be_asked_for_from_the_mail(klas: Mailing, sink: Sink) -> None:
    klas.change(Course, klas.school.course_id, memberships_url="https://moodle.school.example/r")
    page = klas.preview()
    assert "1 leerling krijgt geen mail" in page
    assert "Éva Zwart" in page
    path = f"{klas.path}/mail/addresses"
    assert "Adressen opnieuw ophalen" in page
    page = klas.mentor.post(path, {"kind": "invitation"}).text
    assert "Adressen opnieuw ophalen" not in page
    assert "We halen de adressen nu op" in page
    assert len(klas.waiting()) == 1
