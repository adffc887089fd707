"""The instrument grows while old conversations keep the words they were held with (Q1)."""

import re

import pytest

import instrument
from lti_tool.models import QuestionMark, Verdict, Visibility, db
from tests.support.bank import add, bank, keys, labels, line, reword
from tests.support.talk import Talk

FIRST = "Wat zeggen anderen dat jij goed doet?"
LATER = "Waar vragen anderen jou voor?"


def asked(page: str) -> str:
    """What the conversation's page says was asked."""
    found = re.search(r'<details id="asked".*?</details>', page, re.S)
    return found[0] if found else ""


def number(page: str, act: str) -> str:
    """The number in the only such form of the bank's page."""
    (found,) = re.findall(rf"/bank/kwaliteiten/{act}/(\d+)", page)
    return str(found)


def tick(talk: Talk, key: str) -> None:
    assert talk.post(f"guide/kwaliteiten/marks/{key}", asked="1").status_code == 200


@pytest.mark.row("Q1")
def test_the_instrument_grows_and_an_old_conversation_keeps_its_words(talk: Talk) -> None:
    school, mentor = talk.school, talk.mentor
    own = number(reword(mentor, "kw-v02", FIRST), "shared")
    talk.start()
    assert FIRST in talk.get("guide/kwaliteiten").text
    tick(talk, f"own-{own}")
    tick(talk, "kw-v03")
    talk.close()

    reword(mentor, "kw-v02", LATER)
    then = talk.get("").text
    assert FIRST in asked(then)
    assert f"Versie van het instrument: {instrument.load().version}." in asked(then)
    assert LATER not in then
    guide = talk.get("guide/kwaliteiten").text
    assert FIRST in guide
    assert LATER not in guide
    following = talk.next()
    following.start()
    assert LATER in following.get("guide/kwaliteiten").text
    assert FIRST not in following.get("guide/kwaliteiten").text

    mentor.do(f"/bank/kwaliteiten/shared/{own}", {"shared": "1"})
    ilse = school.visit(school.teacher("Ilse Smit"), talk.round_id)
    page = ilse.post(f"/bank/kwaliteiten/copies/{number(bank(ilse), 'copies')}").text
    assert LATER in line(page, "kw-v02")
    assert labels(page, "kw-v02") == ["eigen versie"]

    admin = school.administrator()
    admin.do(f"/school-questions/kwaliteiten/chosen/{own}")
    joris = school.visit(school.teacher("Joris Vos"), following.round_id)
    (key,) = [one for one in keys(bank(joris), "kw-g2") if one.startswith("school-")]
    assert labels(bank(joris), key) == ["school"]
    assert LATER in line(following.get("guide/kwaliteiten", joris).text, key)

    mentor.do(f"/bank/kwaliteiten/withdrawn/{own}")
    assert FIRST in asked(talk.get("").text)
    assert LATER in line(bank(ilse), "kw-v02")
    assert LATER in line(bank(joris), key)


def test_what_was_asked_is_for_teachers_and_own_words_for_who_asked(talk: Talk) -> None:
    key = add(talk.mentor, FIRST)
    talk.start()
    tick(talk, key)
    assert asked(talk.get("").text) == ""  # the guide shows it while they talk
    talk.close()
    assert FIRST in asked(talk.get("").text)
    page = talk.get("", talk.noor).text
    assert asked(page) == ""
    assert FIRST not in page
    ilse = talk.school.visit(talk.school.teacher("Ilse Smit"), talk.round_id)
    page = talk.get("", ilse).text
    assert "Een eigen vraag van Miriam de Wit" in asked(page)
    assert FIRST not in page
    (mark,) = talk.rows(QuestionMark)
    assert mark.visibility == Visibility.TEACHER_PUPIL


def test_a_question_of_the_school_that_was_taken_out_is_still_told(talk: Talk) -> None:
    own = add(talk.mentor, FIRST).removeprefix("own-")
    talk.mentor.do(f"/bank/kwaliteiten/shared/{own}", {"shared": "1"})
    admin = talk.school.administrator()
    admin.do(f"/school-questions/kwaliteiten/chosen/{own}")
    talk.mentor.do(f"/bank/kwaliteiten/withdrawn/{own}")
    (key,) = [one for one in keys(bank(talk.mentor), "kw-g2") if one.startswith("school-")]
    talk.start()
    tick(talk, key)
    talk.close()
    admin.do(f"/school-questions/kwaliteiten/withdrawn/{key.removeprefix('school-')}")
    assert FIRST in asked(talk.get("").text)


def test_a_mark_of_before_its_words_were_kept_says_the_sources(talk: Talk) -> None:
    with talk.school.app.app_context():
        for key in ("kw-v03", "own-999", "school-999", "x-9"):
            db.session.add(QuestionMark(conversation_id=talk.id, question_key=key))
        db.session.commit()
    talk.start()
    talk.close()
    shown = asked(talk.get("").text)
    assert shown.count('class="lob-question"') == 4
    assert "Een eigen vraag<" in shown
    assert "Een vraag van de school" in shown


@pytest.mark.row("R3")
def test_the_bank_says_how_a_question_worked_and_only_to_its_teacher(talk: Talk) -> None:
    key = add(talk.mentor, FIRST)
    talk.start()
    judged = {key: Verdict.WORKED, "kw-v01-1": Verdict.WORKED, "kw-v01-2": Verdict.DID_NOT_WORK}
    for one in judged:
        tick(talk, one)
    talk.close()
    assert "Bij jou" not in bank(talk.mentor)
    verdicts = {f"verdict.{one}": said.value for one, said in judged.items()}
    page = talk.mentor.post(f"/conversations/{talk.id}/reflection/", {"action": "done", **verdicts})
    assert page.status_code == 200
    page_text = bank(talk.mentor)
    assert "Bij jou: 1× werkte, 0× niet." in line(page_text, key)
    assert "Bij jou: 1× werkte, 1× niet." in line(page_text, "kw-v01")
    ilse = talk.school.visit(talk.school.teacher("Ilse Smit"), talk.round_id)
    assert "Bij jou" not in bank(ilse)


def test_looking_back_names_questions_in_the_words_of_then(talk: Talk) -> None:
    key = add(talk.mentor, FIRST)
    talk.start()
    tick(talk, key)
    talk.close()
    reword(talk.mentor, key, LATER)
    page = talk.get("reflection/").text
    assert FIRST in page
