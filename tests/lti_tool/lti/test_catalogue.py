"""The launch catalogue: every file of `tests/launches/`, accepted or refused for its reason."""

import json
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from lti_tool.models import Course, Enrolment, Person
from tests.support.launch_flows import attempt
from tests.support.launches import Platform, count, files, load, platform_for

PAGES = {
    "pupil": "Wat is voor jou het doel van het gesprek?",
    "teacher": "Nog geen leerlingen",
    "administrator": "Zelfcontrole",
    "observer": "Dit gesprek is van de leerling",
    "none": "Je doet niet mee in deze cursus",
}
PAGES_INSTEAD = {"observer", "no_role", "no_course", "only_teachers"}
NO_COURSE = "Open dit vanuit een cursus"


def verdicts(logs: list[Any], verdict: str) -> list[dict[str, Any]]:
    return [one for one in logs if one["event"] == "launch" and one["verdict"] == verdict]


@pytest.mark.parametrize("name", files("valid"))
def test_a_valid_launch_opens_the_right_page(app: Flask, name: str) -> None:
    data = load("valid", name)
    platform = platform_for(app, data)
    with capture_logs() as logs:
        page = platform.launch(app.test_client(), data, follow_redirects=True)
    expected = data["expect"]
    text = expected.get("shows", PAGES[expected["role"]])
    assert page.status_code == expected["status"] == 200
    assert text in page.text
    assert [(one["event"], one["verdict"], one["role"]) for one in logs] == [
        ("launch", "accepted", expected["role"])
    ]
    assert logs[0]["reason"] in {"enrolled", *PAGES_INSTEAD, "administrator"}
    takes_part = expected["role"] in {"pupil", "teacher"} and text != NO_COURSE
    assert count(app, Enrolment) == expected.get("enrolled", int(takes_part))


@pytest.mark.parametrize("name", files("bad"))
def test_a_bad_launch_is_refused_with_its_reason(app: Flask, name: str, moodle: Platform) -> None:
    data = load("bad", name)
    known = data["claims"]["iss"] == moodle.issuer
    platform = moodle if known else platform_for(app, data)
    with capture_logs() as logs:
        page = attempt(platform, app.test_client(), data)
    accepted_before = len(verdicts(logs, "accepted"))
    refused = verdicts(logs, "refused")
    assert [one["reason"] for one in refused] == [data["reason"]]
    assert len(logs) == accepted_before + 1
    assert page.status_code == data["status"]
    assert data.get("title", "") in page.text
    assert data.get("detail", refused[0]["detail"]) == refused[0]["detail"]
    assert "Traceback" not in page.text
    assert count(app, Person) == count(app, Course) == accepted_before


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("other-key", "De handtekening onder het bericht van je leeromgeving klopt niet."),
        ("clock-ten-minutes-ahead", "haar klok loopt niet gelijk"),
        ("without-roles", "stuurde niet alles mee"),
        ("audience-without-us", "voor een ander programma is"),
        ("platform-keys-out-of-reach", "of het bericht echt van je leeromgeving kwam"),
        ("unknown-message-type", "vroeg iets wat het loopbaangesprek niet kan"),
        ("roles-a-word", "stuurde iets wat we niet konden controleren"),
    ],
)
def test_a_refusal_says_why_and_carries_the_reason_for_the_helpdesk(
    app: Flask, moodle: Platform, name: str, what: str
) -> None:
    data = load("bad", name)
    page = attempt(moodle, app.test_client(), data)
    assert what in page.text
    assert "beheerder van je school" in page.text
    assert f"<code>{data['reason']}</code>" in page.text


def test_a_refusal_may_be_shown_in_the_frame_of_its_platform(app: Flask, moodle: Platform) -> None:
    for name in ("replayed", "state-we-never-gave", "post-of-login-required", "expired"):
        page = attempt(moodle, app.test_client(), load("bad", name))
        policy = page.headers["Content-Security-Policy"]
        assert "frame-ancestors 'self' http://localhost:8080" in policy
    page = moodle.post_fields(app.test_client(), {"id_token": "x.e30.x"})
    assert page.headers["Content-Security-Policy"].endswith("frame-ancestors 'self'")


def test_no_claim_gets_into_a_header(app: Flask, moodle: Platform) -> None:
    for name in ("odd-return-url-no-host-for-a-header", "odd-return-url-in-other-letters"):
        page = moodle.launch(app.test_client(), load("valid", name), follow_redirects=True)
        sources = page.headers["Content-Security-Policy"].partition("frame-ancestors ")[2].split()
        assert sources == ["'self'", "http://localhost:8080"]


NAMES = sorted(load("valid", "moodle-student")["claims"])
TEXT = st.text(max_size=6) | st.sampled_from(
    ["", "$X", "\u0000", "\ud800", "https://a b", "http://["]
)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXT,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "title", "return_url", "scope", "lineitems", "sections"]) | TEXT,
            inner,
            max_size=4,
        )
    ),
    max_leaves=6,
)


@settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(changes=st.dictionaries(st.sampled_from(NAMES), ANYTHING, min_size=1, max_size=4))
def test_no_claims_make_us_fail(app: Flask, moodle: Platform, changes: dict[str, Any]) -> None:
    data = {**load("valid", "moodle-student"), "set": changes}
    with capture_logs() as logs:
        page = moodle.launch(app.test_client(), data, follow_redirects=True)
    assert page.status_code in {200, 400, 403}, (json.dumps(changes), logs)
    assert len(logs) == 1, (json.dumps(changes), logs)
    assert urlsplit(page.request.url).hostname in {"localhost", "127.0.0.1"}


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    fields=st.dictionaries(
        st.sampled_from(["state", "id_token", "error", "error_description"]) | TEXT,
        TEXT,
        max_size=4,
    )
)
def test_no_fields_make_us_fail(app: Flask, fields: dict[str, str]) -> None:
    safe = {
        name.encode("utf-8", "replace").decode(): value.encode("utf-8", "replace").decode()
        for name, value in fields.items()
    }
    with capture_logs():
        for path in ("/lti/launch", "/lti/login"):
            assert app.test_client().post(path, data=safe).status_code == 400
        assert app.test_client().get("/lti/login", query_string=safe).status_code == 400
