"""`person export` and `person erase` on the command line."""

import json
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select

from lti_tool.models import Conversation, Enrolment, Person, Role, db
from lti_tool.person_commands import person
from tests.support.papers import read
from tests.support.school import School
from tests.support.talk import Talk


@pytest.fixture
def held(talk: Talk) -> Talk:
    """Held, with a note of the mentor's own; and a next one of which the form is begun."""
    talk.start()
    talk.do("guide/werk", **{"private.werk": "Alleen voor mij"})
    talk.do("guide/werk", **{"conclusion.werk": "Liever in een klein team"})
    talk.close()
    talk.get("")
    following = talk.next()
    following.do("preparation/goal", following.noor, **{"prep.vb-v01": "Nog niet verstuurd"})
    return talk


def run(app: Flask, *arguments: str, typed: str = "") -> Result:
    return app.test_cli_runner().invoke(person, list(arguments), input=typed)


def test_a_pupils_dossier_is_written_as_pdf_and_json(
    app: Flask, held: Talk, tmp_path: Path
) -> None:
    ran = run(app, "export", "noor bakker", "--to", str(tmp_path))
    assert ran.exit_code == 0, ran.output
    files = {one.suffix: one for one in tmp_path.iterdir()}
    assert sorted(ran.output.split()) == sorted(map(str, files.values()))
    assert {one.stat().st_mode & 0o777 for one in files.values()} == {0o600}
    data = json.loads(files[".json"].read_text("utf-8"))
    following, first = data["conversations"]
    assert (first["state"], following["state"]) == ("closed", "planned")
    assert first["shared_texts"]["conclusion.werk"] == "Liever in een klein team"
    assert following["own_texts"] == {"prep.vb-v01": "Nog niet verstuurd"}
    assert following["held_at"] is None
    assert ("Miriam de Wit", "viewed") in {
        (line["who"], line["act"]) for line in data["access_log"]
    }
    assert "Liever in een klein team" in " ".join(read(files[".pdf"].read_bytes()).split())
    assert "Alleen voor mij" not in files[".json"].read_text("utf-8")


def test_what_is_going_on_and_what_the_mentor_shared_is_in_it(
    app: Flask, talk: Talk, tmp_path: Path
) -> None:
    prep = {"prep.vb-v01": "Horen hoe het gaat", "private.lookup": "Alleen voor mij"}
    talk.do("prepare/", action="ready", **prep)
    talk.start()
    talk.agree()
    assert run(app, "export", "Noor Bakker", "--to", str(tmp_path)).exit_code == 0
    (file,) = tmp_path.glob("*.json")
    (one,) = json.loads(file.read_text("utf-8"))["conversations"]
    assert one["state"] == "started"
    assert one["mentor_texts"] == {"prep.vb-v01": ["Horen hoe het gaat"]}
    assert [agreed["what"] for agreed in one["agreements"]] == ["Een middag meelopen"]
    assert "Alleen voor mij" not in file.read_text("utf-8")


def test_it_is_what_the_pupil_takes_along(app: Flask, held: Talk, tmp_path: Path) -> None:
    own = json.loads(held.noor.get("/mine/dossier.json").data)
    run(app, "export", "Noor Bakker", "--to", str(tmp_path))
    (file,) = tmp_path.glob("*.json")
    data = json.loads(file.read_text("utf-8"))
    own.pop("made_at"), data.pop("made_at")
    assert data["access_log"][-1]["act"] == "exported"  # by the pupil, just now
    assert data | {"access_log": own["access_log"]} == own


def test_a_pupil_is_erased_once_it_is_confirmed(app: Flask, held: Talk) -> None:
    asked = run(app, "erase", "Noor Bakker", typed="n\n")
    assert asked.exit_code == 1
    assert "Noor Bakker (Mentorklas 3B; https://" in asked.output, asked.output
    assert "2 conversations" in asked.output
    assert held.school.people() == ["Miriam de Wit", "Noor Bakker"]
    ran = run(app, "erase", "Noor Bakker", typed="y\n")
    assert ran.exit_code == 0, ran.output
    assert held.school.people() == ["Miriam de Wit"]
    with app.app_context():
        assert db.session.scalars(select(Conversation)).all() == []
    assert held.noor.get("/mine").status_code == 401
    assert held.mentor.get().status_code == 200


def test_by_the_lms_number(app: Flask, held: Talk) -> None:
    with app.app_context():
        sub = db.session.get_one(Person, held.school.person_of(held.pupil_id)).sub
    assert run(app, "erase", sub, "--yes").exit_code == 0
    assert held.school.people() == ["Miriam de Wit"]


def test_of_several_with_that_name_one_is_chosen(app: Flask, school: School, held: Talk) -> None:
    other = school.enrol("Noor Bakker", Role.PUPIL, school.course("Mentorklas 4A"))
    ran = run(app, "erase", "Noor Bakker", "--yes")
    assert ran.exit_code == 1
    assert f"--id {school.person_of(other)}  Noor Bakker (Mentorklas 4A" in ran.output
    assert len(school.people()) == 3
    assert run(app, "erase", "--id", str(school.person_of(other)), "--yes").exit_code == 0
    assert len(school.people()) == 2


def test_capitals_and_accents_do_not_matter(app: Flask, school: School) -> None:
    school.pupil("Élise Öztürk")
    assert run(app, "erase", "élise öztürk", "--yes").exit_code == 0
    assert school.people() == []


@pytest.mark.parametrize("role", [Role.TEACHER, Role.PUPIL])
def test_who_stands_in_the_records_of_others_is_not_erased(
    app: Flask, held: Talk, role: Role
) -> None:
    with app.app_context():
        db.session.get_one(Enrolment, held.teacher_id).role = role
        db.session.commit()
    ran = run(app, "erase", "Miriam de Wit", "--yes")
    assert ran.exit_code == 1
    assert "stands in conversations of others" in ran.output
    assert "Liever in een klein team" in held.get("", held.noor).text


@pytest.mark.parametrize("command", ["export", "erase"])
@pytest.mark.parametrize(
    ("who", "said"),
    [
        (["Niemand Nergens"], "nobody of that name or number"),
        (["--id", "999999"], "nobody of that name or number"),
        ([], "say who"),
        ([" "], "say who"),
        (["Miriam de Wit"], "Miriam de Wit (Mentorklas 3B; "),
        (["Noor Bakker", "--id", "1"], "or else --id"),
        (["--id", "99999999999999999999"], "is not in the range"),
    ],
)
def test_who_cannot_be_meant(
    app: Flask, held: Talk, command: str, who: list[str], said: str
) -> None:
    ran = run(app, command, *who)
    assert ran.exit_code != 0
    assert said in ran.output
    assert len(held.school.people()) == 2
