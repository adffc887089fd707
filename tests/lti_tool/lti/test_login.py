"""What a login initiation is answered with, and what a first launch makes of its deployment."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from sqlalchemy import select

from lti_tool.lti.claims import DEPLOYMENT_ID
from lti_tool.models import Course, Deployment, db
from tests.support.launches import Platform, load, platform_for

HINT = '{"cmid":2,"launchid":"ltilaunch_2_1077","x":"a b&c=d"}'


@pytest.fixture
def moodle(app: Flask) -> Platform:
    return platform_for(app, load("valid", "moodle-teacher"))


def test_a_login_path_nobody_could_have_is_refused(app: Flask, moodle: Platform) -> None:
    asked = {"iss": moodle.issuer, "client_id": moodle.client_id, "login_hint": "4"}
    assert app.test_client().get("/lti/login/%00", query_string=asked).status_code == 400


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_the_answer_is_what_moodle_reads(app: Flask, moodle: Platform, method: str) -> None:
    said = {
        "iss": moodle.issuer,
        "client_id": moodle.client_id,
        "login_hint": "4",
        "lti_message_hint": HINT,
        "lti_deployment_id": "1",
        "target_link_uri": "http://127.0.0.1:8000/lti/launch?round=7",
    }
    where: Any = {"query_string" if method == "GET" else "data": said}
    answer = app.test_client().open("/lti/login", method=method, **where)
    assert answer.status_code == 302
    address = urlsplit(answer.headers["Location"])
    assert f"{address.scheme}://{address.netloc}{address.path}" == "https://platform.example/auth"
    asked = {name: value for name, (value,) in parse_qs(address.query).items()}
    state, nonce = asked.pop("state"), asked.pop("nonce")
    assert len(state) > 20 < len(nonce)
    assert asked == {
        "scope": "openid",
        "response_type": "id_token",
        "response_mode": "form_post",
        "prompt": "none",
        "client_id": moodle.client_id,
        "redirect_uri": "http://127.0.0.1:8000/lti/launch",
        "login_hint": "4",
        "lti_message_hint": HINT,
    }


def test_a_deployment_is_made_on_its_first_launch_and_courses_stay(
    app: Flask, moodle: Platform
) -> None:
    """Every course, subaccount or copied install of Canvas has one of its own."""
    teacher = load("valid", "moodle-teacher")
    for deployment in ("1", "1:8865aa05b4b7", "1"):
        launch = {**teacher, "set": {DEPLOYMENT_ID: deployment}}
        assert moodle.launch(app.test_client(), launch).status_code == 303
    with app.app_context():
        known = select(Deployment.deployment_id).order_by(Deployment.id)
        assert db.session.scalars(known).all() == ["1", "1:8865aa05b4b7"]
        assert len(db.session.scalars(select(Course)).all()) == 1
