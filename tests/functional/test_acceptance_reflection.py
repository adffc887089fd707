"""Rows of the acceptance table about the reflection after a conversation."""

import pytest

from lti_tool.models import NextStep, QuestionMark
from tests.support.talk import Talk, hold_talk

LOOK_BACK, FROM_THE_RECORD = "Jouw reflectie", "Naar jouw reflectie"


@pytest.mark.row("R1", "G22")
def test_the_reflection_is_the_mentors_alone(talk: Talk) -> None:
    talk.start()
    assert "waarderen en confronteren" in talk.get("guide/motieven").text
    talk.close()  # without a reflection: it may be skipped

    assert FROM_THE_RECORD in talk.get("").text
    assert LOOK_BACK in talk.mentor.get(f"/rounds/{talk.round_id}").text
    reflection = talk.get("reflection/")
    assert "waarderen en confronteren" in reflection.text
    saved = talk.post("reflection/", **{"private.reflectie": "Ik praatte te veel"})
    assert "Ik praatte te veel" in saved.text

    substitute = talk.school.visit(talk.school.teacher("Karim El Idrissi"), talk.round_id)
    assert talk.get("reflection/", substitute).status_code == 404
    assert "Ik praatte te veel" not in talk.get("guide/reflectie", substitute).text
    assert FROM_THE_RECORD not in talk.get("", substitute).text
    assert LOOK_BACK not in substitute.get(f"/rounds/{talk.round_id}").text
    later = talk.next()
    assert "Ik praatte te veel" in later.get("prepare/").text
    for path in ("", "agreements/"):
        assert "Ik praatte te veel" not in talk.get(path, talk.noor).text
    assert talk.get("reflection/", talk.noor).status_code == 403
    assert FROM_THE_RECORD not in talk.get("", talk.noor).text
    assert "Ik praatte te veel" not in later.noor.get("/mine/timeline").text

    skipped = talk.post("reflection/", action="skip")
    assert LOOK_BACK not in skipped.text
    assert FROM_THE_RECORD not in talk.get("").text
    assert "Ik praatte te veel" in talk.get("reflection/").text


@pytest.mark.row("R3")
def test_questions_that_worked_are_counted_without_the_pupil(talk: Talk) -> None:
    def held(one: Talk, verdict: str) -> None:
        one.start()
        one.do("guide/kwaliteiten/marks/kw-v01", asked="1")
        one.close()
        page = one.post("reflection/", action="done", **{"verdict.kw-v01": verdict})
        assert "Je bent klaar met terugkijken" in page.text

    held(talk, "worked")
    later = talk.next()
    held(later, "did_not_work")
    last = hold_with_another_pupil(later)
    held(last, "worked")
    assert "Bij jou: 2× werkte, 1× niet." in last.get("reflection/").text
    assert "Dit gesprek is meegeteld." in talk.get("reflection/").text
    for one in (talk, later, last):
        assert [mark.verdict for mark in one.rows(QuestionMark)] == [None]

    note = {"question-remark.kw-v01": "Eerst een voorbeeld geven"}
    talk.do("reflection/", action="save", **note)
    assert "Eerst een voorbeeld geven" in last.get("reflection/").text
    colleague = hold_with_colleague(talk)
    held(colleague, "worked")
    page = colleague.get("reflection/").text
    assert "Bij jou: 1× werkte, 0× niet." in page
    assert "Eerst een voorbeeld geven" not in page


def hold_with_another_pupil(talk: Talk) -> Talk:
    """The same mentor with another pupil."""
    return hold_talk(talk.school, talk.teacher_id, talk.school.pupil("Sem Yilmaz"))


def hold_with_colleague(talk: Talk) -> Talk:
    """The same pupil with another mentor."""
    return hold_talk(talk.school, talk.school.teacher("Karim El Idrissi"), talk.pupil_id)


@pytest.mark.row("R4")
def test_a_new_question_goes_straight_to_its_group(talk: Talk) -> None:
    question = "Waar werd je vandaag blij van?"
    talk.start()
    talk.close()
    page = talk.post(
        "reflection/", action="add-question", question=question, place="kwaliteiten/kw-g2"
    )
    assert question in page.text
    assert "4. Reflectie op kwaliteiten: Bijvoorbeeld" in page.text
    later = talk.next()
    later.start()
    assert question in later.get("guide/kwaliteiten").text
    assert question not in later.get("guide/motieven").text


@pytest.mark.row("R2")
def test_a_next_step_returns_in_the_next_preparation_until_it_is_done(talk: Talk) -> None:
    step = "Vaker een stilte laten vallen"
    talk.start()
    talk.close()
    page = talk.post("reflection/", action="add-step", step=step, step_due="2027-03-12")
    assert step in page.text

    later = talk.next()
    text = later.get("prepare/").text
    assert "Je nam je voor" in text
    assert step in text
    assert "voor 12 maart 2027" in text
    (row,) = talk.rows(NextStep)
    for who in (later.noor, talk.school.visit(talk.school.teacher("Ilse Smit"), later.round_id)):
        for one, path in ((later, "prepare/"), (later, ""), (talk, ""), (talk, "reflection/")):
            assert step not in one.get(path, who).text
    assert step not in hold_with_another_pupil(talk).get("prepare/").text

    still_open = later.next()
    assert step in still_open.get("prepare/").text
    page = later.post("prepare/", action=f"step-done-{row.id}")
    assert "Je nam je voor" not in page.text
    assert step not in still_open.get("prepare/").text
    assert "Gedaan" in talk.get("reflection/").text
