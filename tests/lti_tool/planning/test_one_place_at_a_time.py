"""A pupil of two courses cannot be at two conversations at the same moment."""

from dataclasses import dataclass

import pytest
from sqlalchemy import select

from lti_tool.models import Conversation, OfferedTime, State, db
from tests.lti_tool.planning.test_at_the_same_moment import ROUNDS, at_once
from tests.support.school import School
from tests.support.talk import Talk, hold_talk
from tests.support.times import book, next_week, offer, times


@dataclass
class Two:
    """Noor's conversation in each course, with its times in order."""

    here: Talk
    there: Talk
    mine: list[OfferedTime]
    """09:00-09:25, 09:30-09:55, 10:00-10:25."""
    theirs: list[OfferedTime]
    """09:10-09:35 and 09:40-10:05."""


@pytest.fixture
def two(school: School) -> Two:
    noor, other = school.pupil(), school.course("Stage en beroep")
    here = hold_talk(school, school.teacher(), noor)
    decaan = school.also(school.teacher("Piet Zonneveld"), other)
    there = hold_talk(school, decaan, school.also(noor, other), other)
    assert offer(here).status_code == 200
    assert offer(there, from_="09:10", till="10:10").status_code == 200
    mine, theirs = (
        [one for one in times(school) if one.round_id == talk.round_id] for talk in (here, there)
    )
    return Two(here, there, mine, theirs)


def holders(school: School) -> list[int]:
    return sorted(one.conversation_id for one in times(school) if one.conversation_id)


def test_the_first_tap_says_what_the_pupil_has_then(two: Two) -> None:
    book(two.here, two.mine[0].id)
    page = two.there.get(f"time/choose/{two.theirs[0].id}", two.there.noor)
    assert page.status_code == 409
    assert "Dan heb je al een ander gesprek" in page.text
    assert "van 09:00 tot 09:25 uur" in page.text
    page = book(two.there, two.theirs[0].id)
    assert (page.status_code, holders(two.here.school)) == (409, [two.here.id])
    assert book(two.there, two.theirs[1].id).status_code == 200
    assert holders(two.here.school) == sorted([two.here.id, two.there.id])


def test_one_may_begin_when_the_other_ends(two: Two) -> None:
    assert offer(two.there, from_="10:25", till="10:30", minutes="5").status_code == 200
    just_after = next(one for one in times(two.here.school) if one.minutes == 5)
    book(two.here, two.mine[2].id)
    assert book(two.there, just_after.id).status_code == 200
    assert holders(two.here.school) == sorted([two.here.id, two.there.id])


def test_what_a_teacher_gives_by_hand(two: Two) -> None:
    book(two.here, two.mine[0].id)
    path = f"/rounds/{two.there.round_id}/times/for/{two.there.id}"
    page = two.there.mentor.post(path, {"time": str(two.theirs[0].id)})
    assert page.status_code == 409
    assert "Noor heeft dan al een ander gesprek" in page.text
    assert "Mentorles" not in page.text.split("<main", 1)[1]
    assert holders(two.here.school) == [two.here.id]


def test_a_time_of_who_left_is_in_nobodys_way(two: Two) -> None:
    book(two.here, two.mine[0].id)
    two.here.school.leave(two.here.teacher_id)
    assert book(two.there, two.theirs[0].id).status_code == 200


def test_two_courses_at_the_same_moment(two: Two) -> None:
    """Two windows, in each course one: one of them wins."""
    taps = [
        (two.here.noor, f"/conversations/{two.here.id}/time/choose/{two.mine[0].id}"),
        (two.there.noor, f"/conversations/{two.there.id}/time/choose/{two.theirs[0].id}"),
    ]
    for _again in range(ROUNDS):
        assert at_once(taps, refused="Dan heb je al een ander gesprek") == [200, 409]
        assert len(holders(two.here.school)) == 1
        for talk in (two.here, two.there):
            talk.do("time/cancel", talk.noor)
        assert holders(two.here.school) == []


def test_one_that_began_too_early_keeps_its_time(two: Two) -> None:
    book(two.here, two.mine[0].id)
    two.here.start()
    assert book(two.there, two.theirs[0].id).status_code == 409
    assert holders(two.here.school) == [two.here.id]


def test_who_was_put_off_and_chooses_a_time_is_planned_again(two: Two) -> None:
    two.here.do("prepare/put-off", action="postpone", planned_for="2099-01-12")
    assert book(two.here, two.mine[1].id).status_code == 200
    with two.here.school.app.app_context():
        found = db.session.scalars(select(Conversation).where(Conversation.id == two.here.id)).one()
        assert (found.state, found.planned_for) == (State.PLANNED, next_week(two.here.school))


@pytest.mark.parametrize("same_day", [True, False])
def test_planned_by_hand_on_another_day_frees_the_time(two: Two, same_day: bool) -> None:
    book(two.here, two.mine[1].id)
    day = str(next_week(two.here.school)) if same_day else "2099-01-12"
    assert two.here.post("prepare/put-off", action="plan", planned_for=day).status_code == 200
    assert holders(two.here.school) == ([two.here.id] if same_day else [])


def test_the_same_times_in_another_place_are_no_second_click(two: Two) -> None:
    assert offer(two.here).status_code == 200
    page = offer(two.here, place="lokaal 3.01")
    assert page.status_code == 422
    assert "zijn er al tijden: 09:00-09:25" in page.text
