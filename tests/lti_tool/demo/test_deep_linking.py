"""The demo LMS takes an activity from the tool it knows only, and copies as Moodle does."""

import html
import json
import re
import time
from collections.abc import Iterator
from typing import Any

import jwt
import pytest
import responses
from flask import Flask
from flask.testing import FlaskClient

from lti_tool.demo.lms import create_lms
from lti_tool.demo.school import DEMO_SCHOOL
from lti_tool.demo.state import Lms
from tests.support.launches import KEY, KID, OTHER_KEY, public_jwk

LMS, TOOL = "http://localhost:9000", "http://127.0.0.1:8000"
CLAIM = "https://purl.imsglobal.org/spec/lti/claim/"
DL = "https://purl.imsglobal.org/spec/lti-dl/claim/"
ITEM = {
    "type": "ltiResourceLink",
    "title": "Loopbaangesprek",
    "url": f"{TOOL}/lti/launch",
    "custom": {"lob_round": "abc"},
}
LINE_ITEM = {"scoreMaximum": 1, "label": "Voorbereid", "resourceId": "abc", "tag": "preparation"}


@pytest.fixture
def demo() -> Flask:
    return create_lms(school=DEMO_SCHOOL, own_url=LMS, tool_url=TOOL, client_id="demo-client")


@pytest.fixture
def client(demo: Flask) -> Iterator[FlaskClient]:
    with responses.RequestsMock(assert_all_requests_are_fired=False) as web:
        web.get(f"{TOOL}/lti/jwks.json", json={"keys": [public_jwk()]})
        yield demo.test_client()


def lms_of(demo: Flask) -> Lms:
    lms: Lms = demo.extensions["demo_lms"]
    return lms


def launched(client: FlaskClient, **choice: str) -> dict[str, Any]:
    """Open the tool as the mentor and return the claims it would get."""
    page = client.get("/open", query_string={"person": "3", **choice}).text
    fields = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', html.unescape(page)))
    hint = re.search(r'name="lti_message_hint" value="([^"]*)"', page)
    assert hint
    page = client.post(
        "/auth",
        data={
            "scope": "openid",
            "response_type": "id_token",
            "response_mode": "form_post",
            "prompt": "none",
            "client_id": fields["client_id"],
            "redirect_uri": f"{TOOL}/lti/launch",
            "login_hint": "3",
            "lti_message_hint": html.unescape(hint[1]),
            "state": "s",
            "nonce": "n",
        },
    ).text
    found = re.search(r'name="id_token" value="([^"]+)"', page)
    assert found, page
    claims: dict[str, Any] = jwt.decode(found[1], options={"verify_signature": False})
    return claims


def answer(claims: dict[str, Any], *, key: Any = KEY, **changes: Any) -> str:
    """Sign the tool's answer to a request."""
    moment = int(time.time())
    body = {
        "iss": "demo-client",
        "aud": LMS,
        "iat": moment,
        "exp": moment + 300,
        "nonce": "once",
        CLAIM + "deployment_id": claims[CLAIM + "deployment_id"],
        CLAIM + "message_type": "LtiDeepLinkingResponse",
        CLAIM + "version": "1.3.0",
        DL + "content_items": [ITEM],
        DL + "data": claims[DL + "deep_linking_settings"]["data"],
        **changes,
    }
    return jwt.encode(body, key, algorithm="RS256", headers={"kid": KID})


def test_the_request_is_one_a_tool_can_answer(client: FlaskClient) -> None:
    claims = launched(client, activity="new")
    assert claims[CLAIM + "message_type"] == "LtiDeepLinkingRequest"
    assert CLAIM + "resource_link" not in claims
    settings = claims[DL + "deep_linking_settings"]
    assert settings["deep_link_return_url"] == f"{LMS}/deep-link/return"
    assert settings["accept_types"] == ["ltiResourceLink"]


def test_an_answer_becomes_an_activity_with_its_column(demo: Flask, client: FlaskClient) -> None:
    claims = launched(client, activity="new")
    token = answer(claims, **{DL + "content_items": [{**ITEM, "lineItem": LINE_ITEM}]})
    page = client.post("/deep-link/return", data={"JWT": token})
    assert "Toegevoegd: Loopbaangesprek" in page.text
    lms = lms_of(demo)
    added = lms.courses.all()[0].activities[-1]
    assert added.custom == {"lob_round": "abc"}
    column = lms.gradebook.line_item_of_activity(added.id)
    assert column is not None
    assert (column.fields.maximum, column.fields.resource_id) == (1, "abc")
    claims = launched(client, activity=added.id)
    assert claims[CLAIM + "custom"]["lob_round"] == "abc"


def test_several_items_become_several_activities(demo: Flask, client: FlaskClient) -> None:
    items = [ITEM, {**ITEM, "title": "Voorjaar", "lineItem": LINE_ITEM}]
    token = answer(launched(client, activity="new"), **{DL + "content_items": items})
    page = client.post("/deep-link/return", data={"JWT": token})
    assert "Toegevoegd: Loopbaangesprek, Voorjaar" in page.text
    assert len(lms_of(demo).courses.all()[0].activities) == 4


def test_an_empty_answer_adds_nothing(demo: Flask, client: FlaskClient) -> None:
    token = answer(
        launched(client, activity="new"),
        **{DL + "content_items": [], DL + "msg": "Er is niets toegevoegd."},
    )
    page = client.post("/deep-link/return", data={"JWT": token})
    assert "Er is niets toegevoegd." in page.text
    assert len(lms_of(demo).courses.all()[0].activities) == 2


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "somebody-else"},
        {"aud": "https://elsewhere.example"},
        {"exp": 11111},
        {CLAIM + "message_type": "LtiResourceLinkRequest"},
        {CLAIM + "deployment_id": "other"},
        {CLAIM + "version": "1.1"},
        {DL + "data": "unknown"},
        {DL + "data": ["unknown"]},
        {DL + "content_items": "none"},
        {DL + "content_items": [ITEM, {**ITEM, "title": 7}]},
        {DL + "content_items": [{"type": "link", "url": "https://elsewhere.example"}]},
        {DL + "content_items": [{**ITEM, "custom": {"nested": {"a": 1}}}]},
        {DL + "content_items": [{**ITEM, "custom": {"flag": True}}]},
        {DL + "content_items": [{**ITEM, "url": "https://elsewhere.example"}]},
        {DL + "content_items": [{**ITEM, "title": ""}]},
        {DL + "content_items": [{**ITEM, "lineItem": {"scoreMaximum": 0}}]},
        {DL + "content_items": [{**ITEM, "lineItem": {**LINE_ITEM, "tag": 7}}]},
        {DL + "content_items": [7]},
    ],
    ids=json.dumps,
)
def test_a_wrong_answer_adds_nothing(
    demo: Flask, client: FlaskClient, changes: dict[str, Any]
) -> None:
    token = answer(launched(client, activity="new"), **changes)
    assert client.post("/deep-link/return", data={"JWT": token}).status_code == 400
    assert len(lms_of(demo).courses.all()[0].activities) == 2


def test_an_answer_of_somebody_else_or_used_before_adds_nothing(
    demo: Flask, client: FlaskClient
) -> None:
    claims = launched(client, activity="new")
    for token in ("", "x.y.z", answer(claims, key=OTHER_KEY)):
        assert client.post("/deep-link/return", data={"JWT": token}).status_code == 400
    token = answer(claims)
    assert client.post("/deep-link/return", data={"JWT": token}).status_code == 200
    assert client.post("/deep-link/return", data={"JWT": token}).status_code == 400
    assert len(lms_of(demo).courses.all()[0].activities) == 3


def test_a_copy_has_new_ids_and_the_same_custom(demo: Flask, client: FlaskClient) -> None:
    page = client.post("/copy", follow_redirects=True)
    assert "Mentorles 3 mavo B (kopie)" in page.text
    first, copy = lms_of(demo).courses.all()
    assert copy.history == (first.id,)
    assert [one.custom for one in copy.activities] == [one.custom for one in first.activities]
    assert not {one.id for one in copy.activities} & {one.id for one in first.activities}
    claims = launched(client, course=copy.id, activity=copy.activities[1].id)
    assert claims[CLAIM + "context"]["id"] == copy.id
    assert claims[CLAIM + "custom"] == {
        "context_history": first.id,
        "lob_round": "demo-second-round",
    }
    assert "lineitem" in claims["https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"]
    again = client.post(f"/copy?course={copy.id}", follow_redirects=True)
    assert again.status_code == 200
    assert lms_of(demo).courses.all()[2].history == (copy.id, first.id)
    assert client.get("/?course=nowhere").status_code == 404
