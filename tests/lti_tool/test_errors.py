"""What a refusal shows back, and what it leaves out of page and log."""

import json
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from structlog.testing import capture_logs

from lti_tool.models import db
from lti_tool.typed import NOT_WRITTEN
from tests.support.school import School
from tests.support.talk import Talk


def test_no_log_names_what_opens_a_session(app: Flask, school: School) -> None:
    teacher = school.visit(school.teacher())
    session_id = teacher.root.removeprefix("/s/")
    code = "one-time-code-of-a-minute"
    with capture_logs() as logs:
        for path in ("/rounds/999", "/nowhere", "/x/y/z", "/deep-link/"):
            assert teacher.client.get(teacher.root + path).status_code == 404
        assert teacher.client.delete(teacher.root + "/rounds/").status_code == 405
        assert app.test_client().get(teacher.root + "/").status_code == 401
        assert app.test_client().get(f"/lti/new-tab/{code}").status_code == 401
        assert app.test_client().get(f"/lti/new-tab/{code}/more").status_code == 404
        assert app.test_client().post(f"/lti/prove/{code}").status_code == 400
    assert [one["path"] for one in logs] == [
        "/s/…/rounds/999",
        "/s/…/nowhere",
        "/s/…/x/y/z",
        "/s/…/deep-link/",
        "/s/…/rounds/",
        "/s/…/",
        "/lti/new-tab/…",
        "/lti/new-tab/…/more",
        "/lti/prove/…",
    ]
    said = json.dumps(logs, default=str)
    assert session_id not in said
    assert code not in said


def test_a_refused_form_gives_back_words_and_no_codes(school: School) -> None:
    teacher = school.visit(school.teacher())
    words = {"title": "Mijn ronde", "own-new-1": "Wat vond je ervan?", "title-3": "Van vorig jaar"}
    codes = {"key": "K" * 22, "reports_preparation": "on-1", "round": "r-77", "take-3": "t-3"}
    page = teacher.client.post(f"{teacher.root}/rounds/new", data={**words, **codes})
    assert page.status_code == 400
    for word in words.values():
        assert word in page.text
    for code in codes.values():
        assert code not in page.text


def test_a_refused_choice_gives_back_no_day_and_no_number(talk: Talk) -> None:
    talk.start()
    chosen = {"action": "postpone", "planned_for": "2027-03-01", "time_id": "77"}
    page = talk.post("prepare/put-off", **chosen)
    assert page.status_code == 409
    assert "Dit had je geschreven" not in page.text


def test_every_choice_that_is_held_back_is_in_a_form() -> None:
    """The other way round, each page that a test fetches is looked at: `choice_faults`."""
    templates = "".join(path.read_text() for path in Path("templates").rglob("*.html"))
    platform, script = {"id_token", "state"}, {"again"}
    assert {one for one in NOT_WRITTEN if f'"{one}"' not in templates} == platform | script


def test_a_refused_proof_is_not_shown(app: Flask) -> None:
    fields = {"storage": "platform", "proof": "a-secret-of-this-browser"}
    page = app.test_client().post("/lti/prove/a-code", data=fields)
    assert page.status_code == 400
    assert "a-secret-of-this-browser" not in page.text


def test_a_failing_statement_names_no_values(app: Flask) -> None:
    with app.app_context(), pytest.raises(DBAPIError) as caught:
        db.session.execute(text("SELECT * FROM nowhere WHERE what = :what"), {"what": "Geheim"})
    assert "Geheim" not in str(caught.value)
