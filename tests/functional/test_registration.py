"""A whole registration over HTTP: the demo LMS adds the tool, activates it, and launches it."""

import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import jwt
import pytest
import requests
from flask import Flask
from sqlalchemy import func, select

from lti_tool.demo.lms import create_lms
from lti_tool.demo.school import DEMO_SCHOOL
from lti_tool.lti.keys import signing_key
from lti_tool.models import Course, Deployment, Registration, db
from lti_tool.registration_links import new_link
from tests.support.plain_browser import Person, elements
from tests.support.postgres import free_port
from tests.support.serving import listening

MENTOR, PUPIL = "3", "4"
ROSTER = "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly"


@dataclass(frozen=True)
class Served:
    app: Flask
    lms_url: str
    tool_url: str


@pytest.fixture
def served(app: Flask) -> Iterator[Served]:
    port, lms_port = free_port(), free_port()
    tool_url, lms_url = f"http://127.0.0.1:{port}", f"http://localhost:{lms_port}"
    settings = app.config["LOB"]
    app.config["LOB"] = settings.model_copy(update={"base_url": tool_url})
    lms = create_lms(school=DEMO_SCHOOL, own_url=lms_url, tool_url=tool_url)
    with listening("127.0.0.1", port, app), listening("localhost", lms_port, lms):
        yield Served(app, lms_url, tool_url)
    app.config["LOB"] = settings


def add_tool(served: Served, **renewed: str) -> requests.Response:
    """The administrator's way, up to the list of tools; returns the tool's last screen."""
    with served.app.app_context():
        row = db.session.scalars(select(Registration).filter_by(**renewed)).one_or_none()
        link = new_link(registration=row if renewed else None)
    karin = Person()
    page = karin.submit(karin.get(f"{served.lms_url}/tools"), link=link)
    (frame,) = elements(page, "iframe")
    return karin.submit(karin.get(frame.attrib["src"]))


def registered(served: Served) -> tuple[str, str]:
    """Client id and deployment id of the newest registration."""
    with served.app.app_context():
        row = db.session.scalars(select(Registration).order_by(Registration.id.desc())).first()
        assert row
        deployment = select(Deployment.deployment_id).order_by(Deployment.id.desc()).limit(1)
        return row.client_id, db.session.scalars(deployment).one()


def open_as(served: Served, person: str, client_id: str) -> requests.Response:
    """Launch the tool as somebody; returns the first page there."""
    somebody = Person()
    opened = somebody.get(
        f"{served.lms_url}/open?person={person}&activity=19&target=window&client={client_id}"
    )
    return somebody.submit(somebody.submit(opened)) if opened.ok else opened


def test_the_lms_adds_activates_and_launches_the_tool(served: Served) -> None:
    page = add_tool(served)
    assert page.status_code == 200
    assert "Show in activity chooser" in page.text
    client_id, deployment_id = registered(served)
    assert deployment_id == "2"
    administrator = Person()
    tools = administrator.get(f"{served.lms_url}/tools")
    assert "Pending" in tools.text
    assert open_as(served, MENTOR, client_id).status_code == 404
    activation = f"{served.lms_url}/tools/{client_id}/activate"
    assert "Active" in requests.post(activation, timeout=10).text
    page = open_as(served, MENTOR, client_id)
    assert page.status_code == 200
    assert page.url.startswith(f"{served.tool_url}/s/")
    assert "Loopbaangesprek voorjaar" in page.text
    assert "doel van het gesprek" in open_as(served, PUPIL, client_id).text
    with served.app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Course)) == 1
        assert db.session.scalar(select(func.count()).select_from(Deployment)) == 1


def test_the_registered_tool_gets_tokens_with_its_own_key(served: Served) -> None:
    add_tool(served)
    client_id, _deployment = registered(served)
    requests.post(f"{served.lms_url}/tools/{client_id}/activate", timeout=10)
    with served.app.app_context():
        kid, private = signing_key()
    moment = int(time.time())
    claims = {
        "iss": client_id,
        "sub": client_id,
        "aud": f"{served.lms_url}/token",
        "iat": moment,
        "exp": moment + 60,
        "jti": "1",
    }
    answer = requests.post(
        f"{served.lms_url}/token",
        data={
            "grant_type": "client_credentials",
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            "client_assertion": jwt.encode(
                claims, private, algorithm="RS256", headers={"kid": kid}
            ),
            "scope": ROSTER,
        },
        timeout=10,
    )
    assert answer.status_code == 200, answer.text
    assert answer.json()["scope"] == ROSTER


def test_a_reinstalled_tool_finds_its_course_again(served: Served) -> None:
    add_tool(served)
    first, _deployment = registered(served)
    requests.post(f"{served.lms_url}/tools/{first}/activate", timeout=10)
    open_as(served, PUPIL, first)
    assert add_tool(served, client_id=first).status_code == 200
    second, _deployment = registered(served)
    assert second != first
    requests.post(f"{served.lms_url}/tools/{second}/activate", timeout=10)
    page = open_as(served, MENTOR, second)
    assert "Amira Benali" in page.text
    with served.app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Course)) == 1
        assert db.session.scalar(select(func.count()).select_from(Registration)) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"response_types": ["code"]},
        {"redirect_uris": []},
        {"initiate_login_uri": ""},
        {"jwks_uri": None},
        {"client_name": ""},
        {"token_endpoint_auth_method": "none"},
        {"https://purl.imsglobal.org/spec/lti-tool-configuration": {"domain": "127.0.0.1"}},
        {"https://purl.imsglobal.org/spec/lti-tool-configuration": None},
    ],
)
def test_the_lms_demands_what_moodle_demands(change: dict[str, object]) -> None:
    lms = create_lms(
        school=DEMO_SCHOOL, own_url="http://localhost:1", tool_url="http://127.0.0.1:8000"
    )
    client = lms.test_client()
    page = client.post("/tools", data={"link": "http://127.0.0.1:8000/lti/register?link=x"})
    token = page.text.partition("registration_token=")[2].partition('"')[0]
    tool = {"domain": "127.0.0.1:8000", "target_link_uri": "http://127.0.0.1:8000/lti/launch"}
    sent = {
        "response_types": ["id_token"],
        "redirect_uris": ["http://127.0.0.1:8000/lti/launch"],
        "initiate_login_uri": "http://127.0.0.1:8000/lti/login",
        "jwks_uri": "http://127.0.0.1:8000/lti/jwks.json",
        "client_name": "Loopbaangesprek",
        "token_endpoint_auth_method": "private_key_jwt",
        "https://purl.imsglobal.org/spec/lti-tool-configuration": tool,
    }

    def register(body: Mapping[str, object]) -> int:
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        answer = client.post("/openid-registration", data=json.dumps(body), headers=headers)
        return answer.status_code

    assert register({**sent, **change}) == 400
    assert register(sent) == 200
    assert register(sent) == 401


def test_the_lms_adds_no_tool_of_strangers() -> None:
    lms = create_lms(
        school=DEMO_SCHOOL, own_url="http://localhost:1", tool_url="http://127.0.0.1:8000"
    )
    client = lms.test_client()
    for link in ("", "https://evil.example/register", "http://127.0.0.1:9/x"):
        assert client.post("/tools", data={"link": link}).status_code == 400
    assert client.post("/tools/unknown/activate").status_code == 404
