"""The whole dossier, for the pupil alone: to print, as PDF, as data."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from lti_tool.models import (
    AccessLog,
    Act,
    Agreed,
    Agreement,
    Conversation,
    Goal,
    OfferedTime,
    Outcome,
    Round,
    Settled,
    db,
    now,
)
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


def conversations_of(talk: Talk) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(talk.noor.get("/mine/dossier.json").data)[
        "conversations"
    ]
    return found


def test_as_data_it_holds_what_each_mentor_shared(talk: Talk) -> None:
    colleague = talk.school.visit(talk.school.teacher("Ilse Smit"), talk.round_id)
    for who, goal in ((talk.mentor, "Doel van Miriam"), (colleague, "Doel van Ilse")):
        talk.do("prepare/", who, action="share", **{"prep.vb-v01": goal})
        assert goal in talk.get("", talk.noor).text
    (one,) = conversations_of(talk)
    assert one["mentor_texts"] == {"prep.vb-v01": ["Doel van Miriam", "Doel van Ilse"]}


def test_as_data_it_says_what_sort_of_conversation_once_the_mentor_is_ready(talk: Talk) -> None:
    for action, sort in (("", (None, None)), ("share", ("guidance", "career"))):
        talk.do("prepare/", purpose="guidance", scope="career", action=action)
        (one,) = conversations_of(talk)
        assert (one["purpose"], one["scope"]) == sort


def test_as_data_it_holds_the_marks_that_a_page_shows(app: Flask, talk: Talk) -> None:
    starts_at = datetime(2027, 3, 1, 9, tzinfo=UTC)
    talk.start()
    talk.do("guide/goals", goal="Weten of zorg past", owner="pupil")
    talk.do("guide/experiences", experience="De laatste stagedag", brought_by="pupil")
    talk.do("guide/kwaliteiten/outcomes", kind="doubt", outcome="Of ik geduldig ben")
    talk.do("closing/participants", party="workplace", description="van de bakker", present="1")
    doubt = talk.rows(Outcome)[0]
    talk.do(
        "agreements/new",
        party="workplace",
        kind="arrange",
        what="Een rooster maken",
        party_description="van de bakker",
        informed_by="pupil",
        pupil_reads="1",
        outcome_id=doubt.id,
    )
    talk.do(f"agreements/{talk.rows(Agreement)[0].id}/settle", settled="done")
    with app.app_context():
        db.session.get_one(Round, talk.round_id).offers_times = True
        for row in db.session.scalars(select(Goal)):
            row.parked_at = now()
        named = db.session.get_one(Outcome, doubt.id)
        named.confirmed_at, named.settled, named.settled_at = now(), Settled.DROPPED, now()
        db.session.get_one(Conversation, talk.id).agreed = Agreed.PARTLY
        db.session.add(
            OfferedTime(
                round_id=talk.round_id,
                teacher_id=talk.teacher_id,
                starts_at=starts_at,
                minutes=20,
                place="lokaal 2.14",
                conversation_id=talk.id,
            )
        )
        db.session.commit()
    (one,) = conversations_of(talk)
    assert one["agreed"] == "partly"
    assert one["participants"] == [
        {"party": "workplace", "description": "van de bakker", "present": True}
    ]
    assert one["time"] == {
        "starts_at": starts_at.isoformat(),
        "minutes": 20,
        "place": "lokaal 2.14",
        "mentor": "Miriam de Wit",
    }
    assert one["goals"] == [{"text": "Weten of zorg past", "owner": "pupil", "parked": True}]
    assert one["experiences"] == [{"text": "De laatste stagedag", "brought_by": "pupil"}]
    (outcome,) = one["outcomes"]
    assert (outcome["confirmed"], outcome["settled"]) == (True, "dropped")
    (agreed,) = one["agreements"]
    assert {
        "party_description": "van de bakker",
        "informed_by": "pupil",
        "kind": "arrange",
        "builds_on": "Of ik geduldig ben",
        "settled": "done",
        "settled_by": "teacher",
    }.items() <= agreed.items()


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
        later.do("closing/participants", party="workplace", description="van de bakker")
        later.agree()
        reasons = {"reason-teacher": "Niet nodig", "reason-workplace": "Niet nodig"}
        later.do("closing/", action="close", **reasons)
    assert needed() == before
