"""How we describe ourselves: Canvas' JSON, field by field, and a platform that offers little."""

from typing import Any

import pytest
from flask import Flask

from lti_tool.lti.claims import HISTORY, SECTIONS, read_launch
from lti_tool.lti.description import TOOL_CONFIGURATION, registration_request
from lti_tool.lti.quirks import STUDENT_VIEW
from tests.support.launches import load


@pytest.fixture
def configuration(app: Flask) -> dict[str, Any]:
    page = app.test_client().get("/lti/canvas.json")
    assert page.status_code == 200
    assert page.mimetype == "application/json"
    found: dict[str, Any] = page.get_json()
    return found


def test_the_canvas_json_has_what_canvas_reads(configuration: dict[str, Any]) -> None:
    assert set(configuration) == {
        "title",
        "description",
        "oidc_initiation_url",
        "target_link_uri",
        "public_jwk_url",
        "scopes",
        "custom_fields",
        "extensions",
    }
    assert configuration["title"] == "Loopbaangesprek"
    assert "voorbereiden" not in configuration["title"]
    assert configuration["oidc_initiation_url"] == "http://127.0.0.1:8000/lti/login"
    assert configuration["target_link_uri"] == "http://127.0.0.1:8000/lti/launch"
    assert configuration["public_jwk_url"] == "http://127.0.0.1:8000/lti/jwks.json"
    assert sorted(one.rpartition("/")[2] for one in configuration["scopes"]) == [
        "contextmembership.readonly",
        "lineitem",
        "result.readonly",
        "score",
    ]
    assert configuration["custom_fields"] == {
        HISTORY: "$Context.id.history",
        SECTIONS: "$com.instructure.User.sectionNames",
        STUDENT_VIEW: "$com.instructure.User.student_view",
    }


def test_its_placements_ask_for_names_only(configuration: dict[str, Any]) -> None:
    (extension,) = configuration["extensions"]
    assert extension["platform"] == "canvas.instructure.com"
    assert extension["domain"] == "127.0.0.1:8000"
    assert extension["tool_id"] == "loopbaangesprek"
    assert extension["privacy_level"] == "name_only"
    placements = {one["placement"]: one for one in extension["settings"]["placements"]}
    assert {name: one["message_type"] for name, one in placements.items()} == {
        "course_navigation": "LtiResourceLinkRequest",
        "assignment_selection": "LtiDeepLinkingRequest",
        "link_selection": "LtiDeepLinkingRequest",
    }
    assert placements["course_navigation"]["visibility"] == "members"
    assert {one["target_link_uri"] for one in placements.values()} == {
        configuration["target_link_uri"]
    }


def test_the_addresses_in_it_are_there(app: Flask, configuration: dict[str, Any]) -> None:
    client = app.test_client()
    for name in ("oidc_initiation_url", "target_link_uri", "public_jwk_url"):
        path = configuration[name].removeprefix("http://127.0.0.1:8000")
        assert client.get(path).status_code != 404, path


def test_what_is_asked_for_is_what_a_launch_reads(configuration: dict[str, Any]) -> None:
    asked = configuration["custom_fields"]
    answers = {HISTORY: "7,3", SECTIONS: "3B", STUDENT_VIEW: "true"}
    assert set(asked) == set(answers)
    claims = load("valid", "moodle-student")["claims"]
    claims["https://purl.imsglobal.org/spec/lti/claim/custom"] = answers
    launch = read_launch(claims, client_id="1")
    assert (launch.history, launch.sections, launch.test_user) == (("7", "3"), ("3B",), True)


def test_a_platform_that_offers_little_is_asked_for_little(app: Flask) -> None:
    with app.test_request_context():
        request = registration_request(
            "https://lob.school.example:8443",
            scopes=["https://purl.imsglobal.org/spec/lti-ags/scope/score", "openid"],
            variables=[],
            placements={"LtiDeepLinkingRequest": ["ContentArea", "link_selection"]},
        )
    assert request["scope"] == "https://purl.imsglobal.org/spec/lti-ags/scope/score"
    tool = request[TOOL_CONFIGURATION]
    assert tool["domain"] == "lob.school.example:8443"
    assert tool["custom_parameters"] == {}
    assert [one.get("placements") for one in tool["messages"]] == [None, ["link_selection"]]
