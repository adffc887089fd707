"""Goals of both, agreed on, in view everywhere, and made to wait for what weighs more."""

import re

import pytest

from lti_tool.models import Conversation, Goal, db
from tests.support.talk import Talk

PHASES = (
    "voorbereiding",
    "doel",
    "ervaring",
    "kwaliteiten",
    "motieven",
    "werk",
    "sturing",
    "netwerken",
)


@pytest.fixture
def started(talk: Talk) -> Talk:
    talk.do("preparation/goal", talk.noor, **{"prep.vb-v01": "Weten of zorg past"})
    talk.do("preparation/topic", talk.noor, **{"prep.vb-v02": "Stage"})
    talk.do("preparation/check", talk.noor)
    talk.do("prepare/", **{"prep.vb-v01": "Horen hoe het gaat", "action": "share"})
    talk.start()
    return talk


@pytest.mark.row("G1")
def test_no_goal_is_filled_in_by_itself(started: Talk) -> None:
    page = started.get("guide/doel")
    assert "Weten of zorg past" in page.text
    assert "Horen hoe het gaat" in page.text
    assert re.search(r'<textarea[^>]*name="goal"[^>]*>\s*</textarea>', page.text)
    assert started.rows(Goal) == []


@pytest.mark.row("G1")
@pytest.mark.parametrize(
    ("source", "text"), [("pupil", "Weten of zorg past"), ("teacher", "Horen hoe het gaat")]
)
def test_people_choose_to_take_a_goal_over(started: Talk, source: str, text: str) -> None:
    page = started.get(f"guide/doel?from={source}")
    assert f"{text}</textarea>" in page.text
    assert started.rows(Goal) == []


@pytest.mark.row("G4")
def test_the_goal_stays_in_view_on_every_screen(started: Talk) -> None:
    started.do("guide/goals", goal="Weten of zorg past", owner="together")
    for phase in PHASES:
        assert "Weten of zorg past" in started.get(f"guide/{phase}").text, phase
    assert "Weten of zorg past" in started.get("closing/").text


@pytest.mark.row("G5")
def test_a_goal_waits_with_its_reason_and_comes_back(started: Talk) -> None:
    started.do("guide/goals", goal="Weten of zorg past", owner="pupil")
    goal = started.rows(Goal)[0]
    page = started.post(
        f"guide/goals/{goal.id}", action="park", **{f"because-{goal.id}": "Ruzie thuis"}
    )
    assert "Ruzie thuis" in page.text
    assert "Ruzie thuis" in started.get("closing/").text
    started.close()
    following = started.next()
    assert "Weten of zorg past" in following.get("prepare/").text
    assert "Weten of zorg past" in following.get("preparation/look-back", following.noor).text
    following.start()
    assert "Dit doel moest wachten" in following.get("guide/doel").text


def test_a_goal_can_be_taken_up_again_or_away(started: Talk) -> None:
    started.do("guide/goals", goal="Weten of zorg past", owner="pupil")
    goal = started.rows(Goal)[0]
    started.do(f"guide/goals/{goal.id}", action="park")
    started.do(f"guide/goals/{goal.id}", action="unpark")
    assert started.rows(Goal)[0].parked_at is None
    started.do(f"guide/goals/{goal.id}", action="remove")
    assert started.rows(Goal) == []


@pytest.mark.parametrize(
    "fields", [{"goal": "Iets"}, {"owner": "pupil"}, {"goal": "x", "owner": "y"}]
)
def test_a_goal_has_words_and_an_owner(started: Talk, fields: dict[str, str]) -> None:
    page = started.post("guide/goals", **fields)
    assert page.status_code == 422
    assert fields.get("goal", "") in page.text
    assert started.rows(Goal) == []


@pytest.mark.row("G3")
def test_being_agreed_cannot_pass_silently(started: Talk) -> None:
    page = started.post("guide/agreed", **{"agreed.remark": "Noor wil eerst over school praten"})
    assert page.status_code == 422
    assert "Kies ja, deels of nee" in page.text
    assert "Noor wil eerst over school praten" in page.text
    page = started.post("guide/agreed", agreed="no")
    with started.school.app.app_context():
        assert db.session.get_one(Conversation, started.id).agreed == "no"


@pytest.mark.row("F5")
def test_the_pupils_turn_comes_first(started: Talk) -> None:
    page = started.get("guide/doel")
    assert page.text.index("Eerst: Noor vertelt") < page.text.index("Weten of zorg past")


def test_the_goals_of_another_conversation_are_not_there(started: Talk) -> None:
    started.do("guide/goals", goal="Weten of zorg past", owner="pupil")
    goal = started.rows(Goal)[0]
    other = started.school.pupil("Sem Yilmaz")
    round_id = started.school.round()
    path = f"/conversations/{started.school.conversation(other, round_id)}/guide"
    started.mentor.do(f"{path}/start")
    assert started.mentor.post(f"{path}/goals/{goal.id}", {"action": "remove"}).status_code == 404


def test_one_goal_is_counted_as_one(talk: Talk) -> None:
    talk.start()
    talk.do("guide/goals", goal="Kiezen", owner="pupil")
    assert ">1 doel<" in talk.get("guide/doel").text
    talk.do("guide/goals", goal="Horen", owner="teacher")
    assert ">2 doelen<" in talk.get("guide/doel").text
