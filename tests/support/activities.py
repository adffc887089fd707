"""People who open an activity in a course of the captured Moodle, and go on in the tool."""

from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from lti_tool.lti.claims import CONTEXT, CUSTOM, HISTORY, RESOURCE_LINK, ROLES, ROUND_KEY
from lti_tool.lti.quirks import PLACEMENT
from lti_tool.models import Conversation, Course, Enrolment, Person, Round, db, now
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


def hold(teacher: Visitor, number: int) -> None:
    """The teacher holds this conversation, and closes it without agreements."""
    path = f"/conversations/{number}"
    assert teacher.post(f"{path}/guide/start").status_code == 200
    reasons = {"reason-pupil": "Nog niet", "reason-teacher": "Niet nodig"}
    page = teacher.post(f"{path}/closing/", {"action": "close", **reasons})
    assert "Het gesprek is afgesloten" in page.text


def leave(app: Flask, who: str) -> None:
    """This person is in no course any more."""
    with app.app_context():
        person = select(Person.id).where(Person.sub == who)
        db.session.execute(
            update(Enrolment).where(Enrolment.person_id.in_(person)).values(ended_at=now())
        )
        db.session.commit()


def pupils_of(app: Flask, round_id: int) -> list[str]:
    """Who has a conversation in a round, by the platform's ids."""
    with app.app_context():
        return list(
            db.session.scalars(
                select(Person.sub)
                .join(Enrolment, Enrolment.person_id == Person.id)
                .join(Conversation, Conversation.pupil_id == Enrolment.id)
                .where(Conversation.round_id == round_id)
                .order_by(Person.sub)
            )
        )
