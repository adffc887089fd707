"""The course page: every pupil with a status and one next thing to do; rounds and their forms."""

import re
from datetime import date, datetime, timedelta

import pytest
from flask import Flask

from lti_tool.models import Conversation, Enrolment, Person, Round, db, now
from lti_tool.names import by_family_name
from lti_tool.times import day, today
from tests.support.school import School
from tests.support.statements import counted
from tests.support.talk import Talk


def row(page: str, name: str) -> str:
    """The part of the course page about one pupil."""
    found = re.search(rf"<tr[^>]*>(?:(?!</tr>).)*{name}.*?</tr>", page, re.S)
    assert found, page
    return " ".join(found[0].split())


def status(talk: Talk) -> str:
    return row(talk.mentor.get(f"/rounds/{talk.round_id}").text, "Noor")


@pytest.mark.parametrize(
    ("family", "given", "place"),
    [
        ("Boer", "Anne", ("boer", "anne")),
        ("de Boer", "Jasmijn", ("boer", "jasmijn")),
        ("van der Velde", "Daan", ("velde", "daan")),
        ("'t Hart", "Émile", ("hart", "emile")),
        ("de", "X", ("de", "x")),
        ("", "Noor", ("", "noor")),
    ],
)
def test_a_class_is_listed_as_dutch_names_are(
    family: str, given: str, place: tuple[str, str]
) -> None:
    person = Person(registration_id=1, sub="1", name="", given_name=given, family_name=family)
    assert by_family_name(person) == place


def test_each_status_in_turn(talk: Talk) -> None:
    assert "Niet geopend" in status(talk)
    talk.noor.get()
    assert "Begonnen" in status(talk)
    talk.do("preparation/goal", talk.noor, **{"prep.vb-v01": "Weten wat ik wil"})
    assert "Begonnen" in status(talk)
    talk.do("preparation/topic", talk.noor, **{"prep.vb-v02": "Mijn stage"})
    talk.do("preparation/check", talk.noor)
    assert "Verstuurd" in status(talk)
    assert "Voorbereiden" in status(talk)
    talk.do("prepare/", action="share", **{"prep.vb-v01": "Luisteren"})
    assert "Jij bent klaar" in status(talk)
    assert "Gesprek openen" in status(talk)
    talk.start()
    assert "Verdergaan" in status(talk)
    talk.agree("pupil")
    talk.agree("teacher")
    talk.do("closing/", action="close")
    assert "Gehouden" in status(talk)
    assert "Gesprek bekijken" in status(talk)
    assert "2" in re.sub(r'href="[^"]*"|id="[^"]*"', "", status(talk))


@pytest.mark.parametrize(("action", "said"), [("absent", "Afwezig"), ("postpone", "Uitgesteld")])
def test_a_day_to_come_after_an_absence_is_called_a_new_one(
    app: Flask, talk: Talk, action: str, said: str
) -> None:
    with app.test_request_context():
        past, coming = today(), today() + timedelta(days=18)
        past_day, coming_day = day(past), day(coming)
    talk.do("prepare/put-off", action=action, planned_for=coming)
    assert said in status(talk)
    assert f">nieuwe datum {coming_day}<" in status(talk)
    talk.do("prepare/put-off", action=action, planned_for=past)
    assert f">{past_day}<" in status(talk)
    talk.do("prepare/put-off", action="plan", planned_for=coming)
    assert f">{coming_day}<" in status(talk)


def test_sections_are_shown_where_a_class_has_more_than_one(app: Flask, talk: Talk) -> None:
    youssef = talk.school.pupil("Youssef Amrani")
    both = talk.school.round("Voorjaar")

    def noor() -> str:
        return row(talk.mentor.get(f"/rounds/{both}").text, "Noor")

    def put(enrolment_id: int, *sections: str) -> None:
        with app.app_context():
            enrolment = db.session.get(Enrolment, enrolment_id)
            assert enrolment is not None
            enrolment.sections = list(sections)
            db.session.commit()

    for enrolment_id in (talk.pupil_id, youssef):
        put(enrolment_id, "3B mavo", "41")
    assert "3B mavo" not in noor()
    put(youssef, "3C mavo", "42")
    assert ">3B mavo</span>" in noor()


def test_the_one_click_leads_to_the_next_thing(talk: Talk) -> None:
    for expected in ("Voorbereiden: Noor Bakker", "Doel en uitkomst", "Gesprek met Noor Bakker"):
        address = re.findall(r'<a[^>]*href="([^"]*)"', status(talk))[-1]
        assert f"<h1>{expected}" in talk.mentor.get(address).text
        if expected.startswith("Voorbereiden"):
            talk.start()
        else:
            talk.close() if "Doel" in expected else None


def test_a_leaver_disappears_with_all_that_was_said(app: Flask, talk: Talk) -> None:
    talk.start()
    talk.close()

    def leave(moment: datetime | None) -> None:
        with app.app_context():
            db.session.get_one(Enrolment, talk.pupil_id).ended_at = moment
            db.session.commit()

    leave(now())
    assert "Noor Bakker" not in talk.mentor.get(f"/rounds/{talk.round_id}").text
    assert talk.get("").status_code == 404
    leave(None)
    assert "Noor Bakker" in talk.mentor.get(f"/rounds/{talk.round_id}").text
    assert talk.get("").status_code == 200


def test_a_teacher_without_a_round_is_helped_to_make_one(school: School) -> None:
    mentor = school.visit(school.teacher())
    school.pupil()
    page = mentor.get()
    assert "Maak een ronde" in page.text
    page = mentor.post("/rounds/new", {"title": " "})
    assert page.status_code == 422
    assert "Geef de ronde een titel" in page.text
    page = mentor.post("/rounds/new", {"title": "Najaar", "due_on": "2099-01-31"})
    assert "Noor Bakker" in page.text


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"title": "x" * 201}, "Maak de titel korter"),
        ({"title": "Najaar", "due_on": "31-31-31"}, "Vul een datum in"),
        ({"title": "Najaar", "due_on": "2020-01-01"}, "Deze datum is al voorbij."),
        ({"title": "Najaar", "period": "x" * 61}, "Maak de periode korter"),
    ],
)
def test_a_round_that_cannot_be_saved_keeps_what_was_typed(
    talk: Talk, fields: dict[str, str], message: str
) -> None:
    page = talk.mentor.post(f"/rounds/{talk.round_id}/edit", fields)
    assert page.status_code == 422
    assert message in page.text
    assert all(value in page.text for value in fields.values())
    with talk.school.app.app_context():
        assert db.session.get_one(Round, talk.round_id).title == "Loopbaangesprek najaar"


def test_a_date_that_passed_since_is_no_error_and_another_past_one_is(talk: Talk) -> None:
    with talk.school.app.app_context():
        db.session.get_one(Round, talk.round_id).due_on = date(2020, 1, 1)
        db.session.commit()
    edit, fields = f"/rounds/{talk.round_id}/edit", {"title": "Anders", "due_on": "2020-01-01"}
    talk.mentor.do(edit, fields)
    assert talk.mentor.post(edit, fields | {"due_on": "2020-01-02"}).status_code == 422
    with talk.school.app.app_context():
        stands = db.session.get_one(Round, talk.round_id)
        assert (stands.title, stands.due_on) == ("Anders", date(2020, 1, 1))
        talk.mentor.do(edit, fields | {"due_on": today().isoformat()})


def test_only_questions_that_exist_and_fit_join_the_form(talk: Talk) -> None:
    talk.mentor.do(
        f"/rounds/{talk.round_id}/edit",
        {"title": "Najaar", "questions": ["er-v01", "ls-v12", "nothing"], "due_on": "2099-01-31"},
    )
    with talk.school.app.app_context():
        assert db.session.get_one(Round, talk.round_id).form_questions == ["er-v01"]
    page = talk.get("preparation/goal", talk.noor)
    assert "31 januari 2099" in page.text


def test_a_round_is_set_up_whole(talk: Talk) -> None:
    fields = {"title": "Gesprek", "period": "najaar 2026", "without_internship": "1"}
    page = talk.mentor.post(f"/rounds/{talk.round_id}/edit", fields)
    assert "<h1>Gesprek (najaar 2026)" in page.text
    with talk.school.app.app_context():
        round_ = db.session.get_one(Round, talk.round_id)
        assert (round_.period, round_.without_internship) == ("najaar 2026", True)
    page = talk.mentor.get(f"/rounds/{talk.round_id}/edit")
    assert 'value="najaar 2026"' in page.text
    assert page.text.count(" checked") == 1


def test_sensitive_questions_are_not_offered_for_the_form(talk: Talk) -> None:
    page = talk.mentor.get("/rounds/new").text
    assert "er-v01" in page
    assert "er-v02" not in page
    assert " checked" not in page


def test_the_number_of_statements_does_not_grow_with_the_class(app: Flask, school: School) -> None:
    teacher = school.teacher()
    for number in range(3):
        school.pupil(f"Leerling{number} Achternaam{number}")
    round_id = school.round()
    mentor = school.visit(teacher, round_id)
    mentor.get(f"/rounds/{round_id}")
    with counted(app) as few:
        mentor.get(f"/rounds/{round_id}")
    for number in range(27):
        school.pupil(f"Nog{number} Iemand{number}")
    with app.app_context():
        for pupil in db.session.query(Enrolment.id).where(Enrolment.role == "pupil"):
            if pupil.id not in {one.pupil_id for one in db.session.query(Conversation)}:
                db.session.add(
                    Conversation(pupil_id=pupil.id, round_id=round_id, instrument_version="1")
                )
        db.session.commit()
    with counted(app) as many:
        page = mentor.get(f"/rounds/{round_id}")
    assert page.text.count("<tr") == 31
    assert len(many) == len(few) <= 5
