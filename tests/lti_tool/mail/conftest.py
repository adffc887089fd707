"""A school that mails, its class with addresses, and a sink that takes the mail."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from flask import Flask
from pydantic import SecretStr
from sqlalchemy import select

from lti_tool.background import do_what_is_due
from lti_tool.models import (
    Course,
    Enrolment,
    Mail,
    MailAddress,
    Outbox,
    Registration,
    Round,
    db,
)
from tests.support.mail_sink import Sink, mail_sink
from tests.support.school import School, Visitor

SENDER = "Loopbaangesprek <lob@school.example>"
COURSE = "https://moodle.school.example/course/view.php?id=2"


@dataclass
class Class:
    """A class of which every pupil but the last has an address."""

    school: School
    teacher: int
    pupils: dict[str, int]
    round_id: int
    mentor: Visitor

    @property
    def path(self) -> str:
        return f"/rounds/{self.round_id}"

    def preview(self, kind: str = "invitation", query: str = "") -> str:
        return self.mentor.get(f"{self.path}/mail/{kind}{query}").text

    def send(self, kind: str = "invitation", **fields: object) -> str:
        """Press the button; return the page one comes to."""
        return self.mentor.post(f"{self.path}/mail/{kind}", fields).text

    def work(self) -> int:
        with self.school.app.app_context():
            return do_what_is_due()

    def round_page(self) -> str:
        return self.mentor.get(self.path).text

    def mails(self) -> list[Mail]:
        with self.school.app.app_context():
            return list(db.session.scalars(select(Mail).order_by(Mail.id)))

    def waiting(self) -> list[Outbox]:
        with self.school.app.app_context():
            return list(db.session.scalars(select(Outbox)))

    def change(self, kind: type[Any], record_id: int, **values: object) -> None:
        with self.school.app.app_context():
            row = db.session.get_one(kind, record_id)
            for name, value in values.items():
                setattr(row, name, value)
            db.session.commit()


def give_address(school: School, enrolment_id: int, address: str) -> None:
    with school.app.app_context():
        person_id = db.session.get_one(Enrolment, enrolment_id).person_id
        db.session.add(MailAddress(person_id=person_id, address=address))
        db.session.commit()


def set_mail(app: Flask, url: str | None) -> None:
    secret = SecretStr(url) if url else None
    changes = {"smtp_url": secret, "mail_from": SENDER if url else ""}
    app.config["LOB"] = app.config["LOB"].model_copy(update=changes)


@pytest.fixture
def sink(app: Flask) -> Iterator[Sink]:
    """A mail server, and the app knows it."""
    before = app.config["LOB"]
    with mail_sink() as started:
        set_mail(app, started.url)
        yield started
    app.config["LOB"] = before


@pytest.fixture
def klas(school: School) -> Class:
    """Noor and Daan have an address, Éva has none; the school mails."""
    teacher = school.teacher()
    pupils = {name: school.pupil(name) for name in ("Noor Bakker", "Daan Vos", "Éva Zwart")}
    give_address(school, pupils["Noor Bakker"], "noor@leerling.example")
    give_address(school, pupils["Daan Vos"], "daan@leerling.example")
    round_id = school.round()
    made = Class(school, teacher, pupils, round_id, school.visit(teacher, round_id))
    made.change(Registration, school.registration_id, mails=True)
    made.change(Course, school.course_id, address=COURSE)
    made.change(Round, round_id, due_on=date(2099, 3, 3), resource_link_id="12")
    return made
