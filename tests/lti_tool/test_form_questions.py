"""Questions of the teacher's own: asked, answered, changed, withdrawn, and read back."""

import pytest
from flask import Flask
from sqlalchemy import select

from lti_tool.models import Entry, RoundQuestion, db
from tests.support.talk import Talk

OPEN_DAY, HELP = "Wat vond je van de open dag?", "Wie kan jou helpen?"
GOAL, TOPIC = "prep.vb-v01", "prep.vb-v02"


@pytest.fixture
def asked(talk: Talk) -> Talk:
    set_up(talk, **{"own-new-1": OPEN_DAY, "own-new-3": HELP})
    return talk


def set_up(talk: Talk, **fields: str) -> None:
    page = talk.mentor.post(f"/rounds/{talk.round_id}/edit", {"title": "Najaar", **fields})
    assert page.status_code == 200


def rows(app: Flask) -> list[tuple[int, str, bool]]:
    """Id, text, and whether it was withdrawn."""
    with app.app_context():
        query = select(RoundQuestion).order_by(RoundQuestion.id)
        return [
            (one.id, one.text, one.withdrawn_at is not None) for one in db.session.scalars(query)
        ]


def ids(app: Flask) -> list[int]:
    return [number for number, _text, _withdrawn in rows(app)]


def answer(talk: Talk, answers: dict[int, str]) -> str:
    talk.do("preparation/goal", talk.noor, **{GOAL: "Weten wat ik wil"})
    talk.do("preparation/topic", talk.noor, **{TOPIC: "Mijn stage"})
    fields = {f"prep.own-{number}": text for number, text in answers.items()}
    return talk.noor.post(f"/conversations/{talk.id}/preparation/own", fields).text


def test_they_are_a_step_of_the_form(app: Flask, asked: Talk) -> None:
    _first, second = ids(app)
    page = asked.post("preparation/topic", asked.noor, **{TOPIC: "Mijn stage"}).text
    assert "<h1>Vragen van je mentor" in page
    assert OPEN_DAY in page
    assert HELP in page
    set_up(asked, **{f"own-{second}": ""})
    page = asked.get("preparation/own", asked.noor).text
    assert '<h1 class="lob-label-heading">' in page
    assert HELP not in page


def test_the_answer_is_read_everywhere(app: Flask, asked: Talk) -> None:
    first, second = ids(app)
    page = answer(asked, {first: "Druk, maar leuk", second: "Mijn tante"})
    for text in (OPEN_DAY, "Druk, maar leuk", HELP, "Mijn tante"):
        assert text in page
    assert "Druk" not in asked.get("prepare/").text
    asked.do("preparation/check", asked.noor)
    assert "Druk, maar leuk" in asked.get("preparation/sent", asked.noor).text
    assert "Druk, maar leuk" in asked.get("prepare/").text
    asked.start()
    for place in ("guide/voorbereiding", ""):
        page = asked.get(place).text
        assert OPEN_DAY in page
        assert "Druk, maar leuk" in page
    asked.close()
    assert "Druk, maar leuk" in asked.get("", asked.noor).text


def test_autosave_takes_answers_to_this_round_s_questions_only(app: Flask, asked: Talk) -> None:
    first, second = ids(app)
    saved = asked.post(f"entries/prep.own-{first}", asked.noor, **{f"prep.own-{first}": "Leuk"})
    assert saved.status_code == 200
    other = asked.next()
    for key in (
        f"own-{second + 999}",
        "own-0",
        "own-x",
        f"own-{first} ",
        "own-99999999999999999999999",
    ):
        path = f"entries/prep.{key}"
        assert asked.post(path, asked.noor, **{f"prep.{key}": "x"}).status_code == 404, key
    assert (
        other.post(
            f"entries/prep.own-{first}", other.noor, **{f"prep.own-{first}": "x"}
        ).status_code
        == 404
    )
    assert asked.post(f"entries/prep.own-{first}", **{f"prep.own-{first}": "x"}).status_code == 404
    with app.app_context():
        assert [one.text for one in db.session.scalars(select(Entry))] == ["Leuk"]


def test_wording_changes_in_place_until_somebody_answers(app: Flask, asked: Talk) -> None:
    first, second = ids(app)
    set_up(asked, **{f"own-{first}": "Hoe was de open dag?", f"own-{second}": HELP})
    assert rows(app) == [(first, "Hoe was de open dag?", False), (second, HELP, False)]
    answer(asked, {first: "Druk, maar leuk"})
    set_up(asked, **{f"own-{first}": "Welke open dag bezocht je?", f"own-{second}": HELP})
    assert rows(app) == [
        (first, "Hoe was de open dag?", True),
        (second, HELP, False),
        (ids(app)[2], "Welke open dag bezocht je?", False),
    ]
    page = asked.get("preparation/own", asked.noor).text
    for text in ("Hoe was de open dag?", "Druk, maar leuk", "Welke open dag bezocht je?"):
        assert text in page
    assert "Je mentor haalde deze vraag van het formulier" in page


def test_a_withdrawn_question_stays_with_its_answer_alone(app: Flask, asked: Talk) -> None:
    first, second = ids(app)
    sem = asked.school.pupil("Sem Yilmaz")
    answer(asked, {first: "Druk, maar leuk"})
    asked.do("preparation/check", asked.noor)
    set_up(asked, **{f"own-{first}": "", f"own-{second}": ""})
    assert [withdrawn for _id, _text, withdrawn in rows(app)] == [True, True]
    assert OPEN_DAY in asked.get("prepare/").text
    assert HELP not in asked.get("preparation/check", asked.noor).text
    edit = asked.mentor.get(f"/rounds/{asked.round_id}/edit").text
    assert OPEN_DAY not in edit
    again = asked.school.round()
    number = asked.school.conversation(sem, again)
    page = asked.school.visit(sem, again).get(f"/conversations/{number}/preparation/topic").text
    assert "Vragen van je mentor" not in page


def test_an_answer_on_its_way_when_the_question_goes_is_kept(app: Flask, asked: Talk) -> None:
    first, second = ids(app)
    set_up(asked, **{f"own-{first}": "", f"own-{second}": ""})
    page = answer(asked, {first: "Net getypt"})
    assert "Net getypt" in page
    with app.app_context():
        query = select(Entry.text).where(Entry.key == f"prep.own-{first}")
        assert db.session.scalars(query).all() == ["Net getypt"]


def test_a_form_without_the_fields_changes_nothing(app: Flask, asked: Talk) -> None:
    before = rows(app)
    set_up(asked)
    assert rows(app) == before


def test_a_question_that_is_too_long_is_refused_and_kept(app: Flask, talk: Talk) -> None:
    text = "Waarom? " * 100
    page = talk.mentor.post(f"/rounds/{talk.round_id}/edit", {"title": "Najaar", "own-new-2": text})
    assert page.status_code == 422
    assert "Maak de vraag korter dan 500 tekens." in page.text
    assert text.strip() in page.text
    assert rows(app) == []


def test_a_question_lies_encrypted(app: Flask, asked: Talk) -> None:
    with app.app_context():
        stored = db.session.connection().exec_driver_sql("SELECT text FROM round_question")
        assert all("open dag" not in one for (one,) in stored)
