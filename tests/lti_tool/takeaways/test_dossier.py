"""The whole dossier, for the pupil alone: to print, as PDF, as data."""

import json

import pytest
from flask import Flask

from lti_tool.models import AccessLog, Act
from tests.lti_tool.takeaways.conftest import DRAFT, NEVER, SHARED
from tests.support.papers import read
from tests.support.school import School
from tests.support.statements import counted
from tests.support.talk import Talk

WAYS = ["/mine/dossier", "/mine/dossier.pdf", "/mine/dossier.json"]


def test_it_holds_every_conversation(held: Talk) -> None:
    assert "/mine/dossier" in held.noor.get("/mine").text
    held.do("sheet", held.noor, **{"sheet.goals": "Mijn eigen woorden"})
    later = held.next()
    later.start()
    later.do("guide/werk", **{"conclusion.werk": "Toch graag een groot bedrijf"})
    later.close()
    page = held.noor.get("/mine/dossier").text
    paper = " ".join(read(held.noor.get("/mine/dossier.pdf").data).split())
    for text in (*SHARED, "Toch graag een groot bedrijf", "Mijn eigen woorden"):
        assert text in page
        assert text in paper


def test_as_data_it_holds_own_drafts_and_who_looked(held: Talk) -> None:
    held.get("")
    held.noor.get("/mine/dossier.json")
    answer = held.noor.get("/mine/dossier.json")
    assert answer.mimetype == "application/json"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    data = json.loads(answer.data)
    (one,) = data["conversations"]
    assert one["shared_texts"]["conclusion.werk"] == "Liever in een klein team"
    assert one["own_texts"]["conclusion.motieven"] == DRAFT
    assert [agreed["what"] for agreed in one["agreements"]] == [
        "Een middag meelopen",
        "De stagebegeleider bellen",
    ]
    acts = {(line["who"], line["act"]) for line in data["access_log"]}
    assert {("Miriam de Wit", "viewed"), ("Noor Bakker", "exported")} <= acts


def test_the_log_names_what_was_on_the_paper(held: Talk) -> None:
    """A conversation that is still to come is in the data alone."""
    following = held.next()
    held.noor.get("/mine/dossier.pdf")
    assert Act.EXPORTED in {one.act for one in held.rows(AccessLog)}
    assert following.rows(AccessLog) == []
    held.noor.get("/mine/dossier.json")
    assert {one.act for one in following.rows(AccessLog)} == {Act.EXPORTED}


@pytest.mark.parametrize("path", WAYS)
def test_what_was_put_right_and_the_pupils_own_view_come_along(held: Talk, path: str) -> None:
    held.do("corrections/conclusion.werk", correction="Liever in een groot team", seen=0)
    held.do("", held.noor, **{"my-view.text": "Dat zie ik nu anders"})
    answer = held.noor.get(path)
    text = " ".join(read(answer.data).split()) if path.endswith("pdf") else answer.text
    for said in ("Liever in een klein team", "Liever in een groot team", "Dat zie ik nu anders"):
        assert said in text


@pytest.mark.parametrize("path", WAYS)
def test_nothing_of_the_mentor_alone_is_in_it(held: Talk, path: str) -> None:
    content = held.noor.get(path).data
    text = read(content) if path.endswith(".pdf") else content.decode()
    for never in NEVER.values():
        assert never not in " ".join(text.split())


@pytest.mark.parametrize("path", WAYS)
def test_without_a_conversation_it_is_empty(school: School, path: str) -> None:
    assert school.visit(school.pupil()).get(path).status_code == 200


@pytest.mark.parametrize("path", WAYS)
def test_it_is_nobody_elses(held: Talk, path: str) -> None:
    assert held.mentor.get(path).status_code == 403
    classmate = held.school.visit(held.school.pupil("Sem Yilmaz")).get(path)
    assert b"Weten of zorg past" not in classmate.data


@pytest.mark.parametrize("path", WAYS)
def test_more_years_take_no_more_statements(app: Flask, held: Talk, path: str) -> None:
    def needed() -> int:
        held.noor.get(path)
        with counted(app) as seen:
            held.noor.get(path)
        return len(seen)

    before = needed()
    for _number in range(2):
        later = held.next()
        later.start()
        later.close()
    assert needed() == before
