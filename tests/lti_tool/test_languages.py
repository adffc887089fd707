"""The language of a page: by the launch's locale, and by the switch at its foot."""

from datetime import date, timedelta
from html import unescape
from pathlib import Path

import pytest
from flask import Flask

from lti_tool.languages import language_of
from lti_tool.lti import description
from lti_tool.models import (
    Course,
    Language,
    LaunchSession,
    Person,
    Registration,
    Round,
    SchoolWords,
    db,
    now,
)
from lti_tool.models.school import ConversationWord, PupilWord, TeacherWord, WorkplaceWord
from lti_tool.school_words import Words, in_words
from lti_tool.times import day
from tests.support.launches import load, platform_for
from tests.support.school import School, Visitor
from tests.support.statements import counted
from tests.support.talk import Talk

MARK = "Translation by Loopbaangesprek; the Dutch source is leading."
GOAL = "What is the goal of the conversation for you?"


def switch(visitor: Visitor, language: str, back: str = "") -> str:
    """Choose a language as the button does; the page that follows."""
    return visitor.post("/language", {"language": language, "back": back}).text


@pytest.mark.parametrize(
    ("locale", "language"),
    [
        ("en", Language.ENGLISH),
        ("en-US", Language.ENGLISH),
        ("EN_gb", Language.ENGLISH),
        ("nl", Language.DUTCH),
        ("nl-BE", Language.DUTCH),
        ("pt_br", Language.DUTCH),
        ("english", Language.DUTCH),
        ("", Language.DUTCH),
    ],
)
def test_a_platforms_locale(locale: str, language: Language) -> None:
    assert language_of(locale) is language


@pytest.mark.parametrize("name", ["moodle-student", "canvas-student", "moodle-teacher"])
def test_a_launch_in_english_opens_an_english_page(app: Flask, name: str) -> None:
    data = load("valid", name) | {"locale": "en"}
    client = app.test_client()
    answer = platform_for(app, data).launch(client, data)
    page = client.get(answer.location, follow_redirects=True)
    assert '<html lang="en">' in page.text
    assert page.headers["Content-Language"] == "en"
    assert MARK in page.text
    assert ">Nederlands</button>" in page.text


def test_a_launch_in_dutch_opens_a_dutch_page(app: Flask) -> None:
    data = load("valid", "moodle-student")
    client = app.test_client()
    answer = platform_for(app, data).launch(client, data)
    page = client.get(answer.location, follow_redirects=True)
    assert '<html lang="nl">' in page.text
    assert page.headers["Content-Language"] == "nl"
    assert ">English</button>" in page.text


def test_an_observer_is_told_in_the_language_of_the_launch(app: Flask) -> None:
    data = load("valid", "odd-canvas-observer") | {"locale": "en"}
    page = platform_for(app, data).launch(app.test_client(), data)
    assert "This conversation belongs to the pupil" in page.text


@pytest.mark.parametrize(
    ("accepted", "title"),
    [
        ({}, "Open dit vanuit je cursus"),
        ({"Accept-Language": "de-DE, fr;q=0.8"}, "Open dit vanuit je cursus"),
        ({"Accept-Language": "en-GB, nl;q=0.5"}, "Open this from your course"),
        ({"Accept-Language": "nl-NL, en;q=0.9"}, "Open dit vanuit je cursus"),
    ],
)
def test_before_a_visit_the_browser_says_the_language(
    app: Flask, accepted: dict[str, str], title: str
) -> None:
    assert title in app.test_client().post("/lti/launch", headers=accepted).text


def test_the_switch_leads_back_to_the_same_page(talk: Talk) -> None:
    path = f"/conversations/{talk.id}/prepare/"
    page = talk.mentor.get(path)
    assert f'name="back" value="{talk.mentor.root}{path}"' in page.text.replace("\n", "")
    fields = {
        "csrf_token": talk.mentor.csrf_token(),
        "language": "en",
        "back": f"{talk.mentor.root}{path}?from=x",
    }
    answer = talk.mentor.client.post(f"{talk.mentor.root}/language", data=fields)
    assert answer.status_code == 303
    assert answer.location == f"{talk.mentor.root}{path}?from=x"
    assert "Prepare: Noor" in talk.mentor.get(path).text


@pytest.mark.parametrize(
    "back",
    ["", "https://evil.example/", "//evil.example/", "/s/other/work", "/s/../x", "{root}/nowhere"],
)
def test_the_switch_leads_nowhere_else(talk: Talk, back: str) -> None:
    root = talk.noor.root
    fields = {
        "csrf_token": talk.noor.csrf_token(),
        "language": "en",
        "back": back.format(root=root),
    }
    answer = talk.noor.client.post(f"{root}/language", data=fields)
    assert answer.location == f"{root}/"


def test_a_page_that_only_answers_a_form_leads_to_the_first_page(talk: Talk) -> None:
    talk.start()
    page = talk.post("guide/goals", goal="")
    assert page.status_code == 422
    back = f"{talk.mentor.root}/conversations/{talk.id}/guide/goals"
    assert back in page.text
    assert '<html lang="en">' in switch(talk.mentor, "en", back)


def test_another_word_changes_nothing(talk: Talk) -> None:
    assert '<html lang="nl">' in switch(talk.noor, "fr")


def test_the_choice_stays_with_the_person_and_only_with_them(talk: Talk) -> None:
    assert GOAL in switch(
        talk.noor, "en", f"{talk.noor.root}/conversations/{talk.id}/preparation/goal"
    )
    again = talk.school.visit(talk.pupil_id, talk.round_id)
    assert '<html lang="en">' in again.get().text
    assert '<html lang="nl">' in talk.mentor.get().text
    switch(again, "nl")
    assert '<html lang="nl">' in talk.noor.get().text


def test_the_end_of_a_session_is_told_in_its_language(talk: Talk) -> None:
    switch(talk.noor, "en")
    with talk.school.app.app_context():
        db.session.execute(db.update(LaunchSession).values(seen_at=now() - timedelta(days=1)))
        db.session.commit()
    assert "Your session has ended" in talk.noor.get().text
    assert "Je sessie is afgelopen" in talk.mentor.get().text


def test_an_administrator_chooses_for_this_visit(app: Flask, school: School) -> None:
    keeper = school.administrator()
    assert "Self-check" in switch(keeper, "en", f"{keeper.root}/administration/")
    assert "Self-check" in keeper.get("/administration/").text
    with app.app_context():
        assert db.session.scalars(db.select(LaunchSession.language)).all() == [Language.ENGLISH]
        assert db.session.scalars(db.select(Person)).all() == []


def test_the_switch_and_its_language_cost_no_statement(talk: Talk) -> None:
    path = f"/conversations/{talk.id}/"
    talk.mentor.get(path)
    with counted(talk.school.app) as dutch:
        talk.mentor.get(path)
    switch(talk.mentor, "en")
    with counted(talk.school.app) as english:
        talk.mentor.get(path)
    assert len(english) == len(dutch)


def test_both_languages_share_what_is_written(talk: Talk) -> None:
    talk.start()
    talk.do("guide/kwaliteiten/outcomes", kind="named", outcome="Ik kan goed luisteren")
    talk.agree(what="Een middag meelopen")
    switch(talk.mentor, "en")
    page = talk.get("guide/kwaliteiten").text
    assert "Reflection on qualities" in page
    assert "Ik kan goed luisteren" in page
    switch(talk.mentor, "nl")
    page = talk.get("guide/kwaliteiten").text
    assert "Reflectie op kwaliteiten" in page
    assert "Ik kan goed luisteren" in page


def test_the_questions_are_marked_as_our_translation_in_english_only(talk: Talk) -> None:
    assert MARK not in talk.get("guide/doel").text
    switch(talk.mentor, "en")
    assert MARK in talk.get("guide/doel").text


def test_dates_and_plurals(app: Flask) -> None:
    with app.test_request_context(headers={"Accept-Language": "en"}):
        assert day(date(2027, 3, 3)) == "3 March 2027"
    with app.test_request_context():
        assert day(date(2027, 3, 3)) == "3 maart 2027"
    assert day(date(2027, 3, 3)) == "3 maart 2027"


def test_what_is_kept_for_everybody_or_sent_to_the_platform_is_dutch(app: Flask) -> None:
    data = load("valid", "moodle-teacher") | {"locale": "en"}
    client = app.test_client()
    link = "https://purl.imsglobal.org/spec/lti/claim/resource_link"
    data["set"] = {link: {"id": "7"}}
    platform_for(app, data).launch(client, data)
    with app.app_context():
        assert db.session.scalars(db.select(Round.title)).all() == ["Loopbaangesprek"]
        assert db.session.scalars(db.select(Course.title)).one()
    with app.test_request_context(headers={"Accept-Language": "en"}):
        assert description.description().startswith("Leerlingen bereiden")


def test_the_schools_words_in_english(app: Flask, school: School) -> None:
    with app.app_context():
        db.session.add(
            SchoolWords(
                registration_id=db.session.scalars(db.select(Registration.id)).one(),
                pupil=PupilWord.STUDENT,
                teacher=TeacherWord.SLBER,
                workplace=WorkplaceWord.STAGEBEGELEIDER,
                conversation=ConversationWord.ONTWIKKELGESPREK,
            )
        )
        db.session.commit()
    teacher = school.visit(school.teacher())
    switch(teacher, "en")
    page = unescape(teacher.get("/rounds/new").text)
    assert "Students fill in before" in page
    assert "upil" not in page
    words = Words("student", "slb'er", "stagebegeleider", "ontwikkelgesprek")
    said = in_words("A workplace supervisor, a mentor and two career conversations", words, "en")
    assert said == "A placement supervisor, a career coach and two development conversations"


def test_the_administrator_chooses_dutch_words_and_reads_what_they_mean(school: School) -> None:
    keeper = school.administrator()
    page = switch(keeper, "en", f"{keeper.root}/school-words/")
    assert "leerling (pupil)" in page
    assert "leerling (pupil)" not in switch(keeper, "nl", f"{keeper.root}/school-words/")


def test_no_page_names_a_language_by_itself() -> None:
    templates = Path(__file__).parents[2] / "templates"
    own = [*templates.glob("demo_lms/*.html")]
    for file in templates.rglob("*.html"):
        if file not in own:
            assert '<html lang="nl"' not in file.read_text("utf-8"), file
