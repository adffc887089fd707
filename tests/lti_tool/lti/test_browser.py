"""Whose browser is it? Proof out of a storage, a new tab, and what a session without cookies is."""

import re
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from structlog.testing import capture_logs
from werkzeug.test import TestResponse

from lti_tool.models import LaunchSession, Proof, db, now
from tests.support.launches import Platform, load, token

FRAME = {"Sec-Fetch-Dest": "iframe", "User-Agent": "Mozilla/5.0 (iPad)"}
GOAL = "Wat is voor jou het doel van het gesprek?"


def log_in(client: FlaskClient, platform: Platform, **extra: str) -> TestResponse:
    return client.post(
        "/lti/login",
        data={
            "iss": platform.issuer,
            "client_id": platform.client_id,
            "login_hint": "4",
            **extra,
        },
        headers=FRAME,
    )


def attribute(page: TestResponse, name: str) -> str:
    found = re.search(rf'{name}="([^"]*)"', page.text)
    assert found, name
    return found[1].replace("&amp;", "&")


def launched_without_cookies(app: Flask, moodle: Platform) -> tuple[FlaskClient, TestResponse, str]:
    """A frame that returns no cookies: its client, the page that asks for proof, the secret."""
    framed = app.test_client(use_cookies=False)
    kept = log_in(framed, moodle)
    proof = attribute(kept, "data-proof")
    address = kept.text.split('href="')[-1].split('"')[0]
    found = re.search(r"state=([^&]+)&amp;nonce=([^&\"]+)", kept.text)
    assert found, address
    page = moodle.post(
        framed, found[1], token(load("valid", "moodle-student"), found[2]), headers=FRAME
    )
    return framed, page, proof


def prove(client: FlaskClient, page: TestResponse, **fields: str) -> TestResponse:
    code = attribute(page, "action").removeprefix("/lti/prove/")
    csrf_token = attribute(page, 'name="csrf_token" value')
    return client.post(
        f"/lti/prove/{code}", data={"csrf_token": csrf_token, **fields}, headers=FRAME
    )


def test_a_frame_is_asked_to_keep_its_proof_until_cookies_are_known_to_work(
    app: Flask, moodle: Platform
) -> None:
    client = app.test_client()
    first = log_in(client, moodle)
    assert first.status_code == 200
    assert attribute(first, "data-storage-origin") == "https://platform.example"
    assert attribute(first, "data-storage-target") == ""
    assert 'http-equiv="refresh"' in first.text
    assert log_in(client, moodle).status_code == 302


def test_a_page_of_its_own_needs_no_storage(app: Flask, moodle: Platform) -> None:
    data = {"iss": moodle.issuer, "client_id": moodle.client_id, "login_hint": "4"}
    for headers, expected in (
        ({"Sec-Fetch-Dest": "document", "User-Agent": "Mozilla/5.0"}, 302),
        ({"User-Agent": "Mozilla/5.0 (iPad; an old one)"}, 200),
        ({"User-Agent": "certification"}, 302),
    ):
        answer = app.test_client().post("/lti/login", data=data, headers=headers)
        assert answer.status_code == expected, headers


@pytest.mark.parametrize(
    ("storage", "expected"),
    [("platform", Proof.PLATFORM_STORAGE), ("frame", Proof.FRAME_STORAGE)],
)
def test_a_storage_that_kept_the_secret_is_proof(
    app: Flask, moodle: Platform, storage: str, expected: Proof
) -> None:
    framed, page, proof = launched_without_cookies(app, moodle)
    assert "Sam" not in page.text
    assert proof not in page.text
    answer = prove(framed, page, storage=storage, proof=proof)
    assert answer.status_code == 303
    assert GOAL in framed.get(answer.location, headers=FRAME, follow_redirects=True).text
    with app.app_context():
        session = db.session.scalars(select(LaunchSession)).one()
        assert (session.proof, session.cookie_seen) == (expected, False)


def test_without_the_secret_there_is_only_the_new_tab(app: Flask, moodle: Platform) -> None:
    framed, page, proof = launched_without_cookies(app, moodle)
    for fields in (
        {"storage": "frame", "proof": "guessed"},
        {"storage": "pigeon", "proof": proof},
        {},
    ):
        answer = prove(framed, page, **fields)
        assert answer.status_code == 200
        assert "Open in een nieuw tabblad" in answer.text
    assert prove(framed, page, storage="frame", proof=proof).status_code == 303
    assert prove(framed, page, storage="frame", proof=proof).status_code == 200
    with app.app_context():
        assert len(db.session.scalars(select(LaunchSession)).all()) == 1


def test_the_proof_is_good_for_a_minute(app: Flask, moodle: Platform) -> None:
    framed, page, proof = launched_without_cookies(app, moodle)
    with time_machine.travel(now() + timedelta(seconds=61)):
        assert prove(framed, page, storage="frame", proof=proof).status_code == 200


def test_a_session_without_cookies_is_bound_to_the_user_agent_and_ends_sooner(
    app: Flask, moodle: Platform
) -> None:
    framed, page, proof = launched_without_cookies(app, moodle)
    address = prove(framed, page, storage="frame", proof=proof).location
    with capture_logs() as logs:
        other = app.test_client().get(address, headers={"User-Agent": "Mozilla/5.0 (other)"})
    assert (other.status_code, logs[-1]["reason"]) == (401, "session_of_other_browser")
    with time_machine.travel(now() + timedelta(minutes=31)), capture_logs() as logs:
        late = framed.get(address, headers=FRAME)
    assert (late.status_code, logs[-1]["reason"]) == (401, "idle_too_long")


def test_a_cookie_that_came_back_is_demanded_from_then_on(app: Flask, moodle: Platform) -> None:
    framed, page, proof = launched_without_cookies(app, moodle)
    answer = prove(framed, page, storage="frame", proof=proof)
    secret = answer.headers["Set-Cookie"].split("lob-session=")[1].split(";")[0]
    path = answer.location.rsplit("/", 1)[0] + "/"
    keeping = app.test_client()
    keeping.set_cookie("lob-session", secret, path=path)
    assert keeping.get(answer.location, headers=FRAME, follow_redirects=True).status_code == 200
    with capture_logs() as logs:
        assert framed.get(answer.location, headers=FRAME).status_code == 401
    assert logs[-1]["reason"] == "session_of_other_browser"


def test_without_cookies_a_new_tab_asks_who_it_is(app: Flask, moodle: Platform) -> None:
    _framed, page, _proof = launched_without_cookies(app, moodle)
    code = page.text.split('href="/lti/new-tab/')[1].split('"')[0]
    tab, thief = app.test_client(), app.test_client()
    page = tab.get(f"/lti/new-tab/{code}")
    assert "Je opent dit als Sam Student in Introduction to Testing." in page.text
    refused = thief.get(f"/lti/new-tab/{code}")
    assert refused.status_code == 401
    assert "Sam" not in refused.text
    data = {"csrf_token": attribute(page, 'name="csrf_token" value')}
    page = tab.post(f"/lti/new-tab/{code}", data=data, follow_redirects=True)
    assert GOAL in page.text
    assert tab.post(f"/lti/new-tab/{code}", data=data).status_code == 401


def test_an_error_about_a_login_long_past_shows_in_the_frame(app: Flask, moodle: Platform) -> None:
    """Back leads to it: the state is spent, and nobody says whose it was."""
    answer = app.test_client().post("/lti/launch", data={"error": "invalid", "state": "spent"})
    assert answer.status_code >= 400
    assert (
        moodle.issuer in answer.headers["Content-Security-Policy"].partition("frame-ancestors")[2]
    )


def test_two_new_tabs_can_both_be_confirmed(app: Flask, moodle: Platform) -> None:
    tab, opened = app.test_client(), []
    for _ in range(2):
        _framed, page, _proof = launched_without_cookies(app, moodle)
        opened.append(page.text.split('href="/lti/new-tab/')[1].split('"')[0])
    pages = [tab.get(f"/lti/new-tab/{code}") for code in opened]
    for code, page in zip(opened, pages, strict=True):
        data = {"csrf_token": attribute(page, 'name="csrf_token" value')}
        assert tab.post(f"/lti/new-tab/{code}", data=data).status_code == 303
