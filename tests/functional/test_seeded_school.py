"""The seeded school through its pages: launched from the demo LMS, with its years behind it."""

import re
from collections.abc import Iterator

import pytest
import requests
from flask import Flask
from sqlalchemy import func, select

from lti_tool.demo.courses import LmsCourse
from lti_tool.demo.lms import create_lms
from lti_tool.demo.school import DEMO_SCHOOL, LmsPerson
from lti_tool.demo.seeded import seeded_courses
from lti_tool.lti.views import prepare_keys
from lti_tool.models import Conversation, Enrolment, Registration, State, db
from lti_tool.models import Person as PersonRow
from lti_tool.seed.school import sow
from lti_tool.seed.terms import terms
from lti_tool.times import today
from tests.support.plain_browser import Person
from tests.support.postgres import free_port
from tests.support.serving import listening

PUPILS = 6


@pytest.fixture
def lms_url(app: Flask) -> Iterator[str]:
    """A demo LMS that has the seeded courses, beside the tool."""
    port, lms_port = free_port(), free_port()
    tool_url, address = f"http://127.0.0.1:{port}", f"http://localhost:{lms_port}"
    settings = app.config["LOB"]
    app.config["LOB"] = settings.model_copy(update={"base_url": tool_url})
    with app.app_context():
        prepare_keys()
        registration = Registration(
            issuer=address,
            client_id="demo-client",
            auth_login_url=f"{address}/auth",
            auth_token_url=f"{address}/token",
            jwks_url=f"{address}/jwks",
        )
        db.session.add(registration)
        db.session.flush()
        sow(registration.id, courses=2, pupils=PUPILS, rounds=6)
        db.session.commit()
        courses = seeded_courses(registration.id, [])
    lms = create_lms(
        school=DEMO_SCHOOL,
        own_url=address,
        tool_url=tool_url,
        client_id="demo-client",
        more_courses=courses,
    )
    with listening("127.0.0.1", port, app), listening("localhost", lms_port, lms):
        app.extensions["seeded"] = courses
        yield address
    app.config["LOB"] = settings


def open_as(lms_url: str, course: LmsCourse, person: LmsPerson) -> tuple[Person, requests.Response]:
    """Launch this year's activity as somebody: the browser and its first page."""
    browser = Person()
    opened = browser.get(
        f"{lms_url}/open?person={person.id}&course={course.id}"
        f"&activity={course.activities[-1].id}&target=window"
    )
    return browser, browser.submit(browser.submit(opened))


def test_teacher_and_pupil_find_their_years(app: Flask, lms_url: str) -> None:
    course: LmsCourse = app.extensions["seeded"][0]
    with app.app_context():
        pupil_id, sub = db.session.execute(
            select(Enrolment.id, PersonRow.sub)
            .join(PersonRow, Enrolment.person_id == PersonRow.id)
            .join(Conversation, Conversation.pupil_id == Enrolment.id)
            .where(PersonRow.sub.startswith("seed-1-"), Conversation.state == State.CLOSED)
            .group_by(Enrolment.id, PersonRow.sub)
            .order_by(func.count().desc(), Enrolment.id)
            .limit(1)
        ).one()
        periods = [one.period for one in terms(6, today())[:-1]]
    mentor = next(one for one in course.people if one.role == "mentor")
    browser, page = open_as(lms_url, course, mentor)
    assert page.status_code == 200
    names = [one.name for one in course.people if one.role == "pupil"]
    assert len(names) == PUPILS
    assert all(name in page.text for name in names)
    root = page.url.partition("/rounds/")[0]
    timeline = browser.get(f"{root}/pupils/{pupil_id}")
    assert timeline.status_code == 200
    assert [one for one in periods if one not in timeline.text] == []

    pupil = next(one for one in course.people if one.id == sub)
    browser, page = open_as(lms_url, course, pupil)
    assert page.status_code == 200
    session = re.match(r".*/s/[^/]+", page.url)
    assert session
    own = browser.get(f"{session[0]}/mine/timeline")
    assert own.status_code == 200
    assert [one for one in periods if one not in own.text] == []


def test_a_seeded_pupil_has_no_place_in_another_course(app: Flask, lms_url: str) -> None:
    first, second = app.extensions["seeded"]
    stranger = second.participants[0]
    address = f"{lms_url}/open?person={stranger.id}&course={first.id}&target=window"
    assert requests.get(address, timeout=10).status_code == 404
