"""How a teacher wants the guide: on one page, without a script, for every conversation."""

import re

import pytest

from tests.support.talk import Talk


@pytest.fixture
def started(talk: Talk) -> Talk:
    talk.start()
    return talk


def test_the_page_of_keys_is_a_link_away_on_every_screen(started: Talk) -> None:
    for path in ("guide/doel", "guide/kwaliteiten", "guide/reflectie", "closing/"):
        link = re.search(r'id="options"\s+href="([^"]*)"', started.get(path).text)
        assert link
        page = started.mentor.get(link[1]).text
        assert "naar de volgende fase" in page
        assert "Toetsen uitzetten" in page
        assert re.search(r'href="[^"]*/instrument">\s*Het instrument op papier', page)


def test_each_choice_is_made_and_taken_back(started: Talk) -> None:
    for name, off, on in (
        ("keys", "Toetsen aanzetten", "Toetsen uitzetten"),
        ("clock", "Klok tonen", "Klok verbergen"),
        ("one_by_one", "Eén vraag tegelijk", "Alle vragen onder elkaar"),
    ):
        page = started.post("guide/options", **{name: "", "phase": "werk"}).text
        assert off in page
        page = started.post("guide/options", **{name: "1", "phase": "werk"}).text
        assert on in page


def test_the_clock_says_when_it_began_and_can_be_hidden(started: Talk) -> None:
    for path in ("guide/werk", "closing/"):
        page = started.get(path).text
        assert re.search(r'data-seconds="\d+">Begonnen om \d\d:\d\d<', page)
        assert "aria-live" not in re.findall(r"<[^>]*data-seconds[^>]*>", page)[0]
    started.do("guide/options", clock="", phase="werk")
    for path in ("guide/werk", "closing/"):
        assert "Begonnen om" not in started.get(path).text
    started.do("guide/options", clock="1", phase="werk")
    started.close()
    assert "Begonnen om" not in started.get("guide/werk").text


def test_nonsense_leads_to_the_goals_and_pupils_have_no_such_page(started: Talk) -> None:
    assert started.get("guide/options?phase=nergens").status_code == 200
    assert started.post("guide/options", phase="nergens", back="phase").status_code == 200
    assert started.get("guide/options", started.noor).status_code == 403
    assert started.post("guide/options", started.noor, keys="").status_code == 403
