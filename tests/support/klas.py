"""A class as its platform lists it: a teacher who launched, and a roster the test lays down."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from lti_tool.background import do_what_is_due
from lti_tool.lti.connector import AccessTokens
from lti_tool.models import (
    Course,
    Enrolment,
    Person,
    Registration,
    db,
    now,
)
from tests.support.platform_web import ROSTER_URL, TOKEN_URL, Said, Web
from tests.support.school import School, Visitor

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


def member(sub: str, *roles: str, **more: Any) -> dict[str, Any]:
    name = NAMES.get(sub, f"Leerling {sub}")
    return {"user_id": sub, "name": name, "roles": list(roles) or ["Learner"], **more}


TINA = member("3", "Instructor")
