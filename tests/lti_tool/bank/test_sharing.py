"""Sharing with colleagues of the same school, and taking over what they share."""

import re

import pytest

from lti_tool.models import Role
from tests.support.bank import add, bank, keys, labels, line, reword
from tests.support.school import School, Visitor

WORDS = "Wat geeft je energie?"


@pytest.fixture
def mentor(school: School) -> Visitor:
    return school.visit(school.teacher(), school.round())


@pytest.fixture
def ilse(school: School) -> Visitor:
    return school.visit(school.enrol("Ilse Smit", Role.TEACHER, school.course("4B")))


def share(visitor: Visitor, number: str, on: str = "1") -> str:
    page = visitor.post(f"/bank/kwaliteiten/shared/{number}", {"shared": on})
    assert page.status_code == 200
    return page.text


def take(visitor: Visitor) -> str:
    """Press the only "Overnemen" of the page."""
    (path,) = re.findall(r'action="[^"]*(/bank/kwaliteiten/copies/\d+)"', bank(visitor))
    return visitor.post(path).text


def test_nothing_is_shared_unless_its_writer_shares_it(mentor: Visitor, ilse: Visitor) -> None:
    key = add(mentor, WORDS)
    assert WORDS not in bank(ilse)
    page = share(mentor, key.removeprefix("own-"))
    assert labels(page, key) == ["eigen", "gedeeld"]
    assert "Niet meer delen" in line(page, key)
    there = bank(ilse)
    assert WORDS in there.split("Van collega’s")[1]
    assert "van Miriam de Wit" in there
    assert "van Miriam de Wit" not in bank(mentor)
    assert WORDS not in bank(ilse, "motieven")
    page = share(mentor, key.removeprefix("own-"), "")
    assert labels(page, key) == ["eigen"]
    assert WORDS not in bank(ilse)


def test_a_copy_stays_whatever_its_first_writer_does(mentor: Visitor, ilse: Visitor) -> None:
    key = add(mentor, WORDS)
    share(mentor, key.removeprefix("own-"))
    page = take(ilse)
    (copied,) = [one for one in keys(page, "kw-g2") if one.startswith("own-")]
    assert labels(page, copied) == ["eigen"]
    assert "Overgenomen" in page
    reword(mentor, key, "Waar krijg je energie van?")
    assert WORDS in line(bank(ilse), copied)
    mentor.do(f"/bank/kwaliteiten/withdrawn/{key.removeprefix('own-')}")
    page = bank(ilse)
    assert WORDS in line(page, copied)
    assert "van Miriam de Wit" not in page
    mentor.do(f"/bank/kwaliteiten/restored/{key.removeprefix('own-')}")
    assert "van Miriam de Wit" not in bank(ilse)  # sharing is chosen again


def test_taking_over_twice_makes_one_copy(mentor: Visitor, ilse: Visitor) -> None:
    number = add(mentor, WORDS).removeprefix("own-")
    share(mentor, number)
    for _time in range(2):
        page = ilse.post(f"/bank/kwaliteiten/copies/{number}")
        assert page.status_code == 200
    assert len([one for one in keys(page.text, "kw-g2") if one.startswith("own-")]) == 1


def test_a_shared_wording_comes_with_its_source(mentor: Visitor, ilse: Visitor) -> None:
    reword(mentor, "kw-v02", WORDS)
    found = re.search(r"/bank/kwaliteiten/shared/(\d+)", bank(mentor))
    assert found
    share(mentor, found[1])
    assert "Bron:" in bank(ilse).split("Van collega’s")[1]
    page = take(ilse)
    assert labels(page, "kw-v02") == ["eigen versie"]
    assert WORDS in line(page, "kw-v02")


def test_only_ones_own_is_shared_and_only_what_is_shared_is_taken(
    mentor: Visitor, ilse: Visitor
) -> None:
    number = add(mentor, WORDS).removeprefix("own-")
    assert ilse.post(f"/bank/kwaliteiten/copies/{number}").status_code == 404
    assert ilse.post(f"/bank/kwaliteiten/shared/{number}", {"shared": "1"}).status_code == 404
    share(mentor, number)
    assert mentor.post(f"/bank/kwaliteiten/copies/{number}").status_code == 404
    assert ilse.post(f"/bank/motieven/copies/{number}").status_code == 404
    mentor.do(f"/bank/kwaliteiten/withdrawn/{number}")
    assert ilse.post(f"/bank/kwaliteiten/copies/{number}").status_code == 404
    assert mentor.post(f"/bank/kwaliteiten/shared/{number}").status_code == 404
