"""Rosters as Moodle and Canvas send them, and odd ones."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from lti_tool.lti.claims import CUSTOM
from lti_tool.lti.connector import AccessTokens, Connector
from lti_tool.lti.memberships import MEDIA_TYPE, Member, read_memberships
from lti_tool.lti.web import ServiceFailed
from lti_tool.models import Registration
from tests.support.platform_web import (
    FOLDER,
    HTML,
    ROSTER_URL,
    TOKEN_URL,
    Said,
    Web,
    exchange,
    platform_web,
)

LEARNER = "http://purl.imsglobal.org/vocab/lis/v2/membership#Learner"
TEST_USER = "http://purl.imsglobal.org/vocab/lti/system/person#TestUser"
RLID = f"{ROSTER_URL}?rlid=2"


@pytest.fixture
def web() -> Iterator[Web]:
    with platform_web() as found:
        yield found


@pytest.fixture
def moodle(app: Flask) -> Iterator[Registration]:
    with app.app_context():
        app.extensions["lob_tokens"] = AccessTokens()
        yield Registration(
            issuer="http://localhost:8080",
            client_id="client-1",
            auth_login_url="http://localhost:8080/auth",
            auth_token_url=TOKEN_URL,
            jwks_url="http://localhost:8080/jwks",
            family="moodle",
        )


def roster(registration: Registration) -> dict[str, Member]:
    members = read_memberships(Connector(registration), ROSTER_URL, "2")
    assert len({one.sub for one in members}) == len(members)
    return {one.sub: one for one in members}


def said(*members: dict[str, Any], context: object = "2") -> Said:
    return Said({"context": {"id": context}, "members": list(members)})


def test_moodles_roster(moodle: Registration, web: Web) -> None:
    web.replay("moodle-roster", "nrps-all")
    found = roster(moodle)
    assert {sub: one.role.value for sub, one in found.items()} == {
        **dict.fromkeys("456789", "pupil"),
        "3": "teacher",
    }
    assert found["5"].name == "Åsa Öberg"
    assert "example.test" not in repr(found)
    (request,) = web.calls("GET", ROSTER_URL)
    assert request.headers["Accept"] == MEDIA_TYPE


def test_moodles_roster_in_pages(moodle: Registration, web: Web) -> None:
    for name in ("nrps-limit2", "nrps-limit2-page2", "nrps-limit2-page3", "nrps-limit2-page4"):
        web.replay("moodle-roster", name)
    paged = roster(moodle)
    web.replay("moodle-roster", "nrps-all")
    assert paged == roster(moodle)
    assert len(paged) == 7


def test_moodles_roster_without_names(moodle: Registration, web: Web) -> None:
    web.replay("moodle-roster", "nrps-privacy-off")
    assert {(one.name, one.given_name, one.family_name) for one in roster(moodle).values()} == {
        ("", "", "")
    }


@pytest.mark.parametrize(
    ("missing", "reason"),
    [
        (Said(status=404), "not_found"),
        (Said(status=500), "broken"),
        (Said(HTML), "not_json"),
        (Said({"members": None}), "malformed"),
        (Said(""), "malformed"),
    ],
)
def test_a_page_missing_in_the_middle_is_no_roster(
    moodle: Registration, web: Web, missing: Said, reason: str
) -> None:
    for name in ("nrps-limit2", "nrps-limit2-page2", "nrps-limit2-page4"):
        web.replay("moodle-roster", name)
    web.say("GET", f"{ROSTER_URL}?limit=2&from=4", missing)
    with pytest.raises(ServiceFailed) as caught:
        roster(moodle)
    assert caught.value.reason == reason


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("nrps-other-course", "other_course"),
        ("nrps-missing-course", "not_found"),
        ("nrps-json-accept", "refused"),
    ],
)
def test_moodles_refusals(moodle: Registration, web: Web, name: str, reason: str) -> None:
    response = exchange("moodle-roster", name)["response"]
    web.say("GET", ROSTER_URL, Said(response["body"], response["status"]))
    with pytest.raises(ServiceFailed) as caught:
        roster(moodle)
    assert caught.value.reason == reason


@pytest.mark.parametrize(
    ("roles", "role"),
    [
        (["Learner"], "pupil"),
        (["learner"], "pupil"),
        ([LEARNER], "pupil"),
        ([LEARNER.upper()], "pupil"),
        (["Instructor", "Learner"], "teacher"),
        (
            [
                "http://purl.imsglobal.org/vocab/lis/v2/institution/person#Administrator",
                "Instructor",
            ],
            "teacher",
        ),
        (["http://purl.imsglobal.org/vocab/lis/v2/institution/person#Instructor"], "none"),
        (["http://purl.imsglobal.org/vocab/lis/v2/membership#Mentor"], "observer"),
        (["Administrator"], "none"),
        ([], "none"),
        ([""], "none"),
    ],
)
def test_roles(moodle: Registration, web: Web, roles: list[str], role: str) -> None:
    web.say("GET", ROSTER_URL, said({"user_id": "1", "roles": roles}))
    assert roster(moodle)["1"].role == role


@pytest.mark.parametrize(
    "member",
    [
        "Sam",
        {"roles": ["Learner"]},
        {"user_id": "", "roles": ["Learner"]},
        {"user_id": "x" * 256, "roles": ["Learner"]},
        {"user_id": "a\nb", "roles": ["Learner"]},
        {"user_id": True, "roles": ["Learner"]},
        {"user_id": "1"},
        {"user_id": "1", "roles": "Learner"},
        {"user_id": "1", "roles": [1]},
    ],
)
def test_a_malformed_member_spoils_the_roster(moodle: Registration, web: Web, member: Any) -> None:
    web.say("GET", ROSTER_URL, said({"user_id": "9", "roles": ["Learner"]}, member))
    with pytest.raises(ServiceFailed, match="malformed"):
        roster(moodle)


def test_an_address_is_no_name_and_a_number_is_an_id(moodle: Registration, web: Web) -> None:
    web.say(
        "GET",
        ROSTER_URL,
        said(
            {"user_id": 4, "roles": ["Learner"], "name": "sam@school.example", "given_name": "Sam"},
            {"user_id": "5", "roles": ["Learner"], "given_name": "Åsa", "family_name": "Öberg"},
        ),
    )
    found = roster(moodle)
    assert found["4"].name == "Sam"
    assert found["5"].name == "Åsa Öberg"


@pytest.mark.parametrize(
    ("status", "active"),
    [("Active", True), ("active", True), ("Inactive", False), ("Deleted", False), (None, True)],
)
def test_status(moodle: Registration, web: Web, status: object, active: bool) -> None:
    web.say("GET", ROSTER_URL, said({"user_id": "1", "roles": ["Learner"], "status": status}))
    assert roster(moodle)["1"].active is active


def test_somebody_listed_twice_is_one_with_the_better_role(moodle: Registration, web: Web) -> None:
    twice = {"user_id": "1", "name": "Nora"}
    web.say(
        "GET",
        ROSTER_URL,
        said(
            {**twice, "roles": ["Instructor"], "status": "Inactive"},
            {"user_id": "1", "roles": [LEARNER]},
        ),
    )
    found = roster(moodle)["1"]
    assert (found.role, found.active, found.name) == ("teacher", True, "Nora")


def canvas_member() -> dict[str, Any]:
    """The shape Canvas' source gives a member, with values of our own."""
    shape = json.loads((FOLDER / "canvas-roster.json").read_text("utf-8"))["data"]["members"][0]
    message = {**shape["message"][0], CUSTOM: {"sections": "3B, 3C"}}
    return {**shape, "user_id": "uuid-1", "name": "Åsa Öberg", "message": [message]}


def test_canvas_tells_sections_when_asked_for_the_course_link(
    moodle: Registration, web: Web
) -> None:
    moodle.family = "canvas"
    web.say("GET", RLID, said(canvas_member()))
    found = roster(moodle)["uuid-1"]
    assert found.sections == ("3B", "3C")
    assert found.role == "pupil"
    assert not web.calls("GET", ROSTER_URL)


@pytest.mark.parametrize("status", [400, 403, 404, 410])
def test_canvas_that_refuses_the_link_gives_a_plain_roster(
    moodle: Registration, web: Web, status: int
) -> None:
    moodle.family = "canvas"
    web.say("GET", RLID, Said(status=status))
    web.say("GET", ROSTER_URL, said({"user_id": "1", "roles": [LEARNER]}))
    assert roster(moodle)["1"].sections == ()


def test_canvas_that_is_down_is_not_asked_twice(moodle: Registration, web: Web) -> None:
    moodle.family = "canvas"
    web.say("GET", RLID, Said(status=503))
    with pytest.raises(ServiceFailed, match="broken"):
        roster(moodle)
    assert not web.calls("GET", ROSTER_URL)


def test_test_users_are_known(moodle: Registration, web: Web) -> None:
    moodle.family = "canvas"
    asked = {"user_id": "2", "roles": [LEARNER], "message": {CUSTOM: {"student_view": "true"}}}
    web.say("GET", RLID, said({"user_id": "1", "roles": [LEARNER, TEST_USER]}, asked))
    assert all(one.test_user for one in roster(moodle).values())
