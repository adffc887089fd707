"""Deep linking: what the LMS asks, what the teacher picks, and the answer that goes back."""

import html
import json
import re

import pytest
from flask import Flask
from sqlalchemy import func, select

from lti_tool.lti.claims import ROLES
from lti_tool.models import Course, Registration, Round, RoundQuestion, db
from tests.support.deep_linking import (
    DATA,
    ITEMS,
    MESSAGE,
    REQUEST,
    RETURN_URL,
    answer_of,
    visit,
)
from tests.support.launches import FOLDER, Platform, platform_for
from tests.support.school import School

NEW = {"title": "Loopbaangesprek", "period": "najaar 2026"}


@pytest.fixture
def moodle(app: Flask) -> Platform:
    return platform_for(app, REQUEST)


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
            "due_on": "2099-12-01",
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
    visit(moodle, REQUEST).do("/deep-link/new", NEW)
    (made,) = rounds(app)
    teacher = visit(moodle, REQUEST)
    assert "Loopbaangesprek (najaar 2026)" in teacher.get().text
    page = teacher.post("/deep-link/", {"round": str(made.id)})
    (item,) = answer_of(app, page.text)[ITEMS]
    assert item["custom"] == {"lob_round": made.key}
    assert "lineItem" not in item
    assert len(rounds(app)) == 1


def test_several_rounds_are_picked_at_once_where_the_lms_takes_them(
    app: Flask, moodle: Platform
) -> None:
    teacher = visit(moodle, REQUEST)
    for title in ("Najaar", "Voorjaar", "Zomer"):
        teacher.do("/deep-link/new", {"title": title})
    first, _second, third = rounds(app)
    page = teacher.get("/deep-link/").text
    assert page.count('type="checkbox"') == 3
    page = teacher.post("/deep-link/", {"round": [str(third.id), str(first.id)]}).text
    assert "<h1>De gesprekken gaan naar je cursus" in page
    assert [one["custom"]["lob_round"] for one in answer_of(app, page)[ITEMS]] == [
        first.key,
        third.key,
    ]
    odd = teacher.post("/deep-link/", {"round": [str(first.id), "999"]})
    assert odd.status_code == 422
    assert re.search(rf'value="{first.id}"\s+checked', odd.text)


def test_only_one_is_picked_where_the_lms_takes_one(app: Flask, moodle: Platform) -> None:
    teacher = visit(moodle, REQUEST, accept_multiple=False)
    for title in ("Najaar", "Voorjaar"):
        teacher.do("/deep-link/new", {"title": title})
    numbers = [str(one.id) for one in rounds(app)]
    assert teacher.get("/deep-link/").text.count('type="radio"') == 2
    page = teacher.post("/deep-link/", {"round": numbers})
    assert page.status_code == 422
    assert "Hier past één ronde" in page.text
    assert teacher.get("/deep-link/answer?round=" + "&round=".join(numbers)).status_code == 404
    for query in ("", "?round=", "?round=een"):
        assert teacher.get(f"/deep-link/answer{query}").status_code == 404


@pytest.mark.parametrize("picked", ["", "0", "999", "een", "-1", "9" * 30])
def test_what_cannot_be_picked_is_asked_again(moodle: Platform, picked: str) -> None:
    teacher = visit(moodle, REQUEST)
    teacher.do("/deep-link/new", NEW)
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
    assert teacher.get(f"/deep-link/answer?round={other_id}").status_code == 404


def test_a_round_that_has_a_column_gets_no_second_one(app: Flask, moodle: Platform) -> None:
    teacher = visit(moodle, REQUEST)
    teacher.do("/deep-link/new", {**NEW, "reports_preparation": "1"})
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
        teacher.do("/deep-link/new", {**NEW, "key": odd})
    assert len({one.key for one in rounds(app)}) == 5


def test_without_a_request_there_is_nothing_to_answer(school: School) -> None:
    teacher = school.visit(school.teacher())
    round_id = school.round()
    for path in ("/deep-link/", "/deep-link/new", "/deep-link/cancel"):
        assert teacher.get(path).status_code == 404
    assert teacher.get(f"/deep-link/answer?round={round_id}").status_code == 404
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


def test_a_pupil_s_request_makes_nobody_a_member(app: Flask, moodle: Platform) -> None:
    page = moodle.launch(app.test_client(), {**REQUEST, "set": {ROLES: ["Learner"]}})
    assert page.status_code == 200
    assert "Alleen docenten kiezen een gesprek" in page.text
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Course)) == 0
