"""Own questions and own wordings in the bank; the source stays as it is."""

import re

import pytest

import instrument
from lti_tool.models import Role
from tests.support.bank import add, bank, group, keys, labels, line, reword
from tests.support.school import School, Visitor
from tests.support.talk import Talk

SOURCE = instrument.load().question_by_key["kw-v02"].spoken
MINE = "Wat zeggen anderen dat jij goed doet?"


@pytest.fixture
def mentor(school: School) -> Visitor:
    return school.visit(school.teacher(), school.round())


def test_the_bank_is_a_click_away_from_class_and_guide(talk: Talk) -> None:
    talk.start()
    menu = re.search(r'href="([^"]*/bank/)">Vragenbank', talk.mentor.get("/").text)
    assert menu
    page = talk.mentor.get(menu[1])
    assert "<h1>Vragenbank: Voorbereiding</h1>" in page.text
    link = re.search(r'href="([^"]*/bank/kwaliteiten\?[^"]*)"', talk.get("guide/kwaliteiten").text)
    assert link
    page = talk.mentor.get(link[1])
    assert "<h1>Vragenbank: Reflectie op kwaliteiten</h1>" in page.text
    back = f"/conversations/{talk.id}/guide/kwaliteiten"
    assert f'{back}">Terug naar het gesprek' in page.text
    # Every page and form of the bank keeps the way back.
    page = talk.mentor.post(
        link[1].replace("kwaliteiten?", "kwaliteiten/places/kw-v02?"), {"action": "up"}
    )
    assert f'{back}">Terug naar het gesprek' in page.text
    talk.do("guide/chair", chair="pupil")
    assert "/bank/kwaliteiten" not in talk.get("guide/kwaliteiten").text


@pytest.mark.parametrize("phase", [one for one in instrument.load().phases if one.groups], ids=str)
def test_every_question_of_the_source_is_there_and_says_so(
    mentor: Visitor, phase: instrument.Phase
) -> None:
    page = bank(mentor, phase.key)
    for one in phase.groups:
        assert one.title in group(page, one.key)
        assert keys(page, one.key) == [question.key for question in one.questions]
        for question in one.questions:
            assert question.spoken in line(page, question.key)
            assert "bron" in labels(page, question.key)


@pytest.mark.row("X4", "R4")
def test_an_own_question_is_added_changed_taken_away_and_put_back(talk: Talk) -> None:
    key = add(talk.mentor, "Wat geeft je energie?")
    page = bank(talk.mentor)
    assert labels(page, key) == ["eigen"]
    assert ">1 eigen<" in page
    page = reword(talk.mentor, key, "Waar krijg je energie van?")
    assert "Waar krijg je energie van?" in line(page, key)
    talk.start()
    assert "Waar krijg je energie van?" in group(talk.get("guide/kwaliteiten").text, "kw-g2")

    number = key.removeprefix("own-")
    page = talk.mentor.post(f"/bank/kwaliteiten/withdrawn/{number}").text
    assert key not in keys(page, "kw-g2")
    assert "Terugzetten" in page
    assert "Waar krijg je energie van?" not in talk.get("guide/kwaliteiten").text
    page = talk.mentor.post(f"/bank/kwaliteiten/restored/{number}").text
    assert keys(page, "kw-g2")[-1] == key
    assert "Terugzetten" not in page


@pytest.mark.row("X10")
def test_other_words_for_a_source_question_stand_beside_it(talk: Talk) -> None:
    page = talk.mentor.get("/bank/kwaliteiten/questions/kw-v02").text
    assert page.count(SOURCE) == 2  # the source beside the field that begins with it
    page = reword(talk.mentor, "kw-v02", MINE)
    shown = line(page, "kw-v02")
    assert MINE in shown
    assert f"Bron: {SOURCE}" in shown
    assert labels(page, "kw-v02") == ["eigen versie"]
    page = reword(talk.mentor, "kw-v02", "Nog anders")
    assert MINE not in page
    talk.start()
    assert "Nog anders" in talk.get("guide/kwaliteiten").text
    back = re.search(
        r'action="[^"]*(/bank/kwaliteiten/withdrawn/\d+)".*?Terug naar de bron', page, re.S
    )
    assert back
    page = talk.mentor.post(back[1]).text
    assert SOURCE in line(page, "kw-v02")
    assert labels(page, "kw-v02") == ["bron"]
    assert instrument.load().question_by_key["kw-v02"].spoken == SOURCE
    page = talk.mentor.post(back[1].replace("withdrawn", "restored")).text
    assert "Nog anders" in line(page, "kw-v02")


def test_the_sources_own_words_make_no_version(mentor: Visitor) -> None:
    assert labels(reword(mentor, "kw-v02", SOURCE), "kw-v02") == ["bron"]
    reword(mentor, "kw-v02", MINE)
    assert labels(reword(mentor, "kw-v02", f" {SOURCE} "), "kw-v02") == ["bron"]


def test_one_version_stands_at_a_time(mentor: Visitor) -> None:
    reword(mentor, "kw-v02", "Een")
    page = mentor.post("/bank/kwaliteiten/withdrawn/" + number(bank(mentor))).text
    first = number(page)
    page = reword(mentor, "kw-v02", "Twee")
    page = mentor.post(f"/bank/kwaliteiten/restored/{first}").text
    assert "Een" in line(page, "kw-v02")
    assert page.count("Terugzetten") == 1


def number(page: str) -> str:
    found = re.search(r"/(?:withdrawn|restored)/(\d+)", page)
    assert found
    return found[1]


def test_a_question_needs_words(mentor: Visitor) -> None:
    page = mentor.post("/bank/kwaliteiten/questions", {"group": "kw-g2", "question-kw-g2": " "})
    assert page.status_code == 422
    assert "Schrijf je vraag op." in page.text
    page = mentor.post("/bank/kwaliteiten/questions/kw-v02", {"text": " "})
    assert page.status_code == 422
    assert "<title>Fout: Vraag aanpassen" in page.text
    page = mentor.post("/bank/kwaliteiten/questions/kw-v02", {"text": "x" * 50_001})
    assert page.status_code == 422
    assert "x" * 50_001 in page.text


@pytest.mark.parametrize(
    "path",
    [
        "/bank/reflectie",
        "/bank/niets",
        "/bank/motieven/questions/kw-v02",
        "/bank/kwaliteiten/questions/own-999",
        "/bank/kwaliteiten/questions/own-²",
        "/bank/kwaliteiten/questions/school-1",
    ],
)
def test_what_is_not_there_is_no_page(mentor: Visitor, path: str) -> None:
    assert mentor.get(path).status_code == 404


def test_a_question_stays_in_its_group_and_phase(mentor: Visitor) -> None:
    field = {"group": "mo-g1", "question-mo-g1": "x"}
    assert mentor.post("/bank/kwaliteiten/questions", field).status_code == 404
    key = add(mentor, "Wat geeft je energie?")
    assert mentor.get(f"/bank/motieven/questions/{key}").status_code == 404


def test_a_colleagues_question_is_not_ones_own(school: School, mentor: Visitor) -> None:
    key = add(mentor, "Wat geeft je energie?")
    colleague = school.visit(school.teacher("Ilse Smit"))
    assert "Wat geeft je energie?" not in bank(colleague)
    assert colleague.get(f"/bank/kwaliteiten/questions/{key}").status_code == 404
    for act in ("withdrawn", "restored"):
        path = f"/bank/kwaliteiten/{act}/{key.removeprefix('own-')}"
        assert colleague.post(path).status_code == 404


def test_pupils_and_administrators_have_no_bank(school: School) -> None:
    assert (
        school.visit(school.enrol("Noor Bakker", Role.PUPIL)).get("/bank/doel").status_code == 403
    )
    assert school.administrator().get("/bank/doel").status_code == 403
