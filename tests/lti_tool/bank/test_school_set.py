"""The school's set: chosen by the administrator, met by every teacher."""

import re

import pytest

from tests.support.bank import add, bank, keys, labels, line
from tests.support.school import School, Visitor
from tests.support.statements import needed_for
from tests.support.talk import Talk

WORDS = "Wat geeft je energie?"
PAGE = "/school-questions/kwaliteiten"


@pytest.fixture
def admin(school: School) -> Visitor:
    return school.administrator()


def share(visitor: Visitor, text: str = WORDS) -> str:
    number = add(visitor, text).removeprefix("own-")
    assert visitor.post(f"/bank/kwaliteiten/shared/{number}", {"shared": "1"}).status_code == 200
    return number


def test_the_page_is_a_click_away_from_administration(admin: Visitor) -> None:
    link = re.search(
        r'href="([^"]*/school-questions/)">Vragen van de school', admin.get("/administration/").text
    )
    assert link
    assert "<h1>Vragen van de school: Voorbereiding</h1>" in admin.get(link[1]).text


def test_a_chosen_question_is_everybodys_and_says_school(talk: Talk, admin: Visitor) -> None:
    add(talk.mentor, "Niet gedeeld")
    number = share(talk.mentor)
    page = admin.get(PAGE).text
    assert WORDS in page
    assert "van Miriam de Wit" in page
    assert "Niet gedeeld" not in page
    for _time in range(2):
        page = admin.post(f"{PAGE}/chosen/{number}").text
    assert page.count(WORDS) == 1
    assert "1 gekozen" in page
    ilse = talk.school.visit(talk.school.teacher("Ilse Smit"), talk.round_id)
    shown = bank(ilse)
    (key,) = [one for one in keys(shown, "kw-g2") if one.startswith("school-")]
    assert labels(shown, key) == ["school"]
    assert "Aanpassen" not in line(shown, key)
    talk.start()
    assert key in keys(talk.get("guide/kwaliteiten", ilse).text, "kw-g2")
    # Its writer meets it once, as their own.
    assert key not in keys(bank(talk.mentor), "kw-g2")
    assert ilse.post(f"/bank/kwaliteiten/places/{key}", {"action": "hide"}).status_code == 200
    assert key not in keys(talk.get("guide/kwaliteiten", ilse).text, "kw-g2")
    # What its writer does later changes nothing; the administrator takes it out.
    talk.mentor.do(f"/bank/kwaliteiten/withdrawn/{number}")
    assert WORDS in admin.get(PAGE).text
    page = admin.post(f"{PAGE}/withdrawn/{key.removeprefix('school-')}").text
    assert WORDS not in page
    assert key not in keys(bank(ilse), "kw-g2")


def test_a_question_of_the_source_is_hidden_for_all_and_shown_again(
    talk: Talk, admin: Visitor
) -> None:
    talk.start()
    page = admin.post(f"{PAGE}/hidden/kw-v03", {"hidden": "1"}).text
    assert labels(page, "kw-v03") == ["bron", "gevoelig", "verborgen"]
    assert "kw-v03" not in keys(talk.get("guide/kwaliteiten").text, "kw-g2")
    shown = bank(talk.mentor)
    assert "verborgen door de school" in labels(shown, "kw-v03")
    assert "Weer tonen" not in line(shown, "kw-v03")
    admin.do(f"{PAGE}/hidden/kw-v03", {"hidden": ""})
    assert "kw-v03" in keys(talk.get("guide/kwaliteiten").text, "kw-g2")


def test_what_is_not_there_cannot_be_chosen(school: School, admin: Visitor) -> None:
    mentor = school.visit(school.teacher(), school.round())
    private = add(mentor, WORDS).removeprefix("own-")
    for path in (
        f"chosen/{private}",
        "chosen/999",
        "withdrawn/1",
        "hidden/mo-v01",
        "hidden/own-1",
    ):
        assert admin.post(f"{PAGE}/{path}").status_code == 404
    assert admin.get("/school-questions/reflectie").status_code == 404
    assert mentor.get(PAGE).status_code == 403
    assert mentor.post(f"{PAGE}/hidden/kw-v03", {"hidden": "1"}).status_code == 403


def test_the_page_needs_as_many_statements_however_much_there_is(
    talk: Talk, admin: Visitor
) -> None:
    ilse = talk.school.visit(talk.school.teacher("Ilse Smit"), talk.round_id)
    pages = ((admin, PAGE), (ilse, "/bank/kwaliteiten"))
    few = [needed_for(*one) for one in pages]
    for text in ("Een", "Twee", "Drie", "Vier"):
        admin.do(f"{PAGE}/chosen/{share(talk.mentor, text)}")
    share(talk.mentor, "Vijf")
    assert [needed_for(*one) for one in pages] == few
