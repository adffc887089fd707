"""Closed by default: every route declares its right, and every record asks whose it is."""

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import update
from structlog.testing import capture_logs

from lti_tool.access import OPEN, Right
from lti_tool.models import Enrolment, Registration, Role, db, now
from tests.support.school import ISSUER, School

OPEN_ROUTES = {
    "assets.house_style_sheet",
    "health.process",
    "health.ready",
    "browser.confirm_new_tab",
    "lti.jwks",
    "lti.launch",
    "lti.login",
    "metrics.page",
    "browser.new_tab",
    "browser.prove",
    "registering.canvas_json",
    "registering.confirm_registration",
    "registering.register",
    "registering.registered",
    "static",
}


def test_every_route_declares_its_right(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        needs = getattr(app.view_functions[rule.endpoint], "needs", None)
        if rule.endpoint in OPEN_ROUTES:
            assert needs == OPEN or rule.endpoint == "static"
        else:
            assert isinstance(needs, Right), rule.endpoint
            assert rule.rule.startswith("/s/<session_id>/"), rule.endpoint


def test_a_route_without_a_right_is_refused(app: Flask, school: School) -> None:
    visitor = school.visit(school.pupil())
    view = app.view_functions.pop("start.start")
    app.view_functions["start.start"] = lambda: "nobody said who may see this"
    try:
        assert visitor.get().status_code == 403
    finally:
        app.view_functions["start.start"] = view


@pytest.mark.parametrize(
    "path",
    [
        "/rounds/{round}",
        "/rounds/",
        "/rounds/new",
        "/take-over/",
        "/deep-link/",
        "/rounds/{round}/edit",
        "/conversations/{conversation}/prepare/",
        "/conversations/{conversation}/guide/doel",
        "/conversations/{conversation}/closing/",
        "/pupils/{pupil}",
    ],
)
def test_a_pupil_on_a_teachers_page_is_refused(school: School, path: str) -> None:
    pupil = school.pupil()
    round_id = school.round()
    conversation = school.conversation(pupil, round_id)
    with capture_logs() as logs:
        page = school.visit(pupil, round_id).get(
            path.format(round=round_id, conversation=conversation, pupil=pupil)
        )
    assert page.status_code == 403
    assert "Deze pagina is niet voor jou" in page.text
    assert [one["reason"] for one in logs] == ["not_your_role"]


def test_a_teacher_of_another_course_finds_nothing(school: School) -> None:
    pupil = school.pupil()
    round_id = school.round()
    conversation = school.conversation(pupil, round_id)
    other_course = school.course("Klas van iemand anders")
    stranger = school.visit(school.enrol("Piet de Boer", Role.TEACHER, other_course))
    for path in (
        f"/rounds/{round_id}",
        f"/conversations/{conversation}/",
        f"/conversations/{conversation}/prepare/",
        f"/conversations/{conversation}/guide/doel",
        f"/conversations/{conversation}/agreements/",
        f"/pupils/{pupil}",
    ):
        assert stranger.get(path).status_code == 404, path
    assert stranger.post(f"/conversations/{conversation}/guide/start").status_code == 404


def test_a_pasted_address_is_refused_in_another_browser(app: Flask, school: School) -> None:
    visitor = school.visit(school.pupil(), school.round())
    assert visitor.get().status_code == 200
    with capture_logs() as logs:
        page = app.test_client().get(visitor.root + "/")
    assert page.status_code == 401
    assert "Je sessie is afgelopen" in page.text
    assert logs[-1]["reason"] == "session_of_other_browser"
    assert visitor.root.removeprefix("/s/") not in str(logs)


@pytest.mark.parametrize(
    ("step", "times", "reason"), [(241, 1, "idle_too_long"), (200, 4, "session_too_old")]
)
def test_a_session_ends(school: School, step: int, times: int, reason: str) -> None:
    visitor = school.visit(school.pupil(), school.round())
    with capture_logs() as logs, time_machine.travel(now(), tick=False) as clock:
        for _ in range(times):
            clock.shift(timedelta(minutes=step))
            page = visitor.get()
    assert page.status_code == 401
    assert logs[-1]["reason"] == reason
    assert "Open het loopbaangesprek opnieuw via Mentorklas 3B" in page.text
    assert ISSUER + "/course/view.php?id=2" in page.text


def test_text_typed_after_the_session_ended_is_shown_back(school: School) -> None:
    pupil = school.pupil()
    round_id = school.round()
    visitor = school.visit(pupil, round_id)
    path = f"/conversations/{school.conversation(pupil, round_id)}/preparation/goal"
    token = visitor.csrf_token()
    with time_machine.travel(now() + timedelta(hours=5), tick=False):
        page = visitor.client.post(
            visitor.root + path,
            data={"csrf_token": token, "prep.vb-v01": "Heel veel werk", "action": "unknown"},
        )
    assert page.status_code == 401
    assert "Heel veel werk" in page.text
    assert "unknown" not in page.text


def test_leaving_the_course_ends_access_at_once(app: Flask, school: School) -> None:
    visitor = school.visit(school.pupil(), school.round())
    with app.app_context():
        db.session.execute(update(Enrolment).values(ended_at=now()))
        db.session.commit()
    assert visitor.get().status_code == 401


def test_disabling_a_platform_ends_its_sessions(app: Flask, school: School) -> None:
    visitor = school.visit(school.pupil(), school.round())
    with app.app_context():
        db.session.execute(update(Registration).values(disabled_at=now()))
        db.session.commit()
    assert visitor.get().status_code == 401


def test_a_lost_csrf_token_keeps_the_text(school: School) -> None:
    pupil = school.pupil()
    round_id = school.round()
    visitor = school.visit(pupil, round_id)
    path = f"{visitor.root}/conversations/{school.conversation(pupil, round_id)}/preparation/goal"
    for token in ({}, {"csrf_token": "wrong"}, {"csrf_token": "é\x00"}):
        page = visitor.client.post(path, data={**token, "prep.vb-v01": "Niet kwijt"})
        assert page.status_code == 400
        assert "Niet kwijt" in page.text


def test_a_post_from_another_site_is_refused(school: School) -> None:
    pupil = school.pupil()
    round_id = school.round()
    visitor = school.visit(pupil, round_id)
    path = f"/conversations/{school.conversation(pupil, round_id)}/preparation/goal"
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}):
        page = visitor.post(path, {"prep.vb-v01": "Van elders"}, headers=headers)
        assert page.status_code == 403


def test_an_enormous_post_is_refused(school: School) -> None:
    pupil = school.pupil()
    round_id = school.round()
    visitor = school.visit(pupil, round_id)
    path = f"/conversations/{school.conversation(pupil, round_id)}/preparation/goal"
    page = visitor.post(path, {"prep.vb-v01": "x" * 2_000_000})
    assert page.status_code == 413
    assert "Dat is te veel tekst" in page.text


def test_headers_stand_on_every_page(app: Flask, school: School) -> None:
    visitor = school.visit(school.pupil(), school.round())
    for page in (visitor.get(), visitor.get("/nothing"), app.test_client().get("/healthz")):
        policy = page.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert page.headers["Cache-Control"] == "no-store"
        assert page.headers["Referrer-Policy"] == "no-referrer"
        assert "X-Frame-Options" not in page.headers
    assert f"frame-ancestors 'self' {ISSUER}" in visitor.get().headers["Content-Security-Policy"]


def test_health(app: Flask) -> None:
    client = app.test_client()
    assert client.get("/healthz").json == {"status": "ok"}
    assert client.get("/readyz").json == {"status": "ok"}
    keys = client.get("/lti/jwks.json").json
    assert keys == {"keys": []}
