"""How the pupil sees a closed conversation: written by the pupil alone, read by both."""

import pytest

from lti_tool.fields import LONGEST_TEXT
from lti_tool.models import Entry
from tests.support.school import School
from tests.support.talk import Talk
from tests.support.years import first_year, next_year

TEXT = "Ik vond het meelopen juist wel leuk"
FIELD = "my-view.text"


@pytest.fixture
def closed(talk: Talk) -> Talk:
    talk.start()
    talk.close()
    return talk


def test_both_read_what_the_pupil_thinks_of_it(closed: Talk) -> None:
    page = closed.get("", closed.noor)
    assert "Jouw kijk op dit gesprek" in page.text
    assert "Hoe Noor ernaar kijkt" not in closed.get("").text
    assert TEXT in closed.post("", closed.noor, **{FIELD: TEXT}).text
    page = closed.get("")
    assert "Hoe Noor ernaar kijkt" in page.text
    assert TEXT in page.text
    assert f'name="{FIELD}"' not in page.text
    changed = {FIELD: "Bij nader inzien klopt het", f"revision.{FIELD}": "1"}
    assert closed.post("", closed.noor, **changed).status_code == 200
    page = closed.get("")
    assert "Bij nader inzien klopt het" in page.text
    assert TEXT not in page.text


def test_only_the_pupil_writes_it_and_only_after_closing(talk: Talk) -> None:
    talk.start()
    assert "Jouw kijk op dit gesprek" not in talk.get("", talk.noor).text
    refused = talk.post("", talk.noor, **{FIELD: TEXT})
    assert refused.status_code == 422
    assert TEXT in refused.text
    talk.close()
    talk.do("", **{FIELD: "Van de mentor"})
    assert talk.post(f"entries/{FIELD}", **{FIELD: "Van de mentor"}).status_code in {403, 404}
    assert talk.rows(Entry) == []


def test_what_does_not_fit_comes_back_as_it_was_typed(closed: Talk) -> None:
    text = "x" * (LONGEST_TEXT + 1)
    page = closed.post("", closed.noor, **{FIELD: text})
    assert page.status_code == 422
    assert "Je tekst is te lang" in page.text
    assert text in page.text


def test_it_travels_with_a_conversation_that_is_passed_on(school: School, talk: Talk) -> None:
    years = next_year(school, first_year(talk))
    years.first.do("", years.first.noor, **{FIELD: TEXT})
    years.pass_on(years.first)
    for who in (years.piet, years.noor):
        page = who.get(f"/conversations/{years.first.id}/")
        assert TEXT in page.text
        assert f'name="{FIELD}"' not in page.text
