"""A copied course: the teacher is offered its set-up, nothing happens by itself, nobody leaks."""

import pytest
from flask import Flask
from sqlalchemy import select

from lti_tool.lti.claims import CUSTOM, HISTORY, ROLES, ROUND_KEY
from lti_tool.models import (
    Conversation,
    CopyDecision,
    Course,
    Enrolment,
    Entry,
    OfferedTime,
    Person,
    Round,
    db,
)
from tests.support.activities import MIRIAM, NOOR, PIET, SEM, arrive, opening, rounds_in
from tests.support.launches import Platform, load, platform_for
from tests.support.school import Visitor

SET_UP = {
    "title": "Loopbaangesprek",
    "period": "najaar 2026",
    "questions": ["gd-v01", "er-v01"],
    "own-new-1": "Wat vond je van de open dag?",
    "without_internship": "1",
    "reports_preparation": "1",
    "due_on": "2099-12-01",
}


@pytest.fixture
def moodle(app: Flask) -> Platform:
    """A platform with course 2: a round with a set-up, and what Noor wrote in it."""
    platform = platform_for(app, load("valid", "moodle-teacher"))
    arrive(platform, opening(MIRIAM)).do("/rounds/new", SET_UP)
    noor = arrive(platform, opening(NOOR, link="7", key=key_of(app)))
    path = f"/conversations/{only_conversation(app)}/preparation/goal"
    noor.do(path, {"prep.vb-v01": "Iets wat van Noor is"})
    return platform


def only_conversation(app: Flask) -> int:
    with app.app_context():
        return db.session.scalars(select(Conversation.id)).one()


def key_of(app: Flask, course: str = "2") -> str:
    return rounds_in(app, course)[0].key


def conversations(app: Flask, course: str) -> list[tuple[str, str]]:
    """Pupil and round of every conversation of a course."""
    with app.app_context():
        rows = db.session.execute(
            select(Person.sub, Round.title)
            .join(Enrolment, Enrolment.person_id == Person.id)
            .join(Conversation, Conversation.pupil_id == Enrolment.id)
            .join(Round, Round.id == Conversation.round_id)
            .join(Course, Course.id == Round.course_id)
            .where(Course.context_id == course)
        )
        return list(rows.tuples())


def take(teacher: Visitor, app: Flask, *, period: str = "najaar 2027", course: str = "2") -> str:
    fields = {"action": "take"}
    for one in rounds_in(app, course):
        fields |= {
            f"take-{one.id}": "1",
            f"title-{one.id}": one.title,
            f"period-{one.id}": period,
        }
    return teacher.post("/take-over/", fields).text


def test_the_capture_of_a_restored_course_is_recognised(app: Flask, moodle: Platform) -> None:
    data = load("valid", "moodle-restored-course")
    custom = {**data["claims"][CUSTOM], ROUND_KEY: key_of(app), HISTORY: "2"}
    as_teacher = {**data, "set": {ROLES: ["Instructor"], CUSTOM: custom, "sub": PIET}}
    page = arrive(moodle, as_teacher).get()
    assert "<h1>Je cursus is een kopie" in page.text
    assert "Cursus 2" in page.text


def test_a_teacher_takes_the_set_up_over(app: Flask, moodle: Platform) -> None:
    teacher = arrive(moodle, opening(PIET, course="3", link="8", key=key_of(app)))
    page = teacher.get().text
    for text in (
        "Wat vond je van de open dag?",
        "Wat is voor jou nu belangrijk om in dit gesprek aan bod te laten komen?",
        "Zonder vragen over stage",
        "staat wie de voorbereiding verstuurde",
        'value="najaar 2026"',
    ):
        assert text in page
    for name in ("Noor", "Miriam", "Iets wat van Noor is"):
        assert name not in page
    assert rounds_in(app, "3") == []
    page = take(teacher, app)
    assert "<h1>Loopbaangesprek (najaar 2027)" in page
    (old,), (new,) = rounds_in(app, "2"), rounds_in(app, "3")
    assert (new.copied_from_key, new.resource_link_id) == (old.key, "8")
    assert new.key != old.key
    assert new.form_questions == ["gd-v01", "er-v01"]
    assert [one.text for one in new.questions] == ["Wat vond je van de open dag?"]
    assert (new.without_internship, new.reports_preparation, new.due_on) == (True, True, None)
    assert conversations(app, "3") == []


def test_the_copied_link_opens_the_new_round_for_everybody(app: Flask, moodle: Platform) -> None:
    key = key_of(app)
    take(arrive(moodle, opening(PIET, course="3", link="8", key=key)), app)
    noor = arrive(moodle, opening(NOOR, course="3", link="8", key=key))
    page = noor.get().text
    assert "Wat is voor jou het doel van het gesprek?" in page
    assert "Iets wat van Noor is" not in page
    arrive(moodle, opening(SEM, course="3", link="9", key=key))
    assert len(rounds_in(app, "3")) == 1
    assert sorted(conversations(app, "3")) == [(NOOR, "Loopbaangesprek"), (SEM, "Loopbaangesprek")]
    assert conversations(app, "2") == [(NOOR, "Loopbaangesprek")]


def test_a_pupil_who_comes_first_waits_and_then_finds_it(app: Flask, moodle: Platform) -> None:
    key = key_of(app)
    sem = arrive(moodle, opening(SEM, course="3", link="8", key=key))
    assert "<h1>Je docent zet het gesprek klaar" in sem.get().text
    assert rounds_in(app, "3") == []
    assert sem.get("/take-over/").status_code == 403
    take(arrive(moodle, opening(PIET, course="3", link="8", key=key)), app)
    assert "Wat is voor jou het doel van het gesprek?" in sem.get().text


def test_no_means_no(app: Flask, moodle: Platform) -> None:
    key = key_of(app)
    teacher = arrive(moodle, opening(PIET, course="3", link="8", key=key, title="In de kopie"))
    page = teacher.post("/take-over/", {"action": "fresh"})
    assert "<h1>Ronde instellen" in page.text
    (new,) = rounds_in(app, "3")
    assert (new.title, new.form_questions, new.questions) == ("In de kopie", [], [])
    page = arrive(moodle, opening(PIET, course="3", link="8", key=key)).get()
    assert "<h1>In de kopie" in page.text
    arrive(moodle, opening(MIRIAM, course="3", link="9", key=key))
    assert len(rounds_in(app, "3")) == 1
    page = arrive(moodle, opening(MIRIAM, course="3", history="2")).get()
    assert "<h1>In de kopie" in page.text
    with app.app_context():
        course = db.session.scalars(select(Course).where(Course.context_id == "3")).one()
        assert course.copy_decision is CopyDecision.DECLINED


def test_a_copy_is_known_by_its_history_too(app: Flask, moodle: Platform) -> None:
    for launch in (
        opening(PIET, course="3", history="17,2"),
        opening(PIET, course="3", link="8", history="17,2"),
    ):
        assert "<h1>Je cursus is een kopie" in arrive(moodle, launch).get().text
        assert rounds_in(app, "3") == []
    page = take(arrive(moodle, opening(PIET, course="3", link="8", history="17,2")), app)
    assert "<h1>Loopbaangesprek (najaar 2027)" in page
    assert rounds_in(app, "3")[0].resource_link_id == "8"
    other = opening(PIET, course="3", link="10", history="17,2", title="Iets anders")
    assert "<h1>Rondes" in arrive(moodle, other).get().text
    assert [one.title for one in rounds_in(app, "3")] == ["Loopbaangesprek", "Iets anders"]


def test_no_by_history_is_remembered(app: Flask, moodle: Platform) -> None:
    teacher = arrive(moodle, opening(PIET, course="3", history="2"))
    assert "<h1>Nieuwe ronde" in teacher.post("/take-over/", {"action": "fresh"}).text
    teacher = arrive(moodle, opening(PIET, course="3", history="2"))
    assert "Maak een ronde" in teacher.get().text


def test_a_copy_of_a_copy_takes_after_the_nearest(app: Flask, moodle: Platform) -> None:
    key = key_of(app)
    take(arrive(moodle, opening(PIET, course="3", link="8", key=key, history="2")), app)
    page = arrive(moodle, opening(PIET, course="4", link="9", key=key, history="3,2")).get().text
    assert "Cursus 3" in page
    assert 'value="najaar 2027"' in page
    page = arrive(moodle, opening(PIET, course="5", link="9", key=key)).get().text
    assert "Cursus 2" in page
    teacher = arrive(moodle, opening(PIET, course="4", link="9", key=key, history="3,2"))
    assert "(najaar 2028)" in take(teacher, app, period="najaar 2028", course="3")
    second = arrive(moodle, opening(NOOR, course="4", link="10", key=key, history="3,2"))
    assert "het doel van het gesprek?" in second.get().text
    assert len(rounds_in(app, "4")) == 1


def test_a_part_can_be_taken_over_and_the_rest_later(app: Flask, moodle: Platform) -> None:
    arrive(moodle, opening(MIRIAM)).do("/rounds/new", {**SET_UP, "title": "Tweede gesprek"})
    first, second = rounds_in(app, "2")
    teacher = arrive(moodle, opening(PIET, course="3", link="8", key=first.key))
    page = teacher.post(
        "/take-over/",
        {"action": "take", f"take-{first.id}": "1", f"title-{first.id}": "Alleen de eerste"},
    )
    assert "<h1>Alleen de eerste" in page.text
    rest = arrive(moodle, opening(PIET, course="3", link="9", key=second.key)).get().text
    assert "Tweede gesprek" in rest
    assert f"take-{first.id}" not in rest


def test_what_is_missing_is_asked_and_kept(app: Flask, moodle: Platform) -> None:
    (old,) = rounds_in(app, "2")
    teacher = arrive(moodle, opening(PIET, course="3", link="8", key=old.key))
    page = teacher.post("/take-over/", {"action": "take", f"period-{old.id}": "Getypt"})
    assert page.status_code == 422
    assert "Kies minstens één ronde" in page.text
    assert "Getypt" in page.text
    for title in (" ", "x" * 201):
        fields = {"action": "take", f"take-{old.id}": "1", f"title-{old.id}": title}
        assert teacher.post("/take-over/", fields).status_code == 422
    fields = {"action": "take", f"take-{old.id}": "1", f"title-{old.id}": "T"}
    page = teacher.post("/take-over/", {**fields, f"period-{old.id}": "x" * 61})
    assert page.status_code == 422
    assert rounds_in(app, "3") == []


def test_a_second_click_takes_nothing_twice(app: Flask, moodle: Platform) -> None:
    teacher = arrive(moodle, opening(PIET, course="3", link="8", key=key_of(app)))
    for _click in range(2):
        assert "Loopbaangesprek (najaar 2027)" in take(teacher, app)
    teacher.do("/take-over/", {"action": "fresh"})
    assert len(rounds_in(app, "3")) == 1


def test_a_course_that_is_no_copy_is_offered_nothing(app: Flask, moodle: Platform) -> None:
    page = arrive(moodle, opening(PIET, course="3", history="99")).get()
    assert "Maak een ronde" in page.text
    page = arrive(moodle, opening(PIET, course="3")).get("/take-over/")
    assert "Maak een ronde" in page.text


def test_times_that_were_offered_are_not_copied(app: Flask, moodle: Platform) -> None:
    (old,) = rounds_in(app, "2")
    fields = {"date": "2099-01-12", "from": "09:00", "till": "10:00", "minutes": "30", "pause": "0"}
    path = f"/rounds/{old.id}/times/new"
    miriam = arrive(moodle, opening(MIRIAM, course="2"))
    assert miriam.post(path, {**fields, "action": "add"}).status_code == 200
    take(arrive(moodle, opening(PIET, course="3", link="8", key=key_of(app))), app)
    (old,), (new,) = rounds_in(app, "2"), rounds_in(app, "3")
    assert (old.offers_times, new.offers_times) == (True, False)
    with app.app_context():
        assert set(db.session.scalars(select(OfferedTime.round_id))) == {old.id}


def test_no_record_of_a_pupil_is_copied(app: Flask, moodle: Platform) -> None:
    with app.app_context():
        before = db.session.scalars(select(Entry.id)).all()
    take(arrive(moodle, opening(PIET, course="3", link="8", key=key_of(app))), app)
    with app.app_context():
        assert db.session.scalars(select(Entry.id)).all() == before
    stranger = arrive(moodle, opening(PIET, course="3", link="8", key=key_of(app)))
    assert stranger.get(f"/conversations/{only_conversation(app)}/").status_code == 404
    (old,) = rounds_in(app, "2")
    assert stranger.get(f"/rounds/{old.id}").status_code == 404
