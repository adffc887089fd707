"""Launches as platforms really send them, and forty ways in which they can be wrong."""

import pytest
from flask import Flask
from sqlalchemy import func, select
from structlog.testing import capture_logs

from lti_tool.models import Course, Enrolment, Person, Registration, Role, Round, db, now
from tests.support.launches import Platform, files, load, platform_for, token


def count(app: Flask, kind: type) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(kind)) or 0


@pytest.fixture
def moodle(app: Flask) -> Platform:
    return platform_for(app, load("valid", "moodle-student"))


@pytest.mark.parametrize("name", files("valid"))
def test_a_valid_launch_opens_the_right_page(app: Flask, name: str) -> None:
    data = load("valid", name)
    platform = platform_for(app, data)
    with capture_logs() as logs:
        page = platform.launch(app.test_client(), data, follow_redirects=True)
    assert page.status_code == data["expect"]["status"]
    role = data["expect"]["role"]
    assert [(one["verdict"], one["role"]) for one in logs if one["event"] == "launch"] == [
        ("accepted", role)
    ]
    expected = {
        "pupil": "Wat is voor jou het doel van het gesprek?",
        "teacher": "Nog geen leerlingen",
        "administrator": "De koppeling werkt",
        "none": "Je doet niet mee in deze cursus",
    }
    assert data["expect"].get("shows", expected[role]) in page.text
    enrolled = 1 if role in {"pupil", "teacher"} else 0
    assert count(app, Enrolment) == data["expect"].get("enrolled", enrolled)


@pytest.mark.parametrize("name", files("bad"))
def test_a_bad_launch_is_refused_with_its_reason(app: Flask, name: str, moodle: Platform) -> None:
    data = load("bad", name)
    with capture_logs() as logs:
        page = moodle.launch(app.test_client(), data)
    reasons = [one["reason"] for one in logs if one["event"] == "launch"]
    assert reasons == [data["reason"]]
    assert page.status_code == data["status"]
    assert "Traceback" not in page.text
    assert "<h1>" in page.text
    assert count(app, Person) == count(app, Course) == 0


def test_the_moodle_teacher_sees_the_moodle_student(app: Flask, moodle: Platform) -> None:
    moodle.launch(app.test_client(), load("valid", "moodle-student"), follow_redirects=True)
    page = moodle.launch(app.test_client(), load("valid", "moodle-teacher"), follow_redirects=True)
    assert "Sam Student" in page.text
    assert "Concept" in page.text
    assert count(app, Round) == 1


def test_a_megabyte_of_junk_is_refused(app: Flask, moodle: Platform) -> None:
    client = app.test_client()
    state, _nonce = moodle.login(client)
    page = moodle.post(client, state, "x" * 900_000)
    assert page.status_code == 400
    page = moodle.post(client, state, "x" * 3_000_000)
    assert page.status_code == 413


def test_names_that_are_no_names_are_not_kept(app: Flask, moodle: Platform) -> None:
    moodle.launch(app.test_client(), load("valid", "odd-address-as-name"))
    with app.app_context():
        assert db.session.scalars(select(Person.name)).one() == "Naam onbekend"
    moodle.launch(app.test_client(), load("valid", "odd-control-characters-in-name"))
    with app.app_context():
        assert db.session.scalars(select(Person.name)).one() == "Sam Student"


def test_a_state_is_good_for_one_launch(app: Flask, moodle: Platform) -> None:
    client = app.test_client()
    state, nonce = moodle.login(client)
    id_token = token(load("valid", "moodle-student"), nonce)
    cookie = client.get_cookie(f"lob-state-{state[:16]}", path="/lti/launch")
    assert cookie is not None
    assert moodle.post(client, state, id_token).status_code == 303
    client.set_cookie(cookie.key, cookie.value, path="/lti/launch")
    with capture_logs() as logs:
        page = moodle.post(client, state, id_token)
    assert page.status_code == 400
    assert logs[-1]["reason"] == "state_used_or_unknown"
    assert "Deze pagina is al gebruikt" in page.text


def test_a_state_of_another_browser_is_refused(app: Flask, moodle: Platform) -> None:
    attacker, victim = app.test_client(), app.test_client()
    state, nonce = moodle.login(attacker)
    moodle.login(victim)
    with capture_logs() as logs:
        page = moodle.post(victim, state, token(load("valid", "moodle-student"), nonce))
    assert page.status_code == 400
    assert logs[-1]["reason"] == "state_of_other_browser"
    assert count(app, Person) == 0


def test_without_cookies_a_new_tab_asks_who_it_is(app: Flask, moodle: Platform) -> None:
    state, nonce = moodle.login(app.test_client())
    framed = app.test_client(use_cookies=False)
    page = moodle.post(framed, state, token(load("valid", "moodle-student"), nonce))
    assert page.status_code == 200
    assert "Open in een nieuw tabblad" in page.text
    assert "Sam" not in page.text
    address = page.text.split('href="/lti/new-tab/')[1].split('"')[0]
    tab, thief = app.test_client(), app.test_client()
    page = tab.get(f"/lti/new-tab/{address}")
    assert "Je opent dit als Sam Student in Introduction to Testing: klopt dat?" in page.text
    refused = thief.get(f"/lti/new-tab/{address}")
    assert refused.status_code == 401
    assert "Sam" not in refused.text
    csrf_token = page.text.split('name="csrf_token" value="')[1].split('"')[0]
    page = tab.post(
        f"/lti/new-tab/{address}", data={"csrf_token": csrf_token}, follow_redirects=True
    )
    assert "Wat is voor jou het doel van het gesprek?" in page.text
    page = tab.post(f"/lti/new-tab/{address}", data={"csrf_token": csrf_token})
    assert page.status_code == 401


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


def test_an_error_the_platform_posts_is_shown(app: Flask) -> None:
    page = app.test_client().post(
        "/lti/launch", data={"error": "login_required", "error_description": "x", "state": "y"}
    )
    assert page.status_code == 400
    assert "Openen is niet gelukt" in page.text


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
