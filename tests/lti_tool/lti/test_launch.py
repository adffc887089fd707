"""What a launch leads to: rows, roles, the page in a new tab; and logins that are wrong."""

import json
import re

import pytest
import responses
from flask import Flask
from sqlalchemy import select
from structlog.testing import capture_logs

from lti_tool.lti.claims import ROLES
from lti_tool.models import Enrolment, Person, Registration, Role, Round, db, now
from tests.support.launches import Platform, count, load, platform_for, public_jwk, token


def test_the_moodle_teacher_sees_the_moodle_student(app: Flask, moodle: Platform) -> None:
    moodle.launch(app.test_client(), load("valid", "moodle-student"), follow_redirects=True)
    page = moodle.launch(app.test_client(), load("valid", "moodle-teacher"), follow_redirects=True)
    assert "Sam Student" in page.text
    assert "Begonnen" in page.text
    assert count(app, Round) == 1


def test_names_that_are_no_names_are_not_kept(app: Flask, moodle: Platform) -> None:
    moodle.launch(app.test_client(), load("valid", "odd-address-as-name"))
    with app.app_context():
        assert db.session.scalars(select(Person.name)).one() == ""
    moodle.launch(app.test_client(), load("valid", "odd-control-characters-in-name"))
    with app.app_context():
        assert db.session.scalars(select(Person.name)).one() == "Sam Student"


def test_a_nameless_pupil_gets_a_label_and_the_teacher_the_way_to_names(
    app: Flask, moodle: Platform
) -> None:
    moodle.launch(app.test_client(), load("valid", "odd-address-as-name"))
    page = moodle.launch(app.test_client(), load("valid", "moodle-teacher"), follow_redirects=True)
    assert re.search(r"Leerling \d+", page.text)
    assert "Geef namen door" in page.text
    assert "“Altijd”" in page.text


def test_a_disabled_platform_is_refused(app: Flask, moodle: Platform) -> None:
    client = app.test_client()
    state, nonce = moodle.login(client)
    with app.app_context():
        db.session.scalars(select(Registration)).one().disabled_at = now()
        db.session.commit()
    page = moodle.post(client, state, token(load("valid", "moodle-student"), nonce))
    assert page.status_code == 403


def test_a_role_that_changed_in_the_lms_changes_here(app: Flask, moodle: Platform) -> None:
    data = load("valid", "moodle-student")
    moodle.launch(app.test_client(), data)
    roles = "https://purl.imsglobal.org/spec/lti/claim/roles"
    teacher = {**data, "set": {roles: ["Instructor"]}}
    moodle.launch(app.test_client(), teacher)
    with app.app_context():
        assert db.session.scalars(select(Enrolment.role)).one() is Role.TEACHER


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ({}, "incomplete_login"),
        ({"iss": "https://unknown.example", "login_hint": "4"}, "unknown_platform"),
        ({"iss": "http://localhost:8080", "client_id": "4FUPHRnTWFaBL2m"}, "incomplete_login"),
    ],
)
def test_a_bad_login_is_refused(
    app: Flask, moodle: Platform, data: dict[str, str], reason: str
) -> None:
    for method in ("get", "post"):
        with capture_logs() as logs:
            options = {"query_string": data} if method == "get" else {"data": data}
            page = getattr(app.test_client(), method)("/lti/login", **options)
        assert page.status_code == 400
        assert logs[-1]["reason"] == reason


def test_the_state_cookie_is_partitioned(app: Flask, moodle: Platform) -> None:
    client = app.test_client()
    answer = client.get(
        "/lti/login",
        query_string={"iss": moodle.issuer, "client_id": moodle.client_id, "login_hint": "4"},
    )
    cookie = answer.headers["Set-Cookie"]
    for part in ("Secure", "HttpOnly", "SameSite=None", "Partitioned", "Path=/lti/launch"):
        assert part in cookie


def test_a_student_view_is_kept_as_a_test_user(app: Flask) -> None:
    data = load("valid", "odd-canvas-student-view")
    platform_for(app, data).launch(app.test_client(), data)
    with app.app_context():
        assert db.session.scalars(select(Person.test_user)).one()


def test_a_moodle_activity_with_the_number_of_its_course_is_an_activity(app: Flask) -> None:
    data = load("valid", "moodle-student-https-iframe")
    platform_for(app, data).launch(app.test_client(), data)
    with app.app_context():
        assert db.session.scalars(select(Round.resource_link_id)).one() == "2"


def test_a_canvas_course_navigation_is_no_activity(app: Flask) -> None:
    data = load("valid", "canvas-student-course-navigation")
    platform_for(app, data).launch(app.test_client(), data)
    assert count(app, Round) == 0
    assert count(app, Enrolment) == 1


ROLE_NAMES = "http://purl.imsglobal.org/vocab/lis/v2/"
ADMINISTRATOR = ROLE_NAMES + "institution/person#Administrator"
INSTRUCTOR = ROLE_NAMES + "membership#Instructor"


def test_while_a_key_set_is_fetched_nobody_waits_for_us(app: Flask, moodle: Platform) -> None:
    client, open_transactions = app.test_client(), []
    state, nonce = moodle.login(client)

    def answer(_request: object) -> tuple[int, dict[str, str], str]:
        open_transactions.append(db.session().in_transaction())
        return 200, {}, json.dumps({"keys": [public_jwk()]})

    fields = {"state": state, "id_token": token(load("valid", "moodle-student"), nonce)}
    with responses.RequestsMock() as web:
        web.add_callback("GET", moodle.jwks_url, callback=answer)
        assert client.post("/lti/launch", data=fields).status_code == 303
    assert open_transactions == [False]


@pytest.mark.parametrize("roles", [[ROLE_NAMES + "membership#Mentor"], []])
def test_who_only_looks_on_from_now_on_has_left(
    app: Flask, moodle: Platform, roles: list[str]
) -> None:
    data, client = load("valid", "moodle-teacher"), app.test_client()
    page = moodle.launch(client, data, follow_redirects=True)
    assert moodle.launch(app.test_client(), {**data, "set": {ROLES: roles}}).status_code == 200
    assert client.get(page.request.path).status_code == 401
    moodle.launch(client, data, follow_redirects=True)
    assert client.get(page.request.path).status_code == 200


def test_an_administrator_of_canvas_who_teaches_here_has_both_pages(app: Flask) -> None:
    data = load("valid", "canvas-teacher")
    data["set"] = {ROLES: [ADMINISTRATOR, INSTRUCTOR]}
    client = app.test_client()
    page = platform_for(app, data).launch(client, data, follow_redirects=True)
    assert page.request.path.endswith("/administration/")
    work = client.get(page.request.path.removesuffix("administration/") + "work")
    assert work.status_code == 303
    with app.app_context():
        assert db.session.scalars(select(Enrolment.role)).one() is Role.TEACHER


def test_an_administrator_of_canvas_without_a_role_here_has_one_page(app: Flask) -> None:
    data = load("valid", "canvas-teacher")
    data["set"] = {ROLES: [ADMINISTRATOR]}
    client = app.test_client()
    page = platform_for(app, data).launch(client, data, follow_redirects=True)
    work = client.get(page.request.path.removesuffix("administration/") + "work")
    assert work.status_code == 403
    assert count(app, Enrolment) == 0


def test_a_used_launch_says_so_while_another_one_is_on_its_way(
    app: Flask, moodle: Platform
) -> None:
    client = app.test_client()
    state, nonce = moodle.login(client)
    id_token = token(load("valid", "moodle-student"), nonce)
    assert moodle.post(client, state, id_token).status_code == 303
    moodle.login(client)
    assert "al gebruikt" in moodle.post(client, state, id_token).text
