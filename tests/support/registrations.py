"""A platform's administrator for tests: opens a registration link and presses the button.

The captures in `tests/registrations/` are what Moodle and Canvas really sent; Canvas' hosts are
replaced where a test plays a hosted school.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import responses
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from lti_tool.models import Deployment, Registration, db
from lti_tool.registration_links import new_link
from tests.support.pages import HTML, parsed

FOLDER = Path(__file__).parents[1] / "registrations"


def capture(name: str) -> dict[str, Any]:
    """One capture: a body of Moodle's or the data of Canvas'."""
    found: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text("utf-8"))
    data: dict[str, Any] = found.get("data") or found.get("body") or found
    return data


MOODLE = capture("moodle-openid-configuration")
MOODLE_URL = "http://localhost:8080/mod/lti/openid-configuration.php"
MOODLE_ANSWER = capture("moodle-dynamic-registration")["registration"]["response"]["body"]
CANVAS = capture("canvas-2-openid-configuration")
CANVAS_URL = capture("canvas-1-initiation")["openid_configuration"]
CANVAS_ANSWER = capture("canvas-4-registration-response")


def link_token(app: Flask, *, renews: int | None = None, **options: Any) -> str:
    """A fresh link, which may renew a registration; returns the token in it."""
    with app.app_context():
        registration = db.session.get_one(Registration, renews) if renews else None
        address = new_link(registration=registration, **options)
    return parse_qs(urlsplit(address).query)["link"][0]


@dataclass
class Administrator:
    """Somebody whose platform opens our link in a frame."""

    app: Flask
    token: str
    configuration_url: str
    registration_token: str = "registration-token"

    def open(self, **changes: str) -> TestResponse:
        """The platform adds its two parameters to the link."""
        query = {
            "link": self.token,
            "openid_configuration": self.configuration_url,
            "registration_token": self.registration_token,
            **changes,
        }
        return self.app.test_client().get("/lti/register", query_string=query)

    def confirm(self, page: TestResponse | None = None, **changes: str) -> TestResponse:
        """Press the page's one button; follows to the last screen, without any cookie."""
        action, fields = form_of(page or self.open())
        return self.app.test_client(use_cookies=False).post(
            action,
            data={**fields, **changes},
            headers={"Sec-Fetch-Site": "same-origin"},
            follow_redirects=True,
        )


def form_of(page: TestResponse) -> tuple[str, Mapping[str, str]]:
    """The address and the fields of the page's one form."""
    (form,) = parsed(page.text).iter(HTML + "form")
    fields = {one.attrib["name"]: one.attrib.get("value", "") for one in form.iter(HTML + "input")}
    return form.attrib["action"], fields


def moodle(app: Flask, **options: Any) -> Administrator:
    """The captured Moodle's administrator, with a fresh link."""
    return Administrator(app, link_token(app, **options), MOODLE_URL)


def serve(
    web: responses.RequestsMock,
    configuration: dict[str, Any],
    address: str,
    answer: dict[str, Any],
    status: int = 200,
) -> None:
    """Let a platform answer its configuration, and a registration."""
    web.get(address, json=configuration)
    web.post(configuration["registration_endpoint"], json=answer, status=status)


def rows(app: Flask) -> list[tuple[str, str, list[str]]]:
    """Issuer, client id and deployment ids of every registration."""
    with app.app_context():
        return [
            (
                row.issuer,
                row.client_id,
                list(
                    db.session.scalars(
                        select(Deployment.deployment_id).where(Deployment.registration_id == row.id)
                    )
                ),
            )
            for row in db.session.scalars(select(Registration).order_by(Registration.id))
        ]


def hosted(host: str, issuer: str, login: str) -> dict[str, Any]:
    """Canvas' configuration as a hosted school gives it."""
    return {
        **CANVAS,
        "issuer": issuer,
        "authorization_endpoint": f"https://{login}/api/lti/authorize_redirect",
        "token_endpoint": f"https://{login}/login/oauth2/token",
        "jwks_uri": f"https://{login}/api/lti/security/jwks",
        "registration_endpoint": f"https://{host}/api/lti/registrations",
    }
