"""The years of one pupil, for the mentor and for the pupil: the same shared parts."""

import pytest

from lti_tool.models import Agreement
from tests.support.school import School
from tests.support.statements import needed_for
from tests.support.talk import Talk


@pytest.fixture
def years(talk: Talk) -> tuple[Talk, Talk]:
    """Two conversations held; something of everything in the first."""
    talk.start()
    talk.do("guide/goals", goal="Weten of zorg past", owner="pupil")
    talk.do("guide/experiences", experience="De laatste stagedag", brought_by="pupil")
    talk.do("guide/kwaliteiten/outcomes", kind="named", outcome="Ik blijf rustig")
    talk.do("guide/motieven/outcomes", kind="doubt", outcome="Of ik druk werk wil")
    talk.do("guide/werk", **{"conclusion.werk": "Liever in een klein team"})
    talk.do("guide/werk", **{"private.werk": "Geheim briefje"})
    talk.agree()
    talk.do("closing/", **{"next.topic": "Hoe het meelopen was"})
    talk.do(
        "closing/",
        action="close",
        **{"reason-teacher": "Niet nodig", "evaluation.af-v03": "Gezellig"},
    )
    later = talk.next()
    later.start()
    later.do("guide/werk", **{"conclusion.werk": "Toch graag een groot bedrijf"})
    later.close()
    return talk, later


SHARED = (
    "Weten of zorg past",
    "De laatste stagedag",
    "Ik blijf rustig",
    "Of ik druk werk wil",
    "Liever in een klein team",
    "Toch graag een groot bedrijf",
    "Een middag meelopen",
    "Hoe het meelopen was",
)


@pytest.mark.row("V7", "G37", "V1")
def test_both_read_everything_that_is_shared_and_nothing_else(years: tuple[Talk, Talk]) -> None:
    first, later = years
    mentors = later.mentor.get(f"/pupils/{later.pupil_id}").text
    mine = later.noor.get("/mine")
    assert "Alles wat ik tot nu toe vertelde" in mine.text
    pupils = later.noor.get("/mine/timeline").text
    for page in (mentors, pupils):
        for text in SHARED:
            assert text in page
        assert "Geheim briefje" not in page
        beside = page.split("Conclusies naast elkaar</h2>")[1].split("</table>")[0]
        assert beside.index("Liever in een klein team") < beside.index("Toch graag een groot")
    assert first.id != later.id


@pytest.mark.row("V8")
def test_an_agreement_says_who_closed_it(years: tuple[Talk, Talk]) -> None:
    first, later = years
    third = later.next()
    assert "Een middag meelopen" in third.noor.get().text
    agreement = first.rows(Agreement)[0].id
    third.do(f"agreements/{agreement}/settle", third.noor, settled="done")
    assert "Leerling, " in third.mentor.get(f"/pupils/{third.pupil_id}").text
    assert "Jij, " in third.noor.get("/mine/timeline").text
    third.start()
    assert "Een middag meelopen" not in third.get("guide/doel").text


def test_a_pupil_without_conversations_has_a_page(school: School) -> None:
    noor = school.pupil()
    visitor = school.visit(noor, school.round())
    assert "Er is nog geen gesprek gehouden" in visitor.get("/mine/timeline").text
    assert "Alles wat ik tot nu toe" not in visitor.get("/mine").text


def test_the_number_of_statements_does_not_grow_with_the_years(years: tuple[Talk, Talk]) -> None:
    _first, later = years
    two = needed_for(later.noor, "/mine/timeline")
    third = later.next()
    third.start()
    third.close()
    assert needed_for(third.noor, "/mine/timeline") == two
