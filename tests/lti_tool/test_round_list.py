"""Several rounds at once: where each launch leads, for teacher and pupil."""

import re

from flask import Flask

from lti_tool.models import Conversation, Enrolment, Person, Role, State, db, now
from tests.support.activities import MIRIAM, NOOR, arrive, opening, rounds_in
from tests.support.launches import load, platform_for
from tests.support.school import School
from tests.support.statements import counted


def test_where_a_teacher_arrives(app: Flask) -> None:
    moodle = platform_for(app, load("valid", "moodle-teacher"))
    page = arrive(moodle, opening(MIRIAM)).get().text
    assert "<h1>Rondes" in page
    assert "Maak een ronde" in page
    plain = opening(MIRIAM, link="7", title="Eerste gesprek")
    assert "<h1>Eerste gesprek" in arrive(moodle, plain).get().text
    assert "<h1>Eerste gesprek" in arrive(moodle, opening(MIRIAM)).get().text
    teacher = arrive(moodle, plain)
    teacher.do("/rounds/new", {"title": "Tweede gesprek", "period": "voorjaar 2027"})
    for launch in (plain, opening(MIRIAM)):
        page = arrive(moodle, launch).get().text
        assert "<h1>Rondes" in page
        titles = re.findall(r'rounds/\d+">([^<]+)</a>', page)
        assert titles == ["Tweede gesprek (voorjaar 2027)", "Eerste gesprek"]
        assert ("Deze activiteit" in page) is (launch is plain)
    second = rounds_in(app, "2")[1]
    linked = opening(MIRIAM, link="8", key=second.key)
    assert "<h1>Tweede gesprek (voorjaar 2027)" in arrive(moodle, linked).get().text


def test_where_a_pupil_arrives(app: Flask) -> None:
    moodle = platform_for(app, load("valid", "moodle-teacher"))
    assert "Nog geen gesprekken" in arrive(moodle, opening(NOOR)).get().text
    teacher = arrive(moodle, opening(MIRIAM))
    teacher.do("/rounds/new", {"title": "Eerste gesprek"})
    assert "het doel van het gesprek?" in arrive(moodle, opening(NOOR)).get().text
    teacher.do("/rounds/new", {"title": "Tweede gesprek"})
    page = arrive(moodle, opening(NOOR)).get().text
    assert "<h1>Mijn gesprekken" in page
    assert page.index("Tweede gesprek") < page.index("Eerste gesprek")
    plain = arrive(moodle, opening(NOOR, link="7", title="Derde gesprek"))
    assert "het doel van het gesprek?" in plain.get().text
    assert [one.title for one in rounds_in(app, "2")][-1] == "Derde gesprek"


def test_the_counts(school: School) -> None:
    teacher, noor = school.teacher(), school.pupil()
    school.pupil("Sem Yilmaz")
    round_id = school.round()
    number = school.conversation(noor, round_id)
    pupil, mentor = school.visit(noor, round_id), school.visit(teacher, round_id)
    form = f"/conversations/{number}/preparation"
    pupil.do(f"{form}/goal", {"prep.vb-v01": "Doel"})
    pupil.do(f"{form}/topic", {"prep.vb-v02": "Onderwerp"})
    assert "0 van 2 voorbereid · 0 gehouden" in mentor.get("/rounds/").text
    pupil.do(f"{form}/check")
    assert "1 van 2 voorbereid · 0 gehouden" in mentor.get("/rounds/").text


def test_the_counts_are_those_of_the_page(app: Flask, school: School) -> None:
    noor, became_teacher, held_before = map(school.pupil, ("Noor Bakker", "Sem", "Lot"))
    test_user = school.person_of(school.pupil("Test"))
    round_id = school.round()
    held = school.conversation(held_before, round_id)
    with app.app_context():
        closed = db.session.get_one(Conversation, held)
        closed.state, closed.closed_at = State.CLOSED, now()
        for one in (became_teacher, held_before):
            db.session.get_one(Enrolment, one).role = Role.TEACHER
        db.session.get_one(Person, test_user).test_user = True
        db.session.commit()
    mentor = school.visit(school.teacher())
    assert "0 van 2 voorbereid · 1 gehouden" in mentor.get("/rounds/").text
    page = mentor.get(f"/rounds/{round_id}").text
    assert "Voorbereiding verstuurd: 0 van 2. Gesprek gehouden: 1 van 2." in page
    school.leave(noor)
    assert "0 van 1 voorbereid · 1 gehouden" in mentor.get("/rounds/").text


def test_the_statements_do_not_grow_with_the_rounds(app: Flask, school: School) -> None:
    mentor = school.visit(school.teacher())
    school.pupil()
    school.round()
    mentor.get("/rounds/")
    with counted(app) as few:
        mentor.get("/rounds/")
    for _round in range(12):
        school.round()
    with counted(app) as many:
        mentor.get("/rounds/")
    assert len(many) == len(few) <= 3


def test_the_list_is_in_the_menu(school: School) -> None:
    school.pupil()
    round_id = school.round()
    page = school.visit(school.teacher(), round_id).get().text
    assert re.search(r'href="[^"]*/rounds/">Rondes</a>', page)
    assert "Alle rondes" in page
