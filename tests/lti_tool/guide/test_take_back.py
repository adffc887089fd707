"""A conversation that was begun by mistake."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from lti_tool.models import Conversation, Entry, State, Visibility, db, now
from tests.support.talk import Talk

OFFER = "Toch nog niet begonnen"
GOAL = "prep.vb-v01"


def begun_earlier(talk: Talk) -> None:
    with talk.school.app.app_context():
        earlier = now() - timedelta(days=2)
        db.session.execute(update(Conversation).values(started_at=earlier))
        db.session.commit()


def state(talk: Talk) -> tuple[State, object, object]:
    with talk.school.app.app_context():
        row = db.session.get_one(Conversation, talk.id)
        return row.state, row.started_at, row.teacher_id


def test_both_prepare_again_with_what_they_had(talk: Talk) -> None:
    talk.do("prepare/", **{GOAL: "Horen hoe het gaat"})
    talk.do("preparation/goal", talk.noor, **{GOAL: "Iets over werk"})
    talk.start()
    for path in ("guide/doel", ""):
        assert OFFER in talk.get(path).text
    assert OFFER not in talk.get("guide/ervaring").text
    assert OFFER not in talk.get("", talk.noor).text
    page = talk.post("guide/take-back")
    assert state(talk) == (State.PLANNED, None, None)
    assert "Begin het gesprek" in page.text
    assert "Horen hoe het gaat</textarea>" in page.text
    assert "Iets over werk</textarea>" in talk.get("preparation/goal", talk.noor).text


def test_what_was_a_draft_is_a_draft_again(talk: Talk) -> None:
    talk.do("prepare/", **{GOAL: "Horen hoe het gaat"})
    talk.start()
    talk.do("guide/take-back")
    with talk.school.app.app_context():
        levels = db.session.scalars(select(Entry.visibility).where(Entry.key == GOAL)).all()
    assert levels == [Visibility.TEACHER_DRAFT]


def test_what_was_shared_before_stays_shared(talk: Talk) -> None:
    talk.do("prepare/", action="share", **{GOAL: "Horen hoe het gaat"})
    talk.start()
    talk.do("guide/take-back")
    assert "Horen hoe het gaat" in talk.get("", talk.noor).text


def test_on_the_same_day_what_was_noted_is_kept_for_the_next_beginning(talk: Talk) -> None:
    talk.start()
    talk.agree(what="Een open dag kiezen")
    talk.do("guide/take-back")
    talk.start()
    assert "Een open dag kiezen" in talk.get("agreements/").text


def test_later_it_is_offered_while_nothing_was_recorded(talk: Talk) -> None:
    talk.do("prepare/", **{GOAL: "Horen hoe het gaat", "private.lookup": "Twee keer gezakt"})
    talk.start()
    begun_earlier(talk)
    with talk.school.app.app_context():
        before = now() - timedelta(days=3)
        db.session.execute(update(Entry).values(written_at=before))
        db.session.commit()
    assert OFFER in talk.get("guide/doel").text
    talk.do("guide/take-back")
    assert state(talk)[0] == State.PLANNED


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("guide/goals", {"goal": "Een goed gesprek", "owner": "pupil"}),
        ("guide/agreed", {"agreed": "yes"}),
        ("guide/doel", {"note.doel": "Hij was laat"}),
        ("agreements/new", {"party": "pupil", "kind": "action", "what": "Kijken"}),
    ],
)
def test_later_it_is_refused_once_something_was_recorded(
    talk: Talk, path: str, fields: dict[str, str]
) -> None:
    talk.start()
    begun_earlier(talk)
    talk.do(path, **fields)
    assert OFFER not in talk.get("guide/doel").text
    assert talk.post("guide/take-back").status_code == 409
    assert state(talk)[0] == State.STARTED


def test_a_pupil_cannot_take_it_back_and_nobody_before_the_start(talk: Talk) -> None:
    assert talk.post("guide/take-back").status_code == 409
    talk.start()
    assert talk.post("guide/take-back", talk.noor).status_code == 403


def test_what_the_pupil_was_writing_meanwhile_is_shown_back(talk: Talk) -> None:
    talk.start()
    talk.do("guide/take-back")
    typed = {"own-question.text": "Moet ik verhuizen?", "next.topic": "De stage"}
    page = talk.post("", talk.noor, **typed)
    assert page.status_code == 422
    for text in typed.values():
        assert f"{text}</textarea>" in page.text
