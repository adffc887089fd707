"""Agreements and the closing, as the acceptance table asks for them (rows X1, X5, A, G26–G40)."""

import re
from datetime import timedelta

import pytest
import time_machine

import instrument
from lti_tool.models import now
from tests.support.talk import Talk

SPOKEN = {key: one.spoken for key, one in instrument.load().question_by_key.items()}


@pytest.fixture
def started(talk: Talk) -> Talk:
    talk.start()
    return talk


@pytest.mark.row("X1")
def test_one_pupil_a_teacher_and_others_by_role(started: Talk) -> None:
    started.do("closing/participants", party="workplace")
    started.do("closing/participants", party="other", description="de coach", present="1")
    page = started.get("closing/").text
    assert re.search(r"<span>Praktijkopleider, was er niet bij</span>", page)
    assert re.search(r"<span>Iemand anders \(de coach\), was erbij</span>", page)
    reasons = {f"reason-{who}": "Niet nodig" for who in ("pupil", "teacher", "workplace", "other")}
    page = started.post("closing/", action="close", **reasons).text
    assert "Gesprek met Noor Bakker" in page
    assert "met Miriam de Wit" in page
    other = started.school.visit(started.school.pupil("Sem Yilmaz"), started.round_id)
    assert started.get("", other).status_code == 404


@pytest.mark.row("X5", "A7")
def test_nobody_leaves_with_nothing_unless_it_is_said_why(started: Talk) -> None:
    started.do("closing/participants", party="workplace", description="de bakker")
    page = started.post("closing/", action="close")
    assert page.status_code == 422
    for who in ("leerling", "mentor", "praktijkopleider"):
        assert f"De {who} heeft nog geen afspraak" in page.text
    started.agree("pupil", "Een middag meelopen")
    started.agree("workplace", "Ruimte maken")
    page = started.post("closing/", action="close")
    assert page.status_code == 422
    assert "De leerling heeft nog geen afspraak" not in page.text
    assert "De mentor heeft nog geen afspraak" in page.text
    page = started.post("closing/", action="close", **{"reason-teacher": "Noor wil het zelf doen"})
    assert "Het gesprek is afgesloten" in page.text
    assert "Noor wil het zelf doen" in started.get("").text


@pytest.mark.row("A2")
def test_the_pupil_sees_the_action_right_after_closing(started: Talk) -> None:
    started.agree("pupil", "Een middag meelopen")
    started.do("closing/", action="close", **{"reason-teacher": "Niet nodig"})
    for page in (started.get("", started.noor), started.noor.get("/mine")):
        assert "Een middag meelopen" in page.text


@pytest.mark.row("A4", "G28")
def test_the_mentor_has_sorts_of_their_own_and_the_pupil_is_the_owner_by_default(
    started: Talk,
) -> None:
    page = started.get("agreements/new").text
    assert re.search(r'<input[^>]*name="party"[^>]*value="pupil"[^>]*checked', page)
    for sort in ("Uitzoeken", "Meegaan", "Regelen", "Opdracht maken", "Anders"):
        assert re.search(rf"<option[^>]*>\s*{sort}\s*</option>", page), sort
    made = started.post("agreements/new", party="teacher", kind="join", what="Mee naar de stage")
    assert "Meegaan" in made.text


@pytest.mark.row("A5")
def test_help_makes_it_small_and_never_blocks(started: Talk) -> None:
    page = started.get("agreements/new").text
    for text in ("Wat precies?", "Wanneer is het klaar?", "Hoe zien we", "haalbaar", "Waarom"):
        assert text in page
    for name in ("due_on", "done_when"):
        assert f'name="{name}"' in page
    text = "Eerst dit en dan dat. " * 12
    made = started.post("agreements/new", party="pupil", kind="action", what=text)
    assert made.status_code == 200
    assert "Kun je hem in tweeën delen?" in made.text


@pytest.mark.row("A6")
def test_a_workplace_without_an_account_owns_an_agreement(started: Talk) -> None:
    fields = {"party_description": "begeleider bij de bakker", "informed_by": "teacher"}
    for party in ("pupil", "teacher", "workplace", "other"):
        what = f"Iets voor {party}"
        page = started.post("agreements/new", party=party, kind="other", what=what, **fields)
        assert what in page.text
    assert "Praktijkopleider (begeleider bij de bakker)" in page.text
    assert "Wie informeert" in page.text
    page = started.get("agreements/", started.noor)
    assert "Iets voor pupil" in page.text
    assert "Iets voor workplace" not in page.text


@pytest.mark.row("G26")
def test_exploring_work_becomes_the_pupils_assignment(started: Talk) -> None:
    page = started.get("guide/werk").text
    link = re.search(r'href="([^"]*)"[^>]*>\s*Maak een afspraak', page)
    assert link
    address = link[1].replace("&amp;", "&")
    page = started.mentor.get(address).text
    assert re.search(r'<input[^>]*name="party"[^>]*value="pupil"[^>]*checked', page)
    assert re.search(r'<option value="assignment"[^>]*selected', page)
    fields = {
        "party": "pupil",
        "kind": "assignment",
        "what": "De kok vragen",
        "how": "In de keuken",
    }
    started.mentor.do(address, fields)
    page = started.get("agreements/", started.noor).text
    for text in ("De kok vragen", "In de keuken", "Opdracht om iets te onderzoeken"):
        assert text in page


@pytest.mark.row("G29", "G32")
def test_an_agreement_says_how_where_when_and_in_which_steps(started: Talk) -> None:
    assert "Hoe en waar, binnen of buiten school?" in started.get("agreements/new").text
    fields = {"how": "Op school, met Jan", "due_on": "2027-03-01", "steps": "Kiezen\nOefenen"}
    started.do("agreements/new", party="pupil", kind="action", what="Oefenen", **fields)
    page = started.get("agreements/", started.noor).text
    for text in ("Op school, met Jan", "1 maart 2027", "Kiezen", "Oefenen"):
        assert text in page
    step = re.search(r"agreements/\d+/steps/\d+", page)
    assert step
    assert ">gedaan<" in started.post(step[0], started.noor, done="1").text


@pytest.mark.row("G36")
def test_making_contact_is_an_agreement_that_needs_no_name(started: Talk) -> None:
    page = started.get("guide/netwerken").text
    assert "kind=contact" in page
    made = started.post("agreements/new", party="pupil", kind="contact", what="Een kok bellen")
    assert made.status_code == 200
    assert "Contact leggen of onderhouden" in made.text
    made = started.post("closing/participants", party="other", description="")
    assert made.status_code == 200
    assert "Iemand anders, was er niet bij" in made.text


@pytest.mark.row("G38", "G39", "G40")
def test_the_evaluation_is_the_pupils_on_either_device(started: Talk) -> None:
    page = started.get("closing/").text
    for key in ("af-v01", "af-v02", "af-v03"):
        assert SPOKEN[key] in page
        assert f'name="evaluation.{key}"' in page
    started.do("closing/", action="save", **{"evaluation.af-v01": "Ik kan ook koken"})
    started.do("", started.noor, **{"evaluation.af-v02": "Dat zorg breed is"})
    started.close()
    later = started.school.visit
    with time_machine.travel(now() + timedelta(days=13), tick=False):
        noor = later(started.pupil_id, started.round_id)
        saved = started.post("", noor, **{"evaluation.af-v03": "Fijn en rustig"})
        assert saved.status_code == 200
        mentor = later(started.teacher_id, started.round_id)
        page = started.get("", mentor).text
        for text in ("Ik kan ook koken", "Dat zorg breed is", "Fijn en rustig"):
            assert text in page
    with time_machine.travel(now() + timedelta(days=15), tick=False):
        noor = later(started.pupil_id, started.round_id)
        fields = {"evaluation.af-v03": "Te laat", "revision.evaluation.af-v03": "1"}
        assert started.post("", noor, **fields).status_code in {409, 422}
        page = started.get("", later(started.teacher_id, started.round_id)).text
        assert "Fijn en rustig" in page
        assert "Te laat" not in page


@pytest.mark.row("V1", "V7")
def test_the_timeline_has_all_that_was_shared(started: Talk) -> None:
    started.do("guide/goals", goal="Weten of zorg past", owner="pupil")
    started.do("guide/experiences", experience="De laatste stagedag", brought_by="teacher")
    started.do("guide/kwaliteiten/outcomes", kind="named", outcome="Ik blijf rustig")
    started.do("guide/motieven/outcomes", kind="named", outcome="Ik help graag")
    started.do("guide/werk", conclusion__werk="Buiten werken past")
    started.agree("pupil", "Een middag meelopen")
    texts = {"evaluation.af-v02": "Dat zorg breed is", "next.topic": "Hoe het was"}
    started.do("closing/", action="close", **texts, **{"reason-teacher": "Niet nodig"})
    second = started.next()
    second.start()
    second.do("guide/experiences", experience="De open dag", brought_by="pupil")
    second.close()
    third = second.next()
    link = re.search(r'href="([^"]*/pupils/\d+)"', third.get("prepare/").text)
    assert link
    page = third.mentor.get(link[1]).text
    for text in (
        "Weten of zorg past",
        "Ik blijf rustig",
        "Ik help graag",
        "Buiten werken past",
        "Een middag meelopen",
        ">Open<",
        "Dat zorg breed is",
        "Hoe het was",
    ):
        assert text in page
    brought = re.findall(r">([^<]*)</p>\s*<p[^>]*>\s*Ingebracht door:\s*(\w+)", page)
    assert sorted(brought) == [("De laatste stagedag", "mentor"), ("De open dag", "leerling")]
