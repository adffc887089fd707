"""A registration link: once, in time, and only from the page it opened."""

import json
from datetime import timedelta

import pytest
import requests
import responses
import time_machine
from flask import Flask

from lti_tool.models import now
from tests.support.registrations import (
    MOODLE,
    MOODLE_ANSWER,
    MOODLE_URL,
    form_of,
    moodle,
    rows,
    serve,
)


def test_a_link_works_once(app: Flask, web: responses.RequestsMock) -> None:
    serve(web, MOODLE, MOODLE_URL, MOODLE_ANSWER)
    administrator = moodle(app)
    page = administrator.open()
    assert administrator.confirm(page).status_code == 200
    calls = len(web.calls)
    for again in (administrator.open(), administrator.confirm(page)):
        assert again.status_code == 410
        assert "Deze link is al gebruikt" in again.text
    assert len(web.calls) == calls
    assert len(rows(app)) == 1


def test_a_double_click_registers_once(app: Flask, web: responses.RequestsMock) -> None:
    """The second click comes while the platform is still being asked."""
    administrator = moodle(app)
    page = administrator.open()
    second: list[int] = []

    def ask(_request: requests.PreparedRequest) -> tuple[int, dict[str, str], str]:
        second.append(administrator.confirm(page).status_code)
        return 200, {}, json.dumps(MOODLE)

    web.add_callback(responses.GET, MOODLE_URL, ask)
    web.post(MOODLE["registration_endpoint"], json=MOODLE_ANSWER)
    assert administrator.confirm(page).status_code == 200
    assert second == [410]
    assert len(rows(app)) == 1


def test_the_last_screen_can_be_reloaded_and_is_nobody_elses(
    app: Flask, web: responses.RequestsMock
) -> None:
    serve(web, MOODLE, MOODLE_URL, MOODLE_ANSWER)
    administrator = moodle(app)
    client = app.test_client()
    done = f"/lti/registered?link={administrator.token}"
    assert client.get(done).status_code == 404
    administrator.confirm()
    for _ in range(2):
        assert "Show in activity chooser" in client.get(done).text
    assert client.get("/lti/registered?link=other").status_code == 404
    assert client.get("/lti/registered").status_code == 404


def test_an_old_and_an_unknown_link(app: Flask) -> None:
    administrator = moodle(app, days=3)
    with time_machine.travel(now() + timedelta(days=3, minutes=1), tick=False):
        page = administrator.open()
    assert page.status_code == 410
    assert "Deze link is verlopen" in page.text
    for token in ("", "unknown", "x" * 5000, "\x00", "é"):
        page = administrator.open(link=token)
        assert page.status_code == 404
        assert "Deze link kennen we niet" in page.text


def test_a_link_that_expires_between_page_and_button(
    app: Flask, web: responses.RequestsMock
) -> None:
    administrator = moodle(app, days=1)
    page = administrator.open()
    with time_machine.travel(now() + timedelta(days=2), tick=False):
        assert "Deze link is verlopen" in administrator.confirm(page).text
    assert len(web.calls) == 0


def test_the_link_pasted_into_a_browser_says_where_it_belongs(app: Flask) -> None:
    administrator = moodle(app)
    page = app.test_client().get(f"/lti/register?link={administrator.token}")
    assert page.status_code == 400
    assert "Open deze link in je leeromgeving" in page.text


def test_the_button_of_another_page_does_nothing(app: Flask, web: responses.RequestsMock) -> None:
    administrator = moodle(app)
    page = administrator.open()
    for changes in ({"csrf_token": ""}, {"csrf_token": "x"}):
        refused = administrator.confirm(page, **changes)
        assert refused.status_code == 400
        assert "Opslaan is niet gelukt" in refused.text
        assert "registration-token" not in refused.text
        policy = refused.headers["Content-Security-Policy"]
        assert "http://localhost:8080" in policy.partition("frame-ancestors ")[2]
    other = moodle(app)
    others, _fields = form_of(other.open())
    action, fields = form_of(page)
    assert app.test_client().post(others, data=fields).status_code == 400
    headers = {"Sec-Fetch-Site": "cross-site"}
    assert app.test_client().post(action, data=fields, headers=headers).status_code == 403
    assert len(web.calls) == 0


def test_a_policy_cannot_be_written_by_an_address(app: Flask) -> None:
    for address in ("https://a;script-src *", "https://a,b", "https://*", "https://'self'/"):
        page = moodle(app).open(openid_configuration=address)
        assert page.headers["Content-Security-Policy"].endswith("frame-ancestors 'self'")


@pytest.mark.parametrize("token", ["é", "a b\n", "x" * 20_000])
def test_an_odd_registration_token_is_refused(app: Flask, token: str) -> None:
    assert moodle(app).open(registration_token=token).status_code == 400


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("path", ["/lti/register", "/lti/registered", "/lti/canvas.json"])
def test_junk_is_answered_with_a_page(app: Flask, method: str, path: str) -> None:
    for query in ("", "link", "link=%ff%00", "link=a&link=b", "openid_configuration=%5B", "=&=%"):
        for body in (b"", b"\xff\x00=%", b"--x\r\n", b"csrf_token=" + b"x" * 10_000):
            for kind in ("application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
                page = app.test_client().open(
                    path, method=method, query_string=query, data=body, content_type=kind
                )
                assert page.status_code < 500, (query, body)
