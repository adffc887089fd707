"""A small school of rows: a course, a mentor, pupils, rounds; and visits by any of them."""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from flask_wtf.csrf import generate_csrf
from sqlalchemy import select
from werkzeug.test import TestResponse

from lti_tool.enrolments import add_missing_conversations
from lti_tool.models import (
    Conversation,
    Course,
    Enrolment,
    EnrolmentSource,
    Person,
    Proof,
    Registration,
    Role,
    Round,
    db,
    now,
)
from lti_tool.sessions import COOKIE, Opened, begin_session

ISSUER, CLIENT_ID = "https://moodle.school.example", "client-1"


@dataclass
class School:
    """One registration with one course; every method commits and returns ids."""

    app: Flask
    registration_id: int = 0
    course_id: int = 0
    _numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    def __post_init__(self) -> None:
        with self.app.app_context():
            registration = Registration(
                issuer=ISSUER,
                client_id=CLIENT_ID,
                auth_login_url=ISSUER + "/auth",
                auth_token_url=ISSUER + "/token",
                jwks_url=ISSUER + "/jwks",
            )
            db.session.add(registration)
            db.session.flush()
            course = Course(registration_id=registration.id, context_id="2", title="Mentorklas 3B")
            db.session.add(course)
            db.session.commit()
            self.registration_id, self.course_id = registration.id, course.id

    def course(self, title: str) -> int:
        """Another course."""
        with self.app.app_context():
            course = Course(
                registration_id=self.registration_id,
                context_id=f"c{next(self._numbers)}",
                title=title,
            )
            db.session.add(course)
            db.session.commit()
            return course.id

    def enrol(self, name: str, role: Role, course_id: int | None = None) -> int:
        """A new person in the course; returns the enrolment id."""
        with self.app.app_context():
            given, _, family = name.partition(" ")
            person = Person(
                registration_id=self.registration_id,
                sub=f"p{next(self._numbers)}",
                name=name,
                given_name=given,
                family_name=family,
                local_key="MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
            )
            db.session.add(person)
            db.session.flush()
            enrolment = Enrolment(
                person_id=person.id,
                course_id=course_id or self.course_id,
                role=role,
                source=EnrolmentSource.LAUNCH,
            )
            db.session.add(enrolment)
            db.session.commit()
            return enrolment.id

    def also(self, enrolment_id: int, course_id: int) -> int:
        """The same person, with the same role, in another course; returns that enrolment's id."""
        with self.app.app_context():
            known = db.session.get_one(Enrolment, enrolment_id)
            enrolment = Enrolment(
                person_id=known.person_id,
                course_id=course_id,
                role=known.role,
                source=EnrolmentSource.LAUNCH,
            )
            db.session.add(enrolment)
            db.session.commit()
            return enrolment.id

    def leave(self, enrolment_id: int) -> None:
        """This person left the course."""
        with self.app.app_context():
            db.session.get_one(Enrolment, enrolment_id).ended_at = now()
            db.session.commit()

    def pupil(self, name: str = "Noor Bakker") -> int:
        """A pupil of the course."""
        return self.enrol(name, Role.PUPIL)

    def teacher(self, name: str = "Miriam de Wit") -> int:
        """A mentor of the course."""
        return self.enrol(name, Role.TEACHER)

    def appoint(self, enrolment_id: int, *courses: int) -> None:
        """Let the administrator make a teacher coordinator; without courses of the whole school."""
        person_id = self.person_of(enrolment_id)
        choice = {"reach": "course" if courses else "school", "course": [*map(str, courses)]}
        page = self.administrator().post(f"/coordinators/{person_id}", choice)
        assert "Intrekken" in page.text, page.text

    def people(self) -> list[str]:
        """The names of everybody, in order."""
        with self.app.app_context():
            return list(db.session.scalars(select(Person.name).order_by(Person.name)))

    def person_of(self, enrolment_id: int) -> int:
        """Whose enrolment it is."""
        with self.app.app_context():
            return db.session.get_one(Enrolment, enrolment_id).person_id

    def round(self, title: str = "Loopbaangesprek najaar", course_id: int | None = None) -> int:
        """A round with a conversation for every pupil enrolled so far."""
        with self.app.app_context():
            round_ = Round(
                course_id=course_id or self.course_id,
                title=title,
                resource_link_id=f"link-{next(self._numbers)}",
            )
            db.session.add(round_)
            db.session.flush()
            add_missing_conversations(round_)
            db.session.commit()
            return round_.id

    def conversation(self, pupil_id: int, round_id: int) -> int:
        """The conversation of this pupil in this round."""
        with self.app.app_context():
            return db.session.scalars(
                select(Conversation.id).where(
                    Conversation.pupil_id == pupil_id, Conversation.round_id == round_id
                )
            ).one()

    def visit(self, enrolment_id: int, round_id: int | None = None) -> "Visitor":
        """A browser of its own with a launch session of this person."""
        return self._opened(
            Opened(
                registration_id=self.registration_id,
                enrolment_id=enrolment_id,
                round_id=round_id,
                return_url=ISSUER + "/course/view.php?id=2",
            )
        )

    def administrator(self) -> "Visitor":
        """A browser of its own of somebody who launched with an administrator role."""
        return self._opened(
            Opened(
                registration_id=self.registration_id,
                facts={"deployment_id": "1"},
                return_url="https://lms.example/",
            )
        )

    def _opened(self, opened: Opened) -> "Visitor":
        with self.app.app_context():
            session = begin_session(opened, Proof.COOKIE)
            db.session.commit()
        client = self.app.test_client()
        path = f"/s/{session.id}/"
        client.set_cookie(COOKIE, session.secret, path=path)
        return Visitor(client, f"/s/{session.id}")


@dataclass
class Visitor:
    """Somebody with a launch session: paths are relative to it."""

    client: FlaskClient
    root: str

    def get(self, path: str = "/", **options: Any) -> TestResponse:
        """GET a page of this session, following redirects."""
        return self.client.get(self._path(path), follow_redirects=True, **options)

    def post(
        self, path: str, data: Mapping[str, object] | None = None, **options: Any
    ) -> TestResponse:
        """POST with the session's CSRF token, following redirects unless told otherwise."""
        fields = {"csrf_token": self.csrf_token(), **(data or {})}
        options = {"follow_redirects": True, **options}
        return self.client.post(self._path(path), data=fields, **options)

    def do(self, path: str, data: Mapping[str, object] | None = None) -> None:
        """POST what is accepted, without a look at the page it leads to."""
        answer = self.post(path, data, follow_redirects=False)
        assert answer.status_code == 303, (path, answer.status_code, answer.text)

    def csrf_token(self) -> str:
        """A token as a page of this session carries it."""
        with self.client.application.test_request_context(self.root + "/"):
            token: str = generate_csrf()
            return token

    def _path(self, path: str) -> str:
        return path if path.startswith("/s/") else self.root + path
