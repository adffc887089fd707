"""A Moodle and a Canvas register themselves by a one-time link, as their captures show."""

import json

import pytest
import responses
from flask import Flask
from sqlalchemy import func, select
from structlog.testing import capture_logs

from lti_tool.lti.description import TOOL_CONFIGURATION
from lti_tool.models import Course, Registration, RegistrationLink, db, now
from tests.support.registrations import (
    CANVAS,
    CANVAS_ANSWER,
    CANVAS_URL,
    MOODLE,
    MOODLE_ANSWER,
    MOODLE_URL,
    Administrator,
    capture,
    hosted,
    link_token,
    moodle,
    rows,
    serve,
)
from tests.support.school import CLIENT_ID, ISSUER, School


def test_visiting_fetches_nothing_and_changes_nothing(
    app: Flask, web: responses.RequestsMock
) -> None:
    administrator = moodle(app, name="Het Voorbeeldcollege")
    for _ in range(2):
        page = administrator.open()
        assert page.status_code == 200
        assert "localhost:8080" in page.text
        assert "Het Voorbeeldcollege" in page.text
        assert not page.headers.getlist("Set-Cookie")
    assert len(web.calls) == 0
    assert rows(app) == []
    with app.app_context():
        assert db.session.scalars(select(RegistrationLink.used_at)).one() is None


def test_moodle_registers_as_captured(app: Flask, web: responses.RequestsMock) -> None:
    serve(web, MOODLE, MOODLE_URL, MOODLE_ANSWER)
    administrator = moodle(app)
    with capture_logs() as logs:
        page = administrator.confirm()
    assert page.status_code == 200
    for text in ("Activate", "LTI External tools", "Show in activity chooser", "Sluiten"):
        assert text in page.text
    assert rows(app) == [("http://localhost:8080", "4FUPHRnTWFaBL2m", ["1"])]
    with app.app_context():
        row = db.session.scalars(select(Registration)).one()
        assert row.auth_login_url == "http://localhost:8080/mod/lti/auth.php"
        assert row.auth_token_url == "http://localhost:8080/mod/lti/token.php"
        assert row.jwks_url == "http://localhost:8080/mod/lti/certs.php"
        assert row.family == "moodle"
        assert db.session.scalars(select(RegistrationLink.token_hash)).one() != administrator.token
    get, post = (call.request for call in web.calls)
    assert get.headers["Authorization"] == post.headers["Authorization"]
    assert post.headers["Authorization"] == "Bearer registration-token"
    accepted = [one for one in logs if one["event"] == "registration"]
    assert [(one["verdict"], one["client_id"]) for one in accepted] == [
        ("accepted", "4FUPHRnTWFaBL2m")
    ]
    assert administrator.token not in str(logs)
    assert "registration-token" not in str(logs)


def test_what_moodle_is_told_is_what_it_honours(app: Flask, web: responses.RequestsMock) -> None:
    serve(web, MOODLE, MOODLE_URL, MOODLE_ANSWER)
    moodle(app).confirm()
    sent = json.loads(web.calls[1].request.body or b"")
    captured = capture("moodle-dynamic-registration")["registration"]["request"]["body"]
    assert set(sent) <= set(captured)
    assert sent["response_types"] == ["id_token"]
    assert sent["token_endpoint_auth_method"] == "private_key_jwt"
    assert sent["initiate_login_uri"] == "http://127.0.0.1:8000/lti/login"
    assert sent["redirect_uris"] == ["http://127.0.0.1:8000/lti/launch"]
    assert sent["jwks_uri"] == "http://127.0.0.1:8000/lti/jwks.json"
    assert sent["client_name"] == "Loopbaangesprek"
    assert {one.rpartition("/")[2] for one in sent["scope"].split()} == {
        "lineitem",
        "result.readonly",
        "score",
        "contextmembership.readonly",
    }
    tool = sent[TOOL_CONFIGURATION]
    assert set(tool) <= set(captured[TOOL_CONFIGURATION])
    assert tool["domain"] == "127.0.0.1:8000"
    assert tool["target_link_uri"] == "http://127.0.0.1:8000/lti/launch"
    # Only what Moodle can fill in: the rest would come back as it was.
    assert tool["custom_parameters"] == {"context_history": "$Context.id.history"}
    assert tool["claims"] == ["iss", "sub", "name", "given_name", "family_name"]
    assert [(one["type"], "placements" in one) for one in tool["messages"]] == [
        ("LtiResourceLinkRequest", False),
        ("LtiDeepLinkingRequest", False),
    ]
    assert "logo_uri" not in sent


def test_moodle_over_https_registers_too(app: Flask, web: responses.RequestsMock) -> None:
    configuration = capture("moodle-openid-configuration-https")
    address = "https://localhost:8443/mod/lti/openid-configuration.php"
    serve(web, configuration, address, MOODLE_ANSWER)
    assert Administrator(app, link_token(app), address).confirm().status_code == 200
    assert rows(app) == [("https://localhost:8443", "4FUPHRnTWFaBL2m", ["1"])]


def test_a_canvas_of_its_own_registers_as_captured(app: Flask, web: responses.RequestsMock) -> None:
    serve(web, CANVAS, CANVAS_URL, CANVAS_ANSWER)
    token = capture("canvas-1-initiation")["registration_token"].strip(".")
    administrator = Administrator(app, link_token(app), CANVAS_URL, registration_token=token)
    page = administrator.open()
    assert capture("canvas-token-payload")["root_account_domain"] in page.text
    page = administrator.confirm(page)
    assert web.calls[1].request.headers["Authorization"] == f"Bearer {token}"
    assert "Zet de app aan voor je account" in page.text
    assert rows(app) == [
        (CANVAS["issuer"], "10000000000005", ["9:8865aa05b4b79b64a91a86042e43af5ea8ae79eb"])
    ]
    with app.app_context():
        # A bare host is no audience; its token address is.
        assert db.session.scalars(select(Registration.token_audience)).one() == ""
    sent, captured = (
        json.loads(web.calls[1].request.body or b""),
        capture("canvas-3-registration-request"),
    )
    assert set(sent) <= set(captured)
    tool = sent[TOOL_CONFIGURATION]
    prefix = "https://canvas.instructure.com/lti/"
    assert tool["custom_parameters"] == {
        "context_history": "$Context.id.history",
        "sections": "$com.instructure.User.sectionNames",
        "student_view": "$com.instructure.User.student_view",
    }
    assert tool[prefix + "privacy_level"] == "name_only"
    resource_link, deep_linking = tool["messages"]
    assert resource_link["placements"] == [prefix + "course_navigation"]
    assert resource_link[prefix + "visibility"] == "members"
    assert deep_linking["placements"] == [
        prefix + "assignment_selection",
        prefix + "link_selection",
    ]
    assert deep_linking["target_link_uri"] == "http://127.0.0.1:8000/lti/launch"


@pytest.mark.parametrize(
    "school_is",
    [
        ("school.instructure.com", "https://canvas.instructure.com", "sso.canvaslms.com", ""),
        ("sso.canvaslms.com", "https://canvas.instructure.com", "sso.canvaslms.com", ""),
        (
            "school.beta.instructure.com",
            "https://canvas.beta.instructure.com",
            "sso.beta.canvaslms.com",
            "",
        ),
        (
            "canvas.school.example",
            "https://canvas.instructure.com",
            "sso.canvaslms.com",
            "canvas.school.example",
        ),
    ],
)
def test_a_hosted_canvas_registers(
    app: Flask, web: responses.RequestsMock, school_is: tuple[str, str, str, str]
) -> None:
    host, issuer, login, own_host = school_is
    address = f"https://{host}/api/lti/security/openid-configuration"
    serve(web, hosted(host, issuer, login), address, CANVAS_ANSWER)
    administrator = Administrator(app, link_token(app, host=own_host), address)
    page = administrator.open()
    framed = page.headers["Content-Security-Policy"].partition("frame-ancestors ")[2].split()
    assert f"https://{host}" in framed
    page = administrator.confirm(page)
    assert page.status_code == 200
    assert rows(app)[0][0] == issuer
    framed = page.headers["Content-Security-Policy"].partition("frame-ancestors ")[2].split()
    assert "https://*.instructure.com" in framed
    assert not own_host or f"https://{own_host}" in framed


def test_an_answer_without_a_deployment_leaves_it_to_the_first_launch(
    app: Flask, web: responses.RequestsMock
) -> None:
    serve(web, MOODLE, MOODLE_URL, {"client_id": 12, TOOL_CONFIGURATION: []})
    assert moodle(app).confirm().status_code == 200
    assert rows(app) == [("http://localhost:8080", "12", [])]


def test_canvas_says_the_deployment_in_either_place(
    app: Flask, web: responses.RequestsMock
) -> None:
    serve(web, CANVAS, CANVAS_URL, capture("canvas-consumer-response"))
    assert Administrator(app, link_token(app), CANVAS_URL).confirm().status_code == 200
    assert rows(app) == [(CANVAS["issuer"], "abc123", ["1:deploy456"])]


def test_renewing_keeps_the_row_and_its_courses(
    app: Flask, school: School, web: responses.RequestsMock
) -> None:
    configuration = {
        name: value.replace("http://localhost:8080", ISSUER) if isinstance(value, str) else value
        for name, value in MOODLE.items()
    }
    address = f"{ISSUER}/mod/lti/openid-configuration.php"
    serve(web, configuration, address, MOODLE_ANSWER)
    with app.app_context():
        row = db.session.get_one(Registration, school.registration_id)
        row.disabled_at, row.login_path = now(), "north"
        db.session.commit()
    administrator = Administrator(app, link_token(app, renews=school.registration_id), address)
    page = administrator.open()
    assert "Cursussen, mensen en gesprekken blijven bewaard" in page.text
    assert administrator.confirm(page).status_code == 200
    assert rows(app) == [(ISSUER, "4FUPHRnTWFaBL2m", ["1"])]
    sent = json.loads(web.calls[1].request.body or b"")
    assert sent["initiate_login_uri"] == "http://127.0.0.1:8000/lti/login/north"
    with app.app_context():
        row = db.session.get_one(Registration, school.registration_id)
        assert row.disabled_at is None
        assert row.jwks_url == f"{ISSUER}/mod/lti/certs.php"
        assert db.session.scalar(select(func.count()).select_from(Course)) == 1


def test_a_link_that_renews_one_platform_is_no_link_for_another(
    app: Flask, school: School, web: responses.RequestsMock
) -> None:
    web.get(MOODLE_URL, json=MOODLE)
    token = link_token(app, renews=school.registration_id)
    page = Administrator(app, token, MOODLE_URL).confirm()
    assert page.status_code == 400
    assert "other_platform" in page.text
    assert rows(app) == [(ISSUER, CLIENT_ID, [])]


def test_a_platform_that_registers_again_under_its_client_id_keeps_its_row(
    app: Flask, web: responses.RequestsMock
) -> None:
    serve(web, MOODLE, MOODLE_URL, MOODLE_ANSWER)
    moodle(app, name="Eerste").confirm()
    moodle(app).confirm()
    assert rows(app) == [("http://localhost:8080", "4FUPHRnTWFaBL2m", ["1"])]
    with app.app_context():
        assert db.session.scalars(select(Registration.name)).one() == "Eerste"


def test_a_client_id_that_another_registration_has_is_not_taken_over(
    app: Flask, web: responses.RequestsMock
) -> None:
    serve(web, MOODLE, MOODLE_URL, MOODLE_ANSWER)
    moodle(app).confirm()
    with app.app_context():
        other = Registration(
            issuer=MOODLE["issuer"],
            client_id="old",
            auth_login_url="",
            auth_token_url="",
            jwks_url="",
        )
        db.session.add(other)
        db.session.commit()
        renews = other.id
    administrator = Administrator(app, link_token(app, renews=renews), MOODLE_URL)
    assert administrator.confirm().status_code == 409
    assert rows(app) == [
        (MOODLE["issuer"], "4FUPHRnTWFaBL2m", ["1"]),
        (MOODLE["issuer"], "old", []),
    ]
    assert administrator.open().status_code == 200
