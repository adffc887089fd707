"""`retention run`: who left long ago goes with everything, notes after their school year."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import Enum, func, select, update
from structlog.testing import capture_logs

from lti_tool.models import (
    Agreement,
    Conversation,
    Course,
    Enrolment,
    Entry,
    NextStep,
    OfferedTime,
    Role,
    Visibility,
    db,
    now,
    start_of_school_year,
    this_school_year,
)
from lti_tool.models.base import EncryptedText
from lti_tool.retention import retention
from tests.support.school import School
from tests.support.talk import Talk, hold_talk

YEAR = timedelta(days=365.25)


@pytest.fixture
def held(talk: Talk) -> Talk:
    """Held, with a private note, a step of the mentor's own, and an agreement."""
    talk.start()
    talk.do("guide/werk", **{"private.werk": "Alleen voor mij"})
    talk.do("guide/werk", **{"conclusion.werk": "Liever in een klein team"})
    talk.agree()
    talk.close()
    talk.do("reflection/", action="add-step", step="Langer wachten")
    return talk


def run(app: Flask, *options: str) -> Result:
    ran = app.test_cli_runner().invoke(retention, ["run", *options])
    assert ran.exit_code == 0, ran.output
    return ran


def left(school: School, enrolment_id: int, years: float) -> None:
    """They left the course that long ago."""
    with school.app.app_context():
        db.session.get_one(Enrolment, enrolment_id).ended_at = now() - years * YEAR
        db.session.commit()


def last_opened(app: Flask, years: float) -> None:
    """Nobody opened any course since, and nobody said that anybody left."""
    then = now() - years * YEAR
    with app.app_context():
        db.session.execute(update(Enrolment).values(seen_at=then, first_seen_at=then))
        db.session.commit()


def private_rows(talk: Talk) -> list[Entry | NextStep]:
    notes = [one for one in talk.rows(Entry) if one.visibility == Visibility.TEACHER_PUPIL]
    return [*notes, *talk.rows(NextStep)]


def a_school_year_passes(app: Flask) -> None:
    """All notes are of the last day of the school year before this one."""
    with app.app_context():
        then = start_of_school_year(this_school_year()) - timedelta(days=1)
        db.session.execute(update(Entry).values(written_at=then))
        db.session.execute(update(NextStep).values(created_at=then))
        db.session.commit()


def test_who_left_two_years_ago_goes_with_everything(app: Flask, held: Talk) -> None:
    held.school.pupil("Sem Yilmaz")
    left(held.school, held.pupil_id, 2.1)
    with capture_logs() as lines:
        ran = run(app)
    assert "1 people erased" in ran.output
    assert "1 conversations" in ran.output
    assert held.school.people() == ["Miriam de Wit", "Sem Yilmaz"]
    for kind in (Conversation, Entry, Agreement, NextStep):
        with app.app_context():
            assert db.session.scalar(select(func.count()).select_from(kind)) == 0, kind
    (line,) = [one for one in lines if one["event"] == "retention"]
    assert (line["verdict"], line["people"], line["conversations"]) == ("done", 1, 1)
    assert "Noor" not in str(lines)


def test_a_dry_run_says_the_same_and_keeps_it(app: Flask, held: Talk) -> None:
    left(held.school, held.pupil_id, 2.1)
    a_school_year_passes(app)
    dry = run(app, "--dry-run").output
    assert held.school.people() == ["Miriam de Wit", "Noor Bakker"]
    assert len(private_rows(held)) == 2
    assert dry.replace("would be erased", "erased") == run(app).output
    assert "0 people erased" in run(app).output


@pytest.mark.parametrize("years", [0.0, 1.9])
def test_who_left_since_stays(app: Flask, held: Talk, years: float) -> None:
    left(held.school, held.pupil_id, years)
    run(app)
    assert "Noor Bakker" in held.school.people()
    assert held.rows(Agreement)


def test_who_is_in_another_course_still_stays(app: Flask, school: School, held: Talk) -> None:
    left(school, held.pupil_id, 3)
    school.also(held.pupil_id, school.course("Mentorklas 4A"))
    run(app)
    assert "Noor Bakker" in school.people()
    assert held.rows(Agreement)


@pytest.mark.parametrize(("years", "kept"), [(1.9, True), (2.1, False)])
def test_a_course_nobody_opens_any_more_counts_as_left(
    app: Flask, held: Talk, years: float, kept: bool
) -> None:
    last_opened(app, years)
    run(app)
    assert held.school.people() == (["Miriam de Wit", "Noor Bakker"] if kept else [])


def test_a_teacher_stays_while_a_record_names_them(app: Flask, school: School, held: Talk) -> None:
    """Noor is here still; what she agreed with Miriam, who left, says so."""
    left(school, held.teacher_id, 3)
    run(app)
    assert "Miriam de Wit" in school.people()
    left(school, held.pupil_id, 3)
    assert "2 people erased" in run(app).output
    assert school.people() == []


@pytest.mark.parametrize("row", ["taught", "was a teacher once"])
def test_who_is_named_with_others_takes_nothing_along(
    app: Flask, school: School, held: Talk, row: str
) -> None:
    """A teacher, also one who launched as a pupil since: what they wrote with Noor is hers."""
    if row == "was a teacher once":
        with app.app_context():
            db.session.get_one(Enrolment, held.teacher_id).role = Role.PUPIL
            db.session.commit()
    left(school, held.teacher_id, 3)
    assert "0 people erased" in run(app).output
    assert "Liever in een klein team" in held.get("", held.noor).text


def test_a_teacher_with_a_time_nobody_took_goes_too(app: Flask, school: School, held: Talk) -> None:
    with app.app_context():
        db.session.add(
            OfferedTime(
                round_id=held.round_id,
                teacher_id=held.teacher_id,
                starts_at=now(),
                minutes=30,
            )
        )
        db.session.commit()
    for one in (held.teacher_id, held.pupil_id):
        left(school, one, 3)
    assert "2 people erased" in run(app).output
    assert school.people() == []


def test_a_course_without_a_class_list_ages_each_pupil(app: Flask, held: Talk) -> None:
    """Used again by the next class: who did not open it for two years is gone."""
    school = held.school
    last_opened(app, 2.1)
    school.pupil("Sem Yilmaz")
    run(app)
    assert held.school.people() == ["Sem Yilmaz"]


def test_a_class_list_keeps_who_is_on_it(app: Flask, held: Talk) -> None:
    last_opened(app, 2.1)
    held.school.pupil("Sem Yilmaz")
    with app.app_context():
        db.session.execute(update(Course).values(roster_read_at=now()))
        db.session.commit()
    run(app)
    assert held.school.people() == ["Miriam de Wit", "Noor Bakker", "Sem Yilmaz"]


def test_private_notes_go_after_their_school_year_and_nothing_else(app: Flask, held: Talk) -> None:
    assert "0 private notes" in run(app).output
    assert len(private_rows(held)) == 2
    a_school_year_passes(app)
    assert "2 private notes" in run(app).output
    assert private_rows(held) == []
    assert "Liever in een klein team" in held.get("").text
    assert held.rows(Agreement)


def test_every_table_with_private_words_is_cleared(app: Flask) -> None:
    """But for the words of a question that was asked: the instrument's, not about a pupil."""
    levels = {
        table.name: table.c.visibility.type
        for table in db.metadata.sorted_tables
        if {"visibility", "conversation_id"} <= {*table.c.keys()}
        and any(isinstance(column.type, EncryptedText) for column in table.c)
    }
    private = {
        name
        for name, level in levels.items()
        if isinstance(level, Enum) and Visibility.TEACHER_PUPIL in level.enums
    }
    assert private - {"question_mark"} == {Entry.__tablename__, NextStep.__tablename__}


@pytest.fixture
def shorter(app: Flask) -> Iterator[None]:
    """A school that keeps things a year, and notes two school years."""
    usual = app.config["LOB"]
    changed = {"retention_years": 1, "retention_note_years": 2}
    app.config["LOB"] = usual.model_copy(update=changed)
    yield
    app.config["LOB"] = usual


@pytest.mark.usefixtures("shorter")
def test_a_school_may_choose_otherwise(app: Flask, school: School, held: Talk) -> None:
    noor_left = hold_talk(school, school.teacher("Piet Post"), school.pupil("Sem Yilmaz"))
    left(school, noor_left.pupil_id, 1.1)
    a_school_year_passes(app)
    ran = run(app).output
    assert "1 people erased" in ran
    assert "0 private notes" in ran
    assert "Sem Yilmaz" not in school.people()
