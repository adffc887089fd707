"""Questions one at a time: a choice of the teacher, the way on, and every question within reach."""

import re

import pytest

from lti_tool.models import MustAnswer, QuestionMark
from tests.support.statements import needed_for
from tests.support.talk import Talk


@pytest.fixture
def started(talk: Talk) -> Talk:
    talk.do("prepare/", action="add-question", own_question="Gaat het goed thuis?")
    talk.start()
    talk.do("guide/options", one_by_one="1", phase="kwaliteiten", back="phase")
    return talk


def on_the_table(page: str) -> list[str]:
    return re.findall(r'<div class="lob-question[^>]*id="q-([^"]*)"', page)


def way(page: str, name: str) -> str:
    found = re.search(rf'href="([^"]*)"[^>]*id="question-{name}"', page)
    return found[1].replace("&amp;", "&").partition("#")[0] if found else ""


def test_one_question_stands_on_the_table_and_sub_questions_are_questions(started: Talk) -> None:
    page = started.get("guide/kwaliteiten").text
    assert on_the_table(page) == ["kw-v01-1"]
    assert "Vraag 1 van" in page
    assert way(page, "before") == ""
    page = started.mentor.get(way(page, "after")).text
    assert on_the_table(page) == ["kw-v01-2"]
    page = started.mentor.get(way(page, "before")).text
    assert on_the_table(page) == ["kw-v01-1"]


def test_going_on_passes_every_question_once_and_ends(started: Talk) -> None:
    page, seen = started.get("guide/kwaliteiten").text, []
    while True:
        seen += on_the_table(page)
        following = way(page, "after")
        if not following:
            break
        page = started.mentor.get(following).text
    assert len(seen) == len(set(seen)) == int(re.findall(r"Vraag \d+ van (\d+)", page)[0])
    assert "kw-v07" in seen
    started.do("guide/kwaliteiten/outcomes", kind="named", outcome="Ik luister goed")
    page = started.get("guide/kwaliteiten?q=kw-v06").text
    assert way(page, "after").endswith("q=kw-v10-1")
    assert "q=kw-v07#" in page
    assert on_the_table(started.get("guide/kwaliteiten?q=kw-v07").text) == ["kw-v07"]


@pytest.mark.parametrize("chosen", ["", "mo-v01", "<script>", "own-1"])
def test_what_is_no_question_here_gives_the_first(started: Talk, chosen: str) -> None:
    page = started.get(f"guide/kwaliteiten?q={chosen}")
    assert page.status_code == 200
    assert on_the_table(page.text) == ["kw-v01-1"]


def test_a_tick_and_an_outcome_leave_the_question_on_the_table(started: Talk) -> None:
    page = started.post("guide/kwaliteiten/marks/kw-v03", asked="1").text
    assert on_the_table(page) == ["kw-v03"]
    assert 'aria-pressed="true"' in page
    action = re.search(r'action="([^"]*/outcomes\?q=kw-v03)"', page)
    assert action
    page = started.mentor.post(action[1], {"kind": "doubt"}).text
    assert on_the_table(page) == ["kw-v03"]
    assert [one.question_key for one in started.rows(QuestionMark)] == ["kw-v03"]


def test_what_must_be_answered_is_one_step_away_from_every_question(started: Talk) -> None:
    page = started.get("guide/kwaliteiten?q=kw-v04").text
    assert '<a href="#must-answer">Nog 1 vraag die beantwoord moet worden</a>' in page
    assert "Gaat het goed thuis?" in page
    [question] = started.rows(MustAnswer)
    started.do(f"guide/must-answer/{question.id}", answered="1", phase="kwaliteiten")
    assert 'href="#must-answer"' not in started.get("guide/kwaliteiten").text


def test_the_choice_is_the_teachers_at_every_conversation_and_can_be_taken_back(
    started: Talk,
) -> None:
    following = started.next()
    following.start()
    assert len(on_the_table(following.get("guide/werk").text)) == 1
    colleague = started.school.visit(started.school.teacher("Ilse Smit"), started.round_id)
    assert len(on_the_table(started.get("guide/werk", colleague).text)) > 1
    page = started.post("guide/options", one_by_one="", phase="werk", back="phase").text
    assert len(on_the_table(page)) > 1
    assert "Eén vraag tegelijk" in page


def test_phases_without_questions_are_as_they_were(started: Talk) -> None:
    for phase in ("voorbereiding", "reflectie"):
        assert started.get(f"guide/{phase}").status_code == 200


def test_an_own_question_that_was_refused_comes_back_at_its_group(started: Talk) -> None:
    page = started.get("guide/kwaliteiten?q=kw-v03").text
    action = re.search(r'action="([^"]*/kwaliteiten/questions\?q=kw-v03)"', page)
    assert action
    refused = started.mentor.post(action[1], {"group": "kw-g2"})
    assert refused.status_code == 422
    assert on_the_table(refused.text) == ["kw-v03"]
    assert "Schrijf je vraag op" in refused.text


def test_it_costs_no_statement_more(started: Talk) -> None:
    page = f"/conversations/{started.id}/guide/kwaliteiten"
    one = needed_for(started.mentor, page)
    started.do("guide/options", one_by_one="", phase="kwaliteiten")
    assert needed_for(started.mentor, page) == one <= 20
