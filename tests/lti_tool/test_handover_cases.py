"""Two courses at once, two mentors in one, a substitute, and another class halfway (V9)."""

import pytest
from flask import Flask
from sqlalchemy import select

from lti_tool.models import Agreement, Conversation, Role, db
from tests.support.klas import Class, member
from tests.support.school import School
from tests.support.talk import Talk, hold_talk
from tests.support.years import NOT_SHARED, NextYear, first_year, next_year


@pytest.fixture
def years(school: School, talk: Talk) -> NextYear:
    """Noor has conversations with Miriam, and is in Piet's course too."""
    return next_year(school, first_year(talk))


def hold(talk: Talk, what: str) -> None:
    """Hold a conversation with one agreement of the pupil's."""
    talk.start()
    talk.agree(what=what)
    talk.close()


@pytest.mark.row("V9")
def test_a_pupil_in_two_courses_at_once(years: NextYear) -> None:
    """Each mentor sees the own course only; what was passed on is told apart by its course."""
    hold(years.talk, "Bij de buren vragen")
    later, there = years.first.next(), hold_next(years)
    pages = {
        "Miriam": later.get("prepare/").text + later.get("", later.mentor).text,
        "Piet": there.get("prepare/").text,
    }
    assert "Een middag meelopen" in pages["Miriam"]
    assert "Bij de buren vragen" not in pages["Miriam"]
    assert "Bij de buren vragen" in pages["Piet"]
    assert "Een middag meelopen" not in pages["Piet"]
    assert "Afgesproken in" not in pages["Piet"]

    years.pass_on(years.first)
    page = there.get("prepare/").text
    for what, course in (
        ("Een middag meelopen", "Mentorklas 3B"),
        ("Bij de buren vragen", "Mentorklas 4A"),
    ):
        card = page.split(what)[1].split("</article>")[0]
        assert course in card
    assert "Bij de buren vragen" not in later.get("prepare/").text
    mine = years.noor.get("/mine").text
    for what, course in (
        ("Een middag meelopen", "Mentorklas 3B"),
        ("Bij de buren vragen", "Mentorklas 4A"),
    ):
        assert course in mine.split(what)[1].split("</article>")[0]


def hold_next(years: NextYear) -> Talk:
    """The next round of the new course."""
    talk = years.talk
    return hold_talk(talk.school, talk.teacher_id, talk.pupil_id, years.course_id)


@pytest.mark.row("V9")
def test_two_mentors_in_one_course(school: School, talk: Talk) -> None:
    """Both read what is shared; each has own notes; the guide goes on with either."""
    other = school.visit(school.teacher("Otto Tweede"), talk.round_id)
    talk.start()
    talk.do("guide/werk", **{"conclusion.werk": "Liever in een klein team"})
    talk.do("guide/werk", **{"private.werk": NOT_SHARED["private note"]})
    page = talk.get("guide/werk", other).text
    assert "Liever in een klein team" in page
    assert NOT_SHARED["private note"] not in page
    talk.do("guide/werk", other, **{"private.werk": "Ottos eigen briefje"})
    talk.do("agreements/new", other, party="pupil", kind="action", what="Een middag meelopen")
    page = talk.get("guide/werk").text
    assert NOT_SHARED["private note"] in page
    assert "Ottos eigen briefje" not in page
    closed = talk.post("closing/", other, action="close", **{"reason-teacher": "Niet nodig"}).text
    assert "Het gesprek is afgesloten" in closed
    assert "met Miriam de Wit" in closed
    assert "Een middag meelopen" in talk.get("").text


@pytest.mark.row("V9")
def test_a_substitute_for_a_week(school: School, talk: Talk) -> None:
    """Access ends with the week; what was written stays, and the mentor goes on and closes."""
    substitute = school.teacher("Ina Valt")
    ina = school.visit(substitute, talk.round_id)
    assert talk.post("guide/start", ina).status_code == 200
    talk.do("guide/goals", ina, goal="Weten of zorg past", owner="pupil")
    talk.do("guide/werk", ina, **{"private.werk": NOT_SHARED["private note"]})
    school.leave(substitute)
    for path in ("", "guide/werk", "prepare/"):
        assert talk.get(path, ina).status_code == 401, path
    page = talk.get("guide/doel").text
    assert "Weten of zorg past" in page
    assert NOT_SHARED["private note"] not in talk.get("guide/werk").text
    talk.agree()
    talk.do("closing/", action="close", **{"reason-teacher": "Niet nodig"})
    closed = talk.get("").text
    assert "Het gesprek is afgesloten" in closed
    assert "met Miriam de Wit" in closed


@pytest.mark.row("V9")
def test_a_conversation_a_substitute_held_keeps_their_name(school: School, talk: Talk) -> None:
    substitute = school.teacher("Ina Valt")
    ina = school.visit(substitute, talk.round_id)
    talk.do("guide/start", ina)
    reasons = {"reason-pupil": "Nog geen idee", "reason-teacher": "Niet nodig"}
    talk.do("closing/", ina, action="close", **reasons)
    school.leave(substitute)
    assert "met Ina Valt" in talk.get("").text


@pytest.mark.row("V9", "V2", "V8")
def test_a_pupil_who_changes_class_halfway(school: School, talk: Talk) -> None:
    """The old mentor loses access at once; what was going on is not lost for the new one."""
    talk.start()
    talk.do("guide/motieven/outcomes", kind="doubt", outcome="Of ik druk werk wil")
    talk.agree()
    years = next_year(school, talk)
    assert "1 open" not in years.piet.get(f"/rounds/{years.talk.round_id}").text
    school.leave(talk.pupil_id)
    assert talk.get("guide/doel").status_code == 404
    assert talk.mentor.get(f"/pupils/{talk.pupil_id}").status_code == 404
    assert "Noor" not in talk.mentor.get(f"/rounds/{talk.round_id}").text
    assert talk.get("", talk.noor).status_code == 401

    assert "niet afgerond" in years.noor.get("/passing-on/").text
    years.pass_on(talk)
    page = years.piet.get(f"/conversations/{talk.id}/").text
    assert "Dit gesprek is niet afgerond" in page
    assert "data-live" not in page
    page = years.talk.get("prepare/").text
    assert "Een middag meelopen" in page
    assert "Of ik druk werk wil" in page
    assert "Een middag meelopen" in years.talk.get("preparation/", years.noor).text
    (agreement,) = talk.rows(Agreement)
    assert agreement.settled is None


@pytest.mark.row("V9", "V8")
def test_the_roster_of_the_new_class_loses_nothing(app: Flask, klas: Class) -> None:
    """On the new list: the same person, with a conversation there, and the old one to pass on."""
    school = klas.school
    course_id = school.course("Klas 3C")
    miriam = school.enrol("Miriam de Wit", Role.TEACHER, course_id)
    sam = klas.launched(school.enrol("Sam Student", Role.PUPIL, course_id), "4")
    old = hold_talk(school, miriam, sam, course_id)
    hold(old, "Een middag meelopen")
    school.leave(sam)
    teacher = member("3", "Instructor")
    klas.read(teacher, member("4"))
    with app.app_context():
        moved = db.session.scalars(
            select(Conversation).where(Conversation.round_id == klas.round_id)
        ).one()
        conversation, pupil = moved.id, moved.pupil_id
    there = school.visit(pupil, klas.round_id)
    there.do("/passing-on/", {"shown": old.id, "pass": old.id})
    page = f"/conversations/{conversation}/prepare/"
    assert "Een middag meelopen" in klas.mentor.get(page).text
    klas.read(teacher, member("4"))
    assert "Een middag meelopen" in klas.mentor.get(page).text
    klas.read(teacher)
    assert klas.mentor.get(f"/conversations/{old.id}/").status_code == 404


@pytest.mark.row("V9")
def test_who_leaves_the_new_course_takes_everything_along(school: School, years: NextYear) -> None:
    years.pass_on(years.first)
    old = f"/conversations/{years.first.id}/"
    assert years.piet.get(old).status_code == 200
    school.leave(years.talk.pupil_id)
    assert years.piet.get(old).status_code == 404
    assert years.first.get("").status_code == 200


def test_a_teacher_of_both_courses_has_no_private_notes_travelling(
    school: School, years: NextYear
) -> None:
    years.pass_on(years.first)
    miriam = school.visit(school.also(years.first.teacher_id, years.course_id))
    for path in (f"/conversations/{years.first.id}/", f"/conversations/{years.talk.id}/prepare/"):
        assert NOT_SHARED["private note"] not in miriam.get(path).text
