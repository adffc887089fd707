"""When a request fails in our hands: a page that says so with what was typed, one log line."""

import functools
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NoReturn

import pytest
from flask import Flask
from sqlalchemy import event
from sqlalchemy.exc import IntegrityError, OperationalError
from structlog.testing import capture_logs
from werkzeug.test import TestResponse

from lti_tool import LARGEST_POST
from lti_tool.models import db
from tests.support.school import ISSUER, School, Visitor

BUSY = OperationalError("UPDATE", {}, sqlite3.OperationalError("database is locked"))
CONFLICT = IntegrityError("INSERT", {}, sqlite3.IntegrityError("UNIQUE constraint failed"))
GOAL, WRITTEN = "prep.vb-v01", "Ik wil weten of techniek bij mij past."
FAILURES = [
    (BUSY, 503, "Het is even te druk", "busy"),
    (CONFLICT, 409, "Iemand was je net voor", "conflict"),
    (RuntimeError("a secret of the program"), 500, "Er ging iets mis bij ons", "unexpected"),
]


@dataclass
class Pupil:
    """Somebody with a form whose saving goes as the test says."""

    app: Flask
    browser: Visitor
    form: str
    monkeypatch: pytest.MonkeyPatch

    def failing(self, error: Exception, before: Callable[[], object] = lambda: None) -> None:
        """From now on the form's page raises this, once its visit is known."""

        @functools.wraps(self.app.view_functions["preparation.save"])
        def fail(**_values: object) -> NoReturn:
            before()
            raise error

        self.monkeypatch.setitem(self.app.view_functions, "preparation.save", fail)

    def send_with(self, token: str, **options: Any) -> TestResponse:
        """Send it under another token than the page's own."""
        fields = {GOAL: WRITTEN, "csrf_token": token}
        return self.browser.client.post(
            f"{self.browser.root}{self.form}/goal", data=fields, **options
        )

    def send(self, **options: Any) -> TestResponse:
        return self.browser.post(f"{self.form}/goal", {GOAL: WRITTEN}, **options)


@pytest.fixture
def pupil(app: Flask, school: School, monkeypatch: pytest.MonkeyPatch) -> Pupil:
    enrolment, round_id = school.pupil(), school.round()
    form = f"/conversations/{school.conversation(enrolment, round_id)}/preparation"
    return Pupil(app, school.visit(enrolment, round_id), form, monkeypatch)


@pytest.mark.parametrize(("error", "status", "title", "_code"), FAILURES)
def test_what_was_typed_comes_back_with_the_way_on(
    pupil: Pupil, error: Exception, status: int, title: str, _code: str
) -> None:
    pupil.failing(error)
    with capture_logs() as logs:
        page = pupil.send()
    assert page.status_code == status
    assert f"<h1>{title}</h1>" in page.text
    assert WRITTEN in page.text
    assert "Naar mijn beginpagina" in page.text
    assert f'href="{ISSUER}/course/view.php?id=2"' in page.text
    assert "secret of the program" not in page.text
    (line,) = logs
    assert (line["event"], line["status"]) == ("refused", status)
    assert pupil.browser.root.removeprefix("/s/") not in line["path"]
    assert WRITTEN not in str(line)


@pytest.mark.parametrize(("error", "status", "_title", "code"), FAILURES)
def test_our_script_gets_a_word(
    pupil: Pupil, error: Exception, status: int, _title: str, code: str
) -> None:
    pupil.failing(error)
    answer = pupil.send(headers={"X-Requested-With": "autosave"})
    assert (answer.status_code, answer.json) == (status, {"error": code})


def test_a_database_that_is_gone_still_gives_a_page(pupil: Pupil) -> None:
    """The frame of a page names course and person, which can no longer be read."""

    def gone(*_arguments: object) -> NoReturn:
        raise BUSY

    with pupil.app.app_context():
        engine = db.engine  # of a post
    pupil.failing(BUSY, before=lambda: event.listen(engine, "before_cursor_execute", gone))
    try:
        page = pupil.send()
    finally:
        event.remove(engine, "before_cursor_execute", gone)
    assert page.status_code == 503
    assert "Het is even te druk" in page.text
    assert WRITTEN in page.text


def test_without_its_token_nothing_is_saved_and_nothing_lost(pupil: Pupil) -> None:
    for token in ("", "of-somebody-else"):
        with capture_logs() as logs:
            page = pupil.send_with(token)
        assert page.status_code == 400
        assert "Opslaan is niet gelukt" in page.text
        assert f'href="{pupil.browser.root}/"' in page.text, "the way to the first page"
        assert WRITTEN in page.text
        assert token not in page.text or not token
        assert logs[-1]["reason"].startswith("csrf: ")
    answer = pupil.send_with("", headers={"X-Requested-With": "autosave"})
    assert (answer.status_code, answer.json) == (400, {"error": "token_lost"})


def test_a_post_that_is_too_large_is_refused(pupil: Pupil) -> None:
    page = pupil.browser.post(f"{pupil.form}/goal", {GOAL: "a" * (LARGEST_POST + 1)})
    assert page.status_code == 413
    assert "Dat is te veel tekst" in page.text


def test_a_page_that_is_not_there(pupil: Pupil) -> None:
    page = pupil.browser.get("/nowhere")
    assert page.status_code == 404
    assert "Deze pagina is er niet" in page.text
    assert f'href="{pupil.browser.root}/"' in page.text, "the way to the first page"
    answer = pupil.browser.get("/nowhere", headers={"X-Requested-With": "autosave"})
    assert (answer.status_code, answer.json) == (404, {"error": "Not Found"})


def test_a_form_that_is_only_opened_is_not_a_page(app: Flask) -> None:
    page = app.test_client().get("/lti/launch")
    assert page.status_code in {400, 405}
    assert "<h1>" in page.text
