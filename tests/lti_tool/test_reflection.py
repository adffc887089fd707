"""Looking back: who may, when, what is kept, and what is counted."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from lti_tool.erasure import erase_people
from lti_tool.fields import LONGEST_TEXT
from lti_tool.models import (
    Conversation,
    Enrolment,
    Entry,
    NextStep,
    OwnQuestion,
    QuestionMark,
    QuestionTally,
    Role,
    Verdict,
    db,
    now,
)
from tests.support.statements import counted
from tests.support.talk import Talk, hold_talk

COUNTED = "Dit gesprek is meegeteld."


@pytest.fixture
def started(talk: Talk) -> Talk:
    talk.start()
    return talk


def ask(talk: Talk, *keys: str) -> None:
    """Tick questions of Kwaliteiten as asked."""
    for key in keys:
        assert talk.post(f"guide/kwaliteiten/marks/{key}", asked="1").status_code == 200


def verdicts(talk: Talk) -> dict[str, Verdict | None]:
    """What stands at the marks of this conversation."""
    return {one.question_key: one.verdict for one in talk.rows(QuestionMark)}


def tallies(talk: Talk) -> dict[str, tuple[int, int]]:
    """All tallies there are."""
    with talk.school.app.app_context():
        rows = db.session.scalars(select(QuestionTally)).all()
        return {one.question_key: (one.worked, one.did_not_work) for one in rows}


def test_only_the_one_who_holds_it_looks_back(started: Talk) -> None:
    school = started.school
    colleague = school.visit(school.teacher("Ilse Smit"), started.round_id)
    elsewhere = school.enrol("Karim El Idrissi", Role.TEACHER, school.course("Elders"))
    for who, status in (
        (colleague, 404),
        (school.visit(elsewhere), 404),
        (started.noor, 403),
        (school.administrator(), 403),
    ):
        assert started.get("reflection/", who).status_code == status
        for path in ("reflection/", "reflection/verdicts", "reflection/remarks/kw-v01"):
            assert started.post(path, who).status_code == status, path
    page = started.get("guide/reflectie", colleague)
    assert "Alleen wie het gesprek hield" in page.text
    refused = started.post("entries/private.reflectie", colleague, **{"private.reflectie": "Ik"})
    assert refused.status_code == 409
    assert started.rows(Entry) == []


def test_before_the_start_there_is_nothing_to_look_back_on(talk: Talk) -> None:
    assert talk.get("reflection/").status_code == 404


def test_it_is_one_click_away_from_the_guide_and_says_the_same(started: Talk) -> None:
    address = f"/conversations/{started.id}/reflection/"
    assert address in started.get("guide/reflectie").text
    saved = started.post("entries/private.reflectie", **{"private.reflectie": "Meer stilte"})
    assert saved.json is not None
    assert "Meer stilte" in started.get("reflection/").text
    assert "Meer stilte" not in started.get("guide/reflectie").text


def test_with_the_pupil_in_the_chair_it_is_not_on_the_screen(started: Talk) -> None:
    started.do("reflection/", **{"private.reflectie": "Meer stilte"})
    started.do("guide/chair", chair="pupil")
    page = started.get("reflection/")
    assert "Deze bladzijde is voor de mentor" in page.text
    assert "Meer stilte" not in page.text
    assert "Kijk terug op het gesprek" not in page.text
    started.close()
    assert "Meer stilte" in started.get("reflection/").text


def test_a_verdict_waits_in_the_conversation_and_counts_days_later(started: Talk) -> None:
    ask(started, "kw-v01", "kw-v02")
    fields = {"verdict.kw-v01": "worked", "verdict.kw-v02": "none"}
    page = started.post("reflection/", action="done", **fields)
    assert "Je bent klaar" not in page.text
    assert verdicts(started) == {"kw-v01": Verdict.WORKED, "kw-v02": None}
    assert tallies(started) == {}
    started.close()
    later = now() + timedelta(days=5)
    with time_machine.travel(later):
        visitor = started.school.visit(started.teacher_id, started.round_id)
        page = started.post("reflection/", visitor, action="done")
    assert page.text.count(COUNTED) == 1
    assert "Bij jou: 1× werkte, 0× niet." in page.text
    assert verdicts(started) == {"kw-v01": None, "kw-v02": None}


def test_sending_it_twice_counts_once(started: Talk) -> None:
    ask(started, "kw-v01", "kw-v02")
    started.close()
    for _time in range(2):
        started.do("reflection/", action="done", **{"verdict.kw-v01": "did_not_work"})
    assert tallies(started) == {"kw-v01": (0, 1)}
    started.do("reflection/", action="done", **{"verdict.kw-v02": "worked"})
    assert tallies(started) == {"kw-v01": (0, 1), "kw-v02": (1, 0)}


def test_reopening_does_not_count_a_question_again(started: Talk) -> None:
    ask(started, "kw-v01")
    started.close()
    started.do("reflection/", action="done", **{"verdict.kw-v01": "worked"})
    started.do("closing/reopen")
    started.do("guide/kwaliteiten/marks/kw-v01", asked="")
    ask(started, "kw-v01", "kw-v02")
    started.close()
    fields = {"verdict.kw-v01": "worked", "verdict.kw-v02": "worked"}
    started.do("reflection/", action="done", **fields)
    assert tallies(started) == {"kw-v01": (1, 0), "kw-v02": (1, 0)}


def test_a_conversation_that_is_taken_back_keeps_no_verdict(started: Talk) -> None:
    ask(started, "kw-v01")
    started.do("reflection/", **{"verdict.kw-v01": "worked"})
    started.do("guide/take-back")
    assert verdicts(started) == {"kw-v01": None}


def test_skipping_counts_what_was_judged_and_asks_no_more(started: Talk) -> None:
    ask(started, "kw-v01")
    started.do("reflection/", **{"verdict.kw-v01": "worked"})
    started.close()
    page = started.post("reflection/", action="skip")
    assert "Jouw reflectie" not in page.text
    assert tallies(started) == {"kw-v01": (1, 0)}


def test_own_questions_and_parts_are_judged_too(started: Talk) -> None:
    started.do(
        "guide/kwaliteiten/questions", group="kw-g2", **{"question-kw-g2": "Waar ben je trots op?"}
    )
    with started.school.app.app_context():
        own = db.session.scalars(select(OwnQuestion)).one()
    ask(started, f"own-{own.id}")
    started.do(f"guide/kwaliteiten/questions/{own.id}/withdraw")
    part = "ls-v04-1"
    assert started.post(f"guide/sturing/marks/{part}", asked="1").status_code == 200
    started.close()
    fields = {f"verdict.own-{own.id}": "worked", f"verdict.{part}": "did_not_work"}
    page = started.post("reflection/", action="done", **fields)
    assert "Waar ben je trots op?" in page.text
    assert tallies(started) == {f"own-{own.id}": (1, 0), part: (0, 1)}


def test_a_colleagues_own_question_stays_the_colleagues(started: Talk) -> None:
    colleague_id = started.school.teacher("Ilse Smit")
    colleague = started.school.visit(colleague_id, started.round_id)
    asked = {"question-kw-g2": "Vraag van Ilse"}
    started.do("guide/kwaliteiten/questions", colleague, group="kw-g2", **asked)
    with started.school.app.app_context():
        own = db.session.scalars(select(OwnQuestion)).one()
    started.do(f"guide/kwaliteiten/marks/own-{own.id}", colleague, asked="1")
    assert "Vraag van Ilse" not in started.get("reflection/").text


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"step": "Langer wachten", "step_due": "morgen"}, "Vul een datum in"),
        ({"step": "x" * (LONGEST_TEXT + 1)}, "Je tekst is te lang"),
        ({"step_due": "2027-03-12"}, "Schrijf op wat je je voorneemt."),
        ({"action": "add-step"}, "Schrijf op wat je je voorneemt."),
        ({"action": "add-question"}, "Schrijf je vraag op."),
        ({"question": "Waarvan word jij blij?"}, "Kies waar je vraag bij hoort."),
        ({"question": "Waarvan?", "place": "doel/kw-g2"}, "Kies waar je vraag bij hoort."),
        ({"verdict.kw-v01": "fine"}, "Kies een van de antwoorden."),
        ({"question-remark.kw-v01": "x" * (LONGEST_TEXT + 1)}, "Je tekst is te lang"),
        ({"private.reflectie": "x" * (LONGEST_TEXT + 1)}, "Je tekst is te lang"),
    ],
)
def test_what_cannot_be_kept_comes_back_as_it_was_typed(
    started: Talk, fields: dict[str, Any], error: str
) -> None:
    ask(started, "kw-v01")
    started.close()
    page = started.post("reflection/", **({"action": "done"} | fields))
    assert page.status_code == 422
    assert error in page.text
    for name in ("step", "step_due", "question"):
        if fields.get(name):
            assert fields[name] in page.text
    with started.school.app.app_context():
        assert db.session.get_one(Conversation, started.id).reflected_at is None
        assert db.session.scalars(select(OwnQuestion)).all() == []
    assert started.rows(NextStep) == []


def test_one_fault_does_not_lose_or_double_the_rest(started: Talk) -> None:
    started.close()
    fields = {"private.reflectie": "Meer stilte", "step": "Langer wachten", "question": "Waarvan?"}
    page = started.post("reflection/", action="done", **fields)
    assert page.status_code == 422
    page = started.post(
        "reflection/", action="done", question="Waarvan?", place="kwaliteiten/kw-g2"
    )
    assert "Meer stilte" in page.text
    assert [one.text for one in started.rows(NextStep)] == ["Langer wachten"]


def test_the_script_keeps_a_verdict_and_a_remark_at_once(started: Talk) -> None:
    ask(started, "kw-v01")
    kept = started.post("reflection/verdicts", **{"verdict.kw-v01": "worked"})
    assert kept.json is not None
    assert verdicts(started) == {"kw-v01": Verdict.WORKED}
    assert started.post("reflection/verdicts", **{"verdict.kw-v01": "9"}).status_code == 400
    name = "question-remark.kw-v01"
    kept = started.post("reflection/remarks/kw-v01", **{name: "Eerst een voorbeeld"})
    assert kept.json == {"revision": 1, "saved_at": kept.json and kept.json["saved_at"]}
    stale = started.post("reflection/remarks/kw-v01", **{name: "Iets anders"})
    assert stale.status_code == 409
    unknown = started.post("reflection/remarks/kw-v03", **{"question-remark.kw-v03": "Nee"})
    assert unknown.status_code == 404


def test_a_step_of_somebody_else_cannot_be_ticked(started: Talk) -> None:
    started.do("reflection/", action="add-step", step="Langer wachten")
    (step,) = started.rows(NextStep)
    other = hold_talk(started.school, started.teacher_id, started.school.pupil("Sem Yilmaz"))
    other.do("prepare/", action=f"step-done-{step.id}")
    colleague = started.school.visit(started.school.teacher("Ilse Smit"), started.round_id)
    later = started.next()
    later.do("prepare/", colleague, action=f"step-done-{step.id}")
    for wrong in ("step-done-", "step-done-x", f"step-done-{2**40}"):
        assert later.post("prepare/", action=wrong).status_code == 200
    (step,) = started.rows(NextStep)
    assert step.done_at is None
    started.do("reflection/", action=f"step-done-{step.id}")
    started.do("reflection/", action=f"step-open-{step.id}")
    (step,) = started.rows(NextStep)
    assert step.done_at is None


def test_the_page_asks_the_same_however_much_was_asked(app: Flask, started: Talk) -> None:
    ask(started, "kw-v01")
    started.get("reflection/")
    with counted(app) as few:
        started.get("reflection/")
    ask(started, "kw-v02", "kw-v03", "kw-v04")
    for number in range(3):
        started.do("reflection/", action="add-step", step=f"Stap {number}")
    with counted(app) as many:
        started.get("reflection/")
    assert len(many) == len(few) <= 16


def test_an_erased_pupil_leaves_no_step_and_the_count_stays(app: Flask, started: Talk) -> None:
    ask(started, "kw-v01")
    started.do("reflection/", action="add-step", step="Langer wachten")
    started.close()
    started.do("reflection/", action="done", **{"verdict.kw-v01": "worked"})
    with app.app_context():
        erase_people([db.session.get_one(Enrolment, started.pupil_id).person_id])
        db.session.commit()
    assert started.rows(NextStep) == []
    assert tallies(started) == {"kw-v01": (1, 0)}
