"""A round made by mistake is taken away, and never when somebody did anything with it."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from lti_tool.models import Conversation, LaunchSession, Round, RoundQuestion, db
from tests.support.school import School
from tests.support.talk import Talk
from tests.support.times import book, offer, times

OFFER = ">Ronde weghalen</a>"


def removal(talk: Talk) -> str:
    return f"/rounds/{talk.round_id}/remove"


def offered(talk: Talk) -> bool:
    return OFFER in talk.mentor.get(f"/rounds/{talk.round_id}/edit").text


def test_a_round_nobody_used_goes_with_all_that_was_made_with_it(app: Flask, talk: Talk) -> None:
    edit = f"/rounds/{talk.round_id}/edit"
    talk.mentor.do(edit, {"title": "Per ongeluk", "own-new-1": "Hoe gaat het?"})
    assert offered(talk)
    page = talk.mentor.get(removal(talk)).text
    assert "Er is nog niets geschreven of verstuurd." in page
    assert "De eigen vragen die bij deze ronde staan, gaan ook weg." in page
    page = talk.mentor.post(removal(talk)).text
    assert "<h1>Rondes</h1>" in page
    assert "Per ongeluk" not in page
    with app.app_context():
        for kind in (Round, Conversation, RoundQuestion):
            assert list(db.session.scalars(select(kind))) == []
        visits = db.session.scalars(select(LaunchSession)).all()
        assert [one.round_id for one in visits] == [None, None]
    assert talk.noor.get().status_code == 200
    assert talk.mentor.post(removal(talk)).status_code == 404


def plan(talk: Talk) -> None:
    talk.do("prepare/put-off", action="plan", planned_for="2027-03-01")


def begin_and_take_back(talk: Talk) -> None:
    talk.start()
    talk.do("guide/take-back")


def choose_a_purpose(talk: Talk) -> None:
    assert talk.post("prepare/choices", purpose="guidance").status_code == 200


def offer_times(talk: Talk) -> None:
    offer(talk)


def book_a_time(talk: Talk) -> None:
    offer(talk)
    book(talk, times(talk.school)[0].id)


def open_as_pupil(talk: Talk) -> None:
    talk.noor.get()


def open_as_mentor(talk: Talk) -> None:
    talk.get("prepare/")


def prepare(talk: Talk) -> None:
    talk.do("prepare/", **{"prep.vb-v01": "Luisteren"})


@pytest.mark.parametrize(
    "use",
    [
        open_as_pupil,
        open_as_mentor,
        prepare,
        choose_a_purpose,
        plan,
        offer_times,
        book_a_time,
        Talk.start,
        begin_and_take_back,
    ],
)
def test_a_round_somebody_used_stays(app: Flask, talk: Talk, use: Callable[[Talk], None]) -> None:
    assert offered(talk)
    use(talk)
    assert not offered(talk)
    pages = talk.mentor.get(removal(talk)), talk.mentor.post(removal(talk))
    assert [page.status_code for page in pages] == [200, 409]
    for page in pages:
        assert "Deze ronde kan niet meer weg" in page.text
        assert ">Ronde weghalen</button>" not in page.text
    with app.app_context():
        assert db.session.get(Round, talk.round_id) is not None
        assert db.session.get(Conversation, talk.id) is not None


def test_of_an_activity_it_says_that_it_stays(app: Flask, talk: Talk) -> None:
    assert "De activiteit in de cursus blijft staan" in talk.mentor.get(removal(talk)).text
    with app.app_context():
        db.session.get_one(Round, talk.round_id).resource_link_id = None
        db.session.commit()
    assert "Staat er een activiteit voor in de cursus?" in talk.mentor.get(removal(talk)).text


def test_another_round_is_left_alone(app: Flask, talk: Talk) -> None:
    other = talk.next()
    other.start()
    talk.mentor.do(removal(talk))
    assert other.get("guide/doel").status_code == 200


def test_only_the_courses_own_teachers_take_a_round_away(school: School, talk: Talk) -> None:
    assert talk.noor.post(removal(talk)).status_code == 403
    assert school.administrator().post(removal(talk)).status_code == 403
    assert offered(talk)
