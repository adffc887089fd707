"""People who open an activity in a course of the captured Moodle, and go on in the tool."""

from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lti_tool.lti.claims import CONTEXT, CUSTOM, HISTORY, RESOURCE_LINK, ROLES, ROUND_KEY
from lti_tool.lti.quirks import PLACEMENT
from lti_tool.models import Course, Round, db
from tests.support.launches import Platform, load
from tests.support.school import Visitor

MIRIAM, PIET, NOOR, SEM = "miriam", "piet", "noor", "sem"
TEACHERS = {MIRIAM: "Miriam de Wit", PIET: "Piet Post"}
PUPILS = {NOOR: "Noor Bakker", SEM: "Sem Yilmaz"}
BASE = load("valid", "moodle-teacher")


def opening(
    who: str,
    *,
    course: str = "2",
    link: str = "",
    title: str = "Loopbaangesprek",
    key: str = "",
    history: str = "",
) -> dict[str, Any]:
    """The launch of `who`; without a link from the course navigation, without a key a plain one."""
    given, _, family = (TEACHERS | PUPILS)[who].partition(" ")
    custom = {ROUND_KEY: key, HISTORY: history}
    return {
        **BASE,
        "set": {
            "sub": who,
            "name": f"{given} {family}",
            "given_name": given,
            "family_name": family,
            ROLES: ["Instructor" if who in TEACHERS else "Learner"],
            CONTEXT: {"id": course, "title": f"Cursus {course}"},
            RESOURCE_LINK: {"id": link or course, "title": title},
            CUSTOM: {name: value for name, value in custom.items() if value},
            **({} if link else {PLACEMENT: "course_navigation"}),
        },
    }


def arrive(
    platform: Platform, launch: dict[str, Any], client: FlaskClient | None = None
) -> Visitor:
    """Launch, and go on as this person."""
    client = client or platform.app.test_client()
    answer = platform.launch(client, launch)
    assert answer.status_code == 303, answer.text
    return Visitor(client, "/".join(answer.headers["Location"].split("/")[:3]))


def rounds_in(app: Flask, course: str) -> list[Round]:
    """The rounds of a course, with their questions, oldest first."""
    with app.app_context():
        found = list(
            db.session.scalars(
                select(Round)
                .join(Course, Course.id == Round.course_id)
                .where(Course.context_id == course)
                .order_by(Round.id)
            )
        )
        for one in found:
            assert one.questions is not None
        db.session.expunge_all()
        return found
