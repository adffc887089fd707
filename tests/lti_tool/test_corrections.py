"""A teacher puts right what stands wrong in a closed conversation; the old words stay."""

import pytest
from flask import Flask

from lti_tool.erasure import erase_people
from lti_tool.fields import LONGEST_TEXT
from lti_tool.models import (
    Agreement,
    Correction,
    Enrolment,
    Entry,
    Goal,
    Outcome,
    Role,
    Visibility,
    db,
)
from tests.support.school import School
from tests.support.statements import counted
from tests.support.talk import Talk
from tests.support.years import first_year, next_year

CONCLUSION = "conclusion.kwaliteiten"
OLD, NEW = "Ik ben geduldig met kinderen", "Ik ben geduldig met ouderen"


@pytest.fixture
def closed(talk: Talk) -> Talk:
    talk.start()
    talk.post(f"entries/{CONCLUSION}", **{CONCLUSION: OLD})
    talk.do("guide/goals", goal="Weten of zorg past", owner="pupil")
    talk.close()
    return talk


def correct(talk: Talk, part: str, text: str, seen: int = 0) -> None:
    """Put one part right."""
    assert talk.post(f"corrections/{part}", correction=text, seen=seen).status_code == 200


def test_both_read_what_stood_there_who_changed_it_and_when(closed: Talk) -> None:
    assert "Na het gesprek verbeterd" not in closed.get("").text
    assert f"/conversations/{closed.id}/corrections/" in closed.get("").text
    page = closed.get("corrections/")
    assert OLD in page.text
    assert f"corrections/{CONCLUSION}" in page.text
    assert OLD in closed.get(f"corrections/{CONCLUSION}").text
    correct(closed, CONCLUSION, NEW)
    (row,) = closed.rows(Correction)
    for who in (closed.mentor, closed.noor):
        page = closed.get("", who)
        assert "Na het gesprek verbeterd" in page.text
        assert page.text.count(NEW) == 2
        assert page.text.count(OLD) == 1
        assert "Miriam de Wit" in page.text.partition('id="corrections"')[2]
    assert row.written_by_id == closed.teacher_id
    assert "Iets verbeteren" not in closed.get("", closed.noor).text


def test_every_change_stays(closed: Talk) -> None:
    (goal,) = closed.rows(Goal)
    part = f"goal-{goal.id}"
    correct(closed, part, "Weten of zorg bij mij past")
    correct(closed, part, "Weten of de zorg past", 1)
    correct(closed, part, "Weten of de zorg past", 2)  # nothing new
    page = closed.get("", closed.noor).text
    assert page.count("Weten of zorg bij mij past") == 2
    assert [one.before for one in closed.rows(Correction)] == [
        "Weten of zorg past",
        "Weten of zorg bij mij past",
    ]
    (goal,) = closed.rows(Goal)
    assert goal.text == "Weten of de zorg past"


def test_an_agreement_and_what_comes_next_can_be_put_right(talk: Talk) -> None:
    talk.start()
    talk.do(
        "agreements/new",
        party="pupil",
        what="Bellen met de bakker",
        due_on="2027-01-15",
        kind="action",
    )
    talk.post("entries/next.topic", **{"next.topic": "De stage bij de bakker"})
    talk.close()
    (agreement,) = talk.rows(Agreement)
    correct(talk, f"agreement-{agreement.id}", "Bellen met de slager")
    correct(talk, "next.topic", "De stage bij de slager")
    (agreement,) = talk.rows(Agreement)
    assert agreement.what == "Bellen met de slager"
    page = talk.get("", talk.noor).text
    for now_there, before in (
        ("Bellen met de slager", "Bellen met de bakker"),
        ("De stage bij de slager", "De stage bij de bakker"),
    ):
        assert page.count(now_there) == 2
        assert page.count(before) == 1


def test_what_a_third_party_agreed_stays_with_them(talk: Talk) -> None:
    """It is not offered; and what was put right before it became theirs is not told to others."""
    talk.start()
    talk.agree(what="Het rooster regelen")
    talk.close()
    (agreement,) = talk.rows(Agreement)
    part = f"agreement-{agreement.id}"
    correct(talk, part, "Het rooster van mei regelen")
    with talk.school.app.app_context():
        db.session.get_one(Agreement, agreement.id).visibility = Visibility.PARTY
        db.session.commit()
    assert talk.post(f"corrections/{part}", correction="Anders", seen=1).status_code == 404
    for page in (talk.get("", talk.noor), talk.get("report", talk.noor)):
        assert "Het rooster" not in page.text


def test_other_words_are_not_said_by_the_pupil(talk: Talk) -> None:
    talk.start()
    talk.do("guide/kwaliteiten/outcomes", kind="named", outcome="Ik blijf rustig", confirmed="1")
    talk.close()
    (outcome,) = talk.rows(Outcome)
    correct(talk, f"outcome-{outcome.id}", "Noor blijft rustig")
    (outcome,) = talk.rows(Outcome)
    assert (outcome.text, outcome.confirmed_at) == ("Noor blijft rustig", None)


def test_nobody_else_and_nothing_else_can_be_put_right(closed: Talk) -> None:
    school = closed.school
    elsewhere = school.enrol("Karim El Idrissi", Role.TEACHER, school.course("Elders"))
    for who, status in (
        (closed.noor, 403),
        (school.administrator(), 403),
        (school.visit(elsewhere), 404),
    ):
        for path in ("corrections/", f"corrections/{CONCLUSION}"):
            assert closed.get(path, who).status_code == status
        refused = closed.post(f"corrections/{CONCLUSION}", who, correction=NEW, seen=0)
        assert refused.status_code == status
    for part in ("goal-999", "goal-x", "private.reflectie", "my-view.text", "evaluation.af-v01"):
        assert closed.post(f"corrections/{part}", correction=NEW, seen=0).status_code == 404
    assert closed.rows(Correction) == []


def test_not_while_it_goes_on(talk: Talk) -> None:
    talk.start()
    assert "corrections/" not in talk.get("").text
    assert talk.get("corrections/").status_code == 409
    assert talk.post(f"corrections/{CONCLUSION}", correction=NEW).status_code == 409


@pytest.mark.parametrize(
    ("text", "seen", "error"),
    [
        (" ", "0", "Schrijf op wat er moet staan."),
        ("x" * (LONGEST_TEXT + 1), "0", "Je tekst is te lang"),
        (NEW, "1", "Dit is intussen al verbeterd."),
        (NEW, "²", "Dit is intussen al verbeterd."),
    ],
)
def test_what_cannot_be_kept_comes_back_as_typed(
    closed: Talk, text: str, seen: str, error: str
) -> None:
    page = closed.post(f"corrections/{CONCLUSION}", correction=text, seen=seen)
    assert page.status_code == 422
    assert error in page.text
    assert text in page.text
    assert OLD in page.text
    assert closed.rows(Correction) == []


def test_they_are_read_where_the_conversation_is_passed_on(school: School, talk: Talk) -> None:
    years = next_year(school, first_year(talk))
    (goal,) = years.first.rows(Goal)
    correct(years.first, f"goal-{goal.id}", "Weten of de zorg past")
    years.pass_on(years.first)
    for who in (years.piet, years.noor):
        page = who.get(f"/conversations/{years.first.id}/").text
        assert "Na het gesprek verbeterd" in page
        assert "Weten of zorg past" in page
        assert "Iets verbeteren" not in page
    path = f"/conversations/{years.first.id}/corrections/goal-{goal.id}"
    assert years.piet.post(path, {"correction": "Nee", "seen": 1}).status_code == 404


def test_the_page_asks_the_same_however_often_it_was_put_right(app: Flask, closed: Talk) -> None:
    correct(closed, CONCLUSION, NEW)
    closed.get("")
    with counted(app) as few:
        closed.get("")
    for number in range(1, 4):
        correct(closed, CONCLUSION, f"Versie {number}", number)
    with counted(app) as many:
        closed.get("")
    assert len(many) == len(few)


def test_it_goes_with_the_pupil(app: Flask, closed: Talk) -> None:
    correct(closed, CONCLUSION, NEW)
    with app.app_context():
        erase_people([db.session.get_one(Enrolment, closed.pupil_id).person_id])
        db.session.commit()
    assert closed.rows(Correction) == []
    assert closed.rows(Entry) == []
