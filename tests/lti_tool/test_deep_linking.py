"""Deep linking: what the LMS asks, what the teacher picks, and the answer that goes back."""

import html
import json
import re
from typing import Any

import jwt
import pytest
from flask import Flask
from sqlalchemy import func, select

from lti_tool.lti.claims import CUSTOM, DEEP_LINKING, RESOURCE_LINK, ROLES, ROUND_KEY
from lti_tool.models import Conversation, Course, Registration, Round, RoundQuestion, db
from tests.support.activities import arrive
from tests.support.launches import FOLDER, Platform, load, platform_for
from tests.support.school import School, Visitor

DL = "https://purl.imsglobal.org/spec/lti-dl/claim/"
ITEMS, DATA, MESSAGE = DL + "content_items", DL + "data", DL + "msg"
REQUEST = load("valid", "moodle-deep-linking")
SETTINGS = REQUEST["claims"][DEEP_LINKING]
RETURN_URL = SETTINGS["deep_link_return_url"]
NEW = {"title": "Loopbaangesprek", "period": "najaar 2026"}


@pytest.fixture
def moodle(app: Flask) -> Platform:
    return platform_for(app, REQUEST)


def visit(platform: Platform, launch: dict[str, Any], **settings: Any) -> Visitor:
    """Launch, and go on as this person; `settings` change those of the request."""
    if settings:
        changed = {**launch.get("set", {}), DEEP_LINKING: {**SETTINGS, **settings}}
        launch = {**launch, "set": changed}
    return arrive(platform, launch)


def answer_of(app: Flask, page: str) -> dict[str, Any]:
    """The signed answer a page carries, checked with our own key set."""
    found = re.search(r'name="JWT" value="([^"]+)"', page)
    assert found, page
    keys = app.test_client().get("/lti/jwks.json").json
    assert keys is not None
    kid = jwt.get_unverified_header(found[1])["kid"]
    key = next(one for one in keys["keys"] if one["kid"] == kid)
    claims: dict[str, Any] = jwt.decode(
        found[1],
        jwt.PyJWK.from_dict(key),
        algorithms=["RS256"],
        audience=REQUEST["claims"]["iss"],
        issuer=REQUEST["claims"]["aud"],
    )
    return claims


def link_launch(key: str, link: str, name: str = "moodle-teacher") -> dict[str, Any]:
    """A launch through an activity made by deep linking."""
    return {
        **load("valid", name),
        "set": {
            CUSTOM: {ROUND_KEY: key},
            RESOURCE_LINK: {"id": link, "title": "In de cursus"},
        },
    }


def rounds(app: Flask) -> list[Round]:
    with app.app_context():
        return list(db.session.scalars(select(Round).order_by(Round.id)))


def test_a_new_round_goes_to_the_lms_as_a_link(app: Flask, moodle: Platform) -> None:
    teacher = visit(moodle, REQUEST)
    assert "Welk gesprek komt in de cursus?" in teacher.get().text
    page = teacher.post(
        "/deep-link/new",
        {
            **NEW,
            "due_on": "2026-12-01",
            "questions": ["gd-v01"],
            "own-new-1": "Wat vond je van de open dag?",
            "without_internship": "1",
            "reports_preparation": "1",
        },
    )
    assert html.unescape(page.text).count(f'action="{RETURN_URL}"') == 1
    assert "Verder naar je cursus" in page.text
    claims = answer_of(app, page.text)
    (made,) = rounds(app)
    assert claims[ITEMS] == [
        {
            "type": "ltiResourceLink",
            "title": "Loopbaangesprek (najaar 2026)",
            "url": "http://127.0.0.1:8000/lti/launch",
            "custom": {"lob_round": made.key},
            "lineItem": {
                "scoreMaximum": 1,
                "label": "Loopbaangesprek (najaar 2026)",
                "resourceId": made.key,
                "tag": "preparation",
            },
        }
    ]
    assert claims["exp"] - claims["iat"] == 300
    assert len(claims["nonce"]) >= 20
    assert DATA not in claims
    assert MESSAGE not in claims
    assert (made.form_questions, made.without_internship) == (["gd-v01"], True)
    with app.app_context():
        assert db.session.scalars(select(RoundQuestion.text)).all() == [
            "Wat vond je van de open dag?"
        ]


def test_the_answer_says_nothing_that_moodle_was_not_seen_to_take(
    app: Flask, moodle: Platform
) -> None:
    captured = json.loads((FOLDER / "answers" / "moodle-deep-linking-response.json").read_text())
    taken = captured["single"]["payload"]
    page = visit(moodle, REQUEST).post("/deep-link/new", {**NEW, "reports_preparation": "1"})
    claims = answer_of(app, page.text)
    assert claims.keys() <= taken.keys()
    assert taken.keys() - claims.keys() == {MESSAGE}
    for name in claims.keys() - {"iat", "exp", "nonce", ITEMS}:
        assert claims[name] == taken[name]
    (item,) = claims[ITEMS]
    assert item.keys() <= taken[ITEMS][0].keys()
    assert item["lineItem"].keys() <= taken[ITEMS][0]["lineItem"].keys()
    assert all(isinstance(value, str) for value in item["custom"].values())


def test_only_the_answer_may_be_posted_elsewhere(moodle: Platform) -> None:
    teacher = visit(moodle, REQUEST)
    before = teacher.get().headers["Content-Security-Policy"]
    assert "form-action 'self';" in before
    page = teacher.post("/deep-link/new", NEW)
    assert "form-action 'self' http://localhost:8080;" in page.headers["Content-Security-Policy"]
    after = teacher.get("/deep-link/").headers["Content-Security-Policy"]
    assert "form-action 'self';" in after


def test_an_existing_round_can_be_picked(app: Flask, moodle: Platform) -> None:
    visit(moodle, REQUEST).post("/deep-link/new", NEW)
    (made,) = rounds(app)
    teacher = visit(moodle, REQUEST)
    assert "Loopbaangesprek (najaar 2026)" in teacher.get().text
    page = teacher.post("/deep-link/", {"round": str(made.id)})
    (item,) = answer_of(app, page.text)[ITEMS]
    assert item["custom"] == {"lob_round": made.key}
    assert "lineItem" not in item
    assert len(rounds(app)) == 1


@pytest.mark.parametrize("picked", ["", "0", "999", "een", "-1", "9" * 30])
def test_what_cannot_be_picked_is_asked_again(moodle: Platform, picked: str) -> None:
    teacher = visit(moodle, REQUEST)
    teacher.post("/deep-link/new", NEW)
    page = teacher.post("/deep-link/", {"round": picked})
    assert page.status_code == 422
    assert "Kies een ronde, of maak een nieuwe." in page.text


def test_a_round_of_another_course_cannot_be_linked(app: Flask, moodle: Platform) -> None:
    with app.app_context():
        (registration_id,) = db.session.scalars(select(Registration.id)).all()
        course = Course(registration_id=registration_id, context_id="elders", title="Elders")
        db.session.add(course)
        db.session.flush()
        other = Round(course_id=course.id, title="Van een ander")
        db.session.add(other)
        db.session.commit()
        other_id = other.id
    teacher = visit(moodle, REQUEST)
    assert "Van een ander" not in teacher.get().text
    assert teacher.get(f"/deep-link/answer/{other_id}").status_code == 404


def test_a_round_that_has_a_column_gets_no_second_one(app: Flask, moodle: Platform) -> None:
    teacher = visit(moodle, REQUEST)
    teacher.post("/deep-link/new", {**NEW, "reports_preparation": "1"})
    with app.app_context():
        made = db.session.scalars(select(Round)).one()
        made.lineitem_url = "http://localhost:8080/lineitem"
        db.session.commit()
        number = made.id
    page = teacher.post("/deep-link/", {"round": str(number)})
    assert "lineItem" not in answer_of(app, page.text)[ITEMS][0]


def test_data_is_echoed_when_it_was_given(app: Flask, moodle: Platform) -> None:
    page = visit(moodle, REQUEST, data="csrf:7").post("/deep-link/new", NEW)
    assert answer_of(app, page.text)[DATA] == "csrf:7"


def test_going_back_without_a_choice_sends_nothing(app: Flask, moodle: Platform) -> None:
    page = visit(moodle, REQUEST, data="x").get("/deep-link/cancel")
    claims = answer_of(app, page.text)
    assert claims[ITEMS] == []
    assert claims[MESSAGE] == "Er is niets toegevoegd."
    assert claims[DATA] == "x"


def test_the_return_address_is_escaped(app: Flask, moodle: Platform) -> None:
    address = "https://lms.example/back?x=\"><script>alert('1')</script>&y=2"
    page = visit(moodle, REQUEST, deep_link_return_url=address).get("/deep-link/cancel")
    assert "<script>alert" not in page.text
    assert f'action="{address}"' in html.unescape(page.text)


def test_where_no_links_are_taken_none_is_made(moodle: Platform) -> None:
    teacher = visit(moodle, REQUEST, accept_types=["file", "html"])
    assert "Hier kan geen gesprek staan" in teacher.get().text
    assert teacher.post("/deep-link/new", NEW).status_code == 404
    assert "Je gaat terug naar je cursus" in teacher.get("/deep-link/cancel").text


def test_a_form_with_a_mistake_keeps_what_was_typed(app: Flask, moodle: Platform) -> None:
    page = visit(moodle, REQUEST).post(
        "/deep-link/new",
        {"title": "", "period": "najaar", "own-new-2": "Mijn vraag", "due_on": "morgen"},
    )
    assert page.status_code == 422
    for text in ("Geef de ronde een titel", "Vul een datum in", "najaar", "Mijn vraag", "morgen"):
        assert text in page.text
    assert rounds(app) == []


def test_a_double_click_makes_one_round(app: Flask, moodle: Platform) -> None:
    teacher = visit(moodle, REQUEST)
    found = re.search(r'name="key" value="([^"]+)"', teacher.get("/deep-link/new").text)
    assert found
    for _click in range(2):
        assert teacher.post("/deep-link/new", {**NEW, "key": found[1]}).status_code == 200
    assert [one.key for one in rounds(app)] == [found[1]]
    for odd in ("", "x", "../../../../etc/passwd!", "a" * 23):
        teacher.post("/deep-link/new", {**NEW, "key": odd})
    assert len({one.key for one in rounds(app)}) == 5


def test_without_a_request_there_is_nothing_to_answer(school: School) -> None:
    teacher = school.visit(school.teacher())
    round_id = school.round()
    for path in ("/deep-link/", "/deep-link/new", "/deep-link/cancel"):
        assert teacher.get(path).status_code == 404
    assert teacher.get(f"/deep-link/answer/{round_id}").status_code == 404
    assert teacher.post("/deep-link/new", NEW).status_code == 404
    assert school.visit(school.pupil()).get("/deep-link/").status_code == 403


def test_without_cookies_the_request_comes_along_to_the_new_tab(
    app: Flask, moodle: Platform
) -> None:
    page = moodle.launch(app.test_client(use_cookies=False), REQUEST, follow_redirects=True)
    if page.status_code == 400:  # the login's own cookie was dropped by the client, as in a frame
        pytest.fail(page.text)
    code = page.text.split('href="/lti/new-tab/')[1].split('"')[0]
    tab = app.test_client()
    page = tab.get(f"/lti/new-tab/{code}")
    token = page.text.split('name="csrf_token" value="')[1].split('"')[0]
    page = tab.post(f"/lti/new-tab/{code}", data={"csrf_token": token}, follow_redirects=True)
    assert "Welk gesprek komt in de cursus?" in page.text


def test_a_linked_activity_opens_its_round(app: Flask, moodle: Platform) -> None:
    visit(moodle, REQUEST).post("/deep-link/new", NEW)
    (made,) = rounds(app)
    teacher = visit(moodle, link_launch(made.key, "71"))
    assert "<h1>Loopbaangesprek (najaar 2026)" in teacher.get().text
    pupil = visit(moodle, link_launch(made.key, "72", "moodle-student"))
    assert "Wat is voor jou het doel van het gesprek?" in pupil.get().text
    (made,) = rounds(app)
    assert made.resource_link_id == "71"
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Conversation)) == 1


def test_a_key_nobody_knows_makes_a_round_of_its_own(app: Flask, moodle: Platform) -> None:
    for key in ("nobody-knows-this", "$lob_round", "x" * 3000, ""):
        visit(moodle, link_launch(key, f"link-{len(key)}"))
    assert len(rounds(app)) == 4
    visit(moodle, link_launch("nobody-knows-this", "link-17"))
    assert len(rounds(app)) == 4


def test_a_key_of_another_platform_is_nobody_s(app: Flask, moodle: Platform) -> None:
    canvas = platform_for(app, load("valid", "canvas-deep-linking-assignment-selection"))
    visit(moodle, REQUEST).post("/deep-link/new", NEW)
    (made,) = rounds(app)
    data = load("valid", "canvas-deep-linking-assignment-selection")
    data["set"] = {
        "https://purl.imsglobal.org/spec/lti/claim/message_type": "LtiResourceLinkRequest",
        RESOURCE_LINK: {"id": "a"},
        CUSTOM: {ROUND_KEY: made.key},
    }
    page = visit(canvas, data).get()
    assert "Nog geen leerlingen" in page.text
    assert "najaar 2026" not in page.text
    assert len(rounds(app)) == 2


def test_an_observer_s_request_makes_nobody_a_member(app: Flask, moodle: Platform) -> None:
    page = moodle.launch(app.test_client(), {**REQUEST, "set": {ROLES: ["Learner"]}})
    assert page.status_code == 200
    assert "Alleen docenten kiezen een gesprek" in page.text
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Course)) == 0
