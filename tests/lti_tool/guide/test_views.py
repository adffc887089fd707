"""Any phase in any order; what is private; who chairs."""

import re

import pytest

from lti_tool.models import Conversation, Experience, MustAnswer, db
from tests.support.talk import Talk

PRIVATE = (
    "Toelichting voor de docent",
    "Privé-aantekening",
    "Eigen opmerkingen",
    "Alleen jij ziet dit",
)


@pytest.fixture
def started(talk: Talk) -> Talk:
    talk.start()
    return talk


def test_before_the_start_the_guide_leads_to_the_preparation(talk: Talk) -> None:
    assert "Begin het gesprek" in talk.get("guide/doel").text
    assert talk.post("guide/goals", goal="x", owner="pupil").status_code == 409


@pytest.mark.row("F7")
def test_what_the_mentor_did_not_share_yet_is_known_from_the_start(talk: Talk) -> None:
    talk.do("prepare/", **{"prep.vb-v01": "Horen hoe het gaat"})
    talk.do("prepare/", action="add-question", own_question="Gaat het goed thuis?")
    assert "Horen hoe het gaat" not in talk.get("", talk.noor).text
    talk.start()
    for path, who in (("guide/doel", talk.mentor), ("", talk.noor)):
        assert "Horen hoe het gaat" in talk.get(path, who).text
    assert "Gaat het goed thuis?" not in talk.get("", talk.noor).text


def test_what_was_looked_up_for_oneself_is_at_hand(talk: Talk) -> None:
    talk.do("prepare/", **{"private.lookup": "Twee keer gezakt"})
    talk.start()
    assert "Twee keer gezakt" in talk.get("guide/voorbereiding").text
    talk.do("guide/chair", chair="pupil")
    assert "Twee keer gezakt" not in talk.get("guide/voorbereiding").text


def test_after_a_pupil_chaired_the_mentor_looks_back_alone(started: Talk) -> None:
    started.do("guide/chair", chair="pupil")
    started.close()
    page = started.get("guide/reflectie")
    assert "Kort terugkijken op je eigen rol" in page.text
    assert "Kijk terug op het gesprek" in page.text


def test_starting_twice_is_starting_once(started: Talk) -> None:
    def moment() -> object:
        with started.school.app.app_context():
            return db.session.get_one(Conversation, started.id).started_at

    before = moment()
    started.start()
    assert moment() == before


def test_all_phases_are_one_click_away_in_the_sources_order(started: Talk) -> None:
    page = started.get("guide/netwerken").text
    titles = re.findall(r'<a[^>]*href="/s/[^"]*/(?:guide/[a-z]+|closing/)"[^>]*>', page)
    assert len(titles) >= 10
    steps = [
        page.index(f">{step}<") for step in ("Voorbereiding", "Gesprek", "Afronding", "Reflectie")
    ]
    assert steps == sorted(steps)


def test_notes_are_shared_or_private_as_they_say(started: Talk) -> None:
    started.do(
        "guide/werk",
        **{
            "note.werk": "Samen opgeschreven",
            "private.werk": "Alleen voor de mentor",
            "conclusion.werk": "Buiten werken past",
        },
    )
    page = started.get("", started.noor)
    assert "Samen opgeschreven" in page.text
    assert "Buiten werken past" in page.text
    assert "Alleen voor de mentor" not in page.text
    colleague = started.school.visit(started.school.teacher("Ilse Smit"), started.round_id)
    page = started.get("guide/werk", colleague)
    assert "Samen opgeschreven" in page.text
    assert "Alleen voor de mentor" not in page.text


def test_a_private_note_comes_back_for_its_writer_only(started: Talk) -> None:
    started.do("guide/werk", **{"private.werk": "Alleen voor de mentor"})
    started.close()
    following = started.next()
    assert "Alleen voor de mentor" in following.get("prepare/").text
    colleague = started.school.visit(started.school.teacher("Ilse Smit"), following.round_id)
    assert "Alleen voor de mentor" not in following.get("prepare/", colleague).text


@pytest.mark.parametrize(
    "phase",
    ["voorbereiding", "doel", "ervaring", "kwaliteiten", "motieven", "sturing"],
)
def test_with_the_pupil_in_the_chair_nothing_private_is_on_the_screen(
    started: Talk, phase: str
) -> None:
    started.do("guide/chair", chair="pupil")
    page = started.get(f"guide/{phase}")
    for text in PRIVATE:
        assert text not in page.text
    started.do("guide/chair", chair="teacher")
    assert "Privé-aantekening" in started.get(f"guide/{phase}").text


def test_closing_with_the_pupil_in_the_chair_shows_nothing_private_either(started: Talk) -> None:
    assert "Privé-aantekening" in started.get("closing/").text
    started.do("guide/chair", chair="pupil")
    page = started.get("closing/")
    for text in PRIVATE:
        assert text not in page.text
    assert "Noor" in page.text


def test_the_first_experience_is_the_anchor_until_another_is_chosen(started: Talk) -> None:
    started.do("guide/experiences", experience="De stage", brought_by="pupil")
    started.do("guide/experiences", experience="De open dag", brought_by="teacher")
    first, second = started.rows(Experience)
    assert (first.anchor, second.anchor) == (True, False)
    started.do(f"guide/experiences/{second.id}", action="anchor")
    first, second = started.rows(Experience)
    assert (first.anchor, second.anchor) == (False, True)
    started.do(f"guide/experiences/{first.id}", action="remove")
    assert len(started.rows(Experience)) == 1
    page = started.post("guide/experiences", experience="", brought_by="workplace")
    assert page.status_code == 422


@pytest.mark.row("T4")
def test_pinned_questions_are_ticked_in_the_guide(talk: Talk) -> None:
    talk.do("prepare/", action="add-question", own_question="Gaat het goed thuis?")
    talk.do("prepare/", action="add-question", picked="we-v09")
    talk.start()
    page = talk.get("guide/werk")
    assert "Gaat het goed thuis?" in page.text
    question = talk.rows(MustAnswer)[0]
    for _double_click in range(2):
        page = talk.post(f"guide/must-answer/{question.id}", answered="1", phase="werk")
        assert page.text.count("Beantwoord</span>") == 1
    talk.do(f"guide/must-answer/{question.id}", phase="werk")
    assert talk.rows(MustAnswer)[0].answered_at is None
    colleague = talk.school.visit(talk.school.teacher("Ilse Smit"), talk.round_id)
    assert talk.post(f"guide/must-answer/{question.id}", colleague).status_code == 404


def test_after_closing_only_private_notes_can_change(started: Talk) -> None:
    started.close()
    page = started.post("guide/werk", **{"private.werk": "Nog iets", "note.werk": "Te laat"})
    assert page.status_code == 409
    assert "Te laat" in page.text
    page = started.get("guide/werk")
    assert "Nog iets" in page.text
    assert "Te laat" not in page.text
    assert "afgesloten" in page.text


def test_unknown_phases_are_not_there(started: Talk) -> None:
    assert started.get("guide/nergens").status_code == 404
    assert started.post("guide/nergens", x="y").status_code == 404
