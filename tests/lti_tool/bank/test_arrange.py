"""Hiding and ordering, in the bank and in the guide that follows it."""

import pytest

from tests.support.bank import add, arrange, bank, group, keys, labels, line
from tests.support.statements import needed_for
from tests.support.talk import Talk

HERE = ["kw-v02", "kw-v03", "kw-v04", "kw-v05", "kw-v06"]
WORK = ["we-v01", "we-v02", "we-v03", "we-v04", "we-v05", "we-v06", "we-v07", "we-v08"]


@pytest.fixture
def started(talk: Talk) -> Talk:
    talk.start()
    return talk


def guide(talk: Talk, phase: str = "kwaliteiten") -> str:
    return talk.get(f"guide/{phase}").text


def test_a_question_moves_by_its_buttons_and_the_guide_follows(started: Talk) -> None:
    mentor = started.mentor
    page = arrange(mentor, "kw-v04", "up")
    assert keys(page, "kw-g2") == ["kw-v02", "kw-v04", "kw-v03", "kw-v05", "kw-v06"]
    assert "Deze vraag staat nu op plaats 2 van 5." in page
    arrange(mentor, "kw-v02", "down")
    page = arrange(mentor, "kw-v02", "down")
    order = ["kw-v04", "kw-v03", "kw-v02", "kw-v05", "kw-v06"]
    assert keys(page, "kw-g2") == keys(guide(started), "kw-g2") == order
    colleague = started.school.visit(started.school.teacher("Ilse Smit"), started.round_id)
    assert keys(bank(colleague), "kw-g2") == HERE
    new = add(mentor, "Wat geeft je energie?")
    assert keys(bank(mentor), "kw-g2") == [*order, new]
    page = arrange(mentor, new, "up")
    assert keys(page, "kw-g2") == [*order[:-1], new, "kw-v06"]


@pytest.mark.row("X8")
def test_at_the_ends_there_is_nowhere_to_go_and_nothing_is_stored(started: Talk) -> None:
    page = arrange(started.mentor, "kw-v02", "up")
    assert keys(page, "kw-g2") == HERE
    page = arrange(started.mentor, "kw-v06", "down")
    assert keys(page, "kw-g2") == keys(guide(started), "kw-g2") == HERE
    shown = line(page, "kw-v02")
    assert 'id="up-kw-v02"' in shown.split("Omhoog")[0]
    assert shown.count('aria-disabled="true"') == 1
    assert "Omhoog" not in group(page, "kw-g1")  # one question alone has nowhere to go


def test_the_pressed_button_is_where_the_browser_goes_on(started: Talk) -> None:
    mentor = started.mentor
    answer = mentor.client.post(
        f"{mentor.root}/bank/kwaliteiten/places/kw-v04",
        data={"csrf_token": mentor.csrf_token(), "action": "up"},
    )
    assert answer.status_code == 303
    assert answer.location.endswith("/bank/kwaliteiten?moved=kw-v04#up-kw-v04")
    assert 'id="up-kw-v04"' in bank(mentor)


def test_what_follows_up_on_a_question_goes_where_it_goes(started: Talk) -> None:
    page = arrange(started.mentor, "we-v02", "up", "werk")
    order = ["we-v02", "we-v03", "we-v04", "we-v01", *WORK[4:]]
    assert keys(page, "we-g1") == keys(guide(started, "werk"), "we-g1") == order
    assert "Omhoog" not in line(page, "we-v03")
    assert started.mentor.post("/bank/werk/places/we-v03", {"action": "up"}).status_code == 400


def test_a_hidden_question_is_not_in_the_guide_until_it_is_shown_again(started: Talk) -> None:
    page = arrange(started.mentor, "kw-v03", "hide")
    assert labels(page, "kw-v03") == ["bron", "gevoelig", "verborgen"]
    assert "Weer tonen" in line(page, "kw-v03")
    assert keys(guide(started), "kw-g2") == [one for one in HERE if one != "kw-v03"]
    started.post("guide/chair", chair="pupil")
    assert "kw-v03" not in keys(guide(started), "kw-g2")
    colleague = started.school.visit(started.school.teacher("Ilse Smit"), started.round_id)
    assert "kw-v03" in keys(started.get("guide/kwaliteiten", colleague).text, "kw-g2")
    page = arrange(started.mentor, "kw-v03", "show")
    assert labels(page, "kw-v03") == ["bron", "gevoelig"]
    assert keys(guide(started), "kw-g2") == HERE


def test_a_follow_up_is_hidden_with_its_question(started: Talk) -> None:
    page = arrange(started.mentor, "we-v02", "hide", "werk")
    assert labels(page, "we-v04") == ["bron", "vervolgvraag", "verborgen"]
    assert "Weer tonen" not in line(page, "we-v04")
    left = ["we-v01", *WORK[4:]]
    assert keys(guide(started, "werk"), "we-g1") == left
    arrange(started.mentor, "we-v02", "show", "werk")
    arrange(started.mentor, "we-v06", "hide", "werk")
    assert keys(guide(started, "werk"), "we-g1") == [one for one in WORK if one != "we-v06"]


def test_a_group_with_nothing_shown_still_takes_a_question(started: Talk) -> None:
    arrange(started.mentor, "kw-v01", "hide")
    assert keys(guide(started), "kw-g1") == []
    assert "Eigen vraag toevoegen" in group(guide(started), "kw-g1")


@pytest.mark.parametrize(
    ("key", "action", "status"),
    [("kw-v99", "up", 404), ("mo-v01", "up", 404), ("own-1", "hide", 404), ("kw-v02", "x", 400)],
)
def test_odd_requests_change_nothing(started: Talk, key: str, action: str, status: int) -> None:
    page = started.mentor.post(f"/bank/kwaliteiten/places/{key}", {"action": action})
    assert page.status_code == status
    assert keys(bank(started.mentor), "kw-g2") == HERE


def test_an_own_question_is_taken_away_not_hidden(started: Talk) -> None:
    key = add(started.mentor, "Wat geeft je energie?")
    assert "Verbergen" not in line(bank(started.mentor), key)
    page = started.mentor.post(f"/bank/kwaliteiten/places/{key}", {"action": "hide"})
    assert page.status_code == 400


def test_bank_and_guide_need_as_many_statements_however_much_there_is(started: Talk) -> None:
    paths = ("/bank/kwaliteiten", f"/conversations/{started.id}/guide/kwaliteiten")
    few = [needed_for(started.mentor, path) for path in paths]
    for number in range(6):
        key = add(started.mentor, f"Vraag {number}")
        arrange(started.mentor, key, "up")
        arrange(started.mentor, HERE[number % 5], "hide")
        started.mentor.post(f"/bank/kwaliteiten/withdrawn/{number}")
    assert [needed_for(started.mentor, path) for path in paths] == few
    assert few[0] <= 10
