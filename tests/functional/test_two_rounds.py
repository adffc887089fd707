"""A conversation through two rounds, by plain requests: everything works without JavaScript."""

import re

import pytest
from flask import Flask

from tests.support.school import School, Visitor

GOAL, TOPIC = "prep.vb-v01", "prep.vb-v02"


@pytest.mark.row("V4")
def test_what_was_agreed_comes_back(app: Flask, school: School) -> None:
    teacher, pupil = school.teacher(), school.pupil()
    first = school.round("Najaar")
    conversation = f"/conversations/{school.conversation(pupil, first)}"
    noor, mentor = school.visit(pupil, first), school.visit(teacher, first)

    noor.do(f"{conversation}/preparation/goal", {GOAL: "Weten of zorg past"})
    noor.do(f"{conversation}/preparation/topic", {TOPIC: "Mijn stage"})
    noor.do(f"{conversation}/preparation/check")
    assert "Verstuurd" in mentor.get().text

    page = mentor.get(f"{conversation}/prepare/")
    assert "Weten of zorg past" in page.text
    prepared = {GOAL: "Horen hoe het gaat", "purpose": "guidance", "scope": "career"}
    mentor.do(f"{conversation}/prepare/", {**prepared, "private.lookup": "Geheim briefje"})
    assert "Horen hoe het gaat" not in noor.get(f"{conversation}/").text
    page = mentor.post(
        f"{conversation}/prepare/",
        {GOAL: "Horen hoe het gaat", f"revision.{GOAL}": "1", "action": "share"},
    )
    assert "Klaar: gedeeld" in page.text
    page = noor.get(f"{conversation}/")
    assert "Horen hoe het gaat" in page.text
    assert "Begeleiding · Loopbaan" in page.text
    assert "Geheim briefje" not in page.text

    page = mentor.post(f"{conversation}/guide/start")
    assert "Eerst: Noor vertelt" in page.text
    hold(mentor, conversation)
    close(mentor, noor, conversation)

    second = school.round("Voorjaar")
    following = f"/conversations/{school.conversation(pupil, second)}"
    noor, mentor = school.visit(pupil, second), school.visit(teacher, second)
    page = noor.get()
    assert "Terugkijken" in page.text
    assert "Een middag meelopen" in page.text
    assert "Of ik druk werk aankan" in page.text
    assert "Hoe het meelopen was" in noor.get(f"{following}/preparation/topic").text
    page = mentor.get(f"{following}/prepare/")
    for text in (
        "Een middag meelopen",
        "Of ik druk werk aankan",
        "Geheim oordeel",
        "Hoe het meelopen was",
    ):
        assert text in page.text
    mentor.do(f"{following}/guide/start")
    assert "Een middag meelopen" in mentor.get(f"{following}/guide/doel").text
    page = mentor.get(f"{following}/guide/motieven")
    assert "Vorige keer nog een twijfel" in page.text
    outcome = re.search(r"/guide/outcomes/(\d+)", page.text)
    assert outcome
    page = mentor.post(f"{following}/guide/outcomes/{outcome[1]}", {"action": "done"})
    assert "Vorige keer nog een twijfel" not in page.text
    assert "Ik blijf rustig" in mentor.get(f"{following}/guide/werk").text


def hold(mentor: Visitor, conversation: str) -> None:
    """The conversation itself: goals, experience, outcomes, notes."""
    guide = f"{conversation}/guide"
    page = mentor.get(f"{guide}/doel?from=pupil")
    assert "Weten of zorg past</textarea>" in page.text
    page = mentor.post(f"{guide}/goals", {"goal": "Weten of zorg past", "owner": "pupil"})
    assert "Er mist nog een doel" in page.text
    page = mentor.post(f"{guide}/goals", {"goal": "Horen hoe het gaat", "owner": "teacher"})
    assert "Er mist nog een doel" not in page.text
    mentor.do(f"{guide}/agreed", {"agreed": "partly", "agreed.remark": "Over het tempo niet"})
    page = mentor.post(
        f"{guide}/experiences", {"experience": "De laatste stagedag", "brought_by": "pupil"}
    )
    assert "uitgangspunt van dit gesprek" in page.text
    page = mentor.get(f"{guide}/kwaliteiten")
    assert "De laatste stagedag" in page.text
    assert "WAT (kan ik)?" in page.text
    assert "(toevoeging)" in page.text
    page = mentor.post(
        f"{guide}/kwaliteiten/outcomes",
        {"kind": "named", "outcome": "Ik blijf rustig", "confirmed": "1"},
    )
    assert "zo gezegd door Noor" in page.text
    mentor.do(f"{guide}/motieven/outcomes", {"kind": "doubt", "outcome": "Of ik druk werk aankan"})
    page = mentor.post(
        f"{guide}/kwaliteiten",
        {
            "note.kwaliteiten": "Gedeelde aantekening",
            "private.kwaliteiten": "Geheim oordeel",
            "conclusion.kwaliteiten": "Rustig zijn past bij mij",
        },
    )
    assert "Geheim oordeel" in page.text
    page = mentor.post(
        f"{guide}/kwaliteiten/questions",
        {"group": "kw-g2", "question-kw-g2": "Waar krijg je energie van?"},
    )
    assert "Waar krijg je energie van?" in page.text
    page = mentor.post(f"{guide}/kwaliteiten/marks/kw-v02", {"asked": "1"})
    assert "Gesteld ✓" in page.text
    page = mentor.post(f"{guide}/chair", {"chair": "pupil"})
    page = mentor.get(f"{guide}/kwaliteiten")
    assert "Geheim oordeel" not in page.text
    assert "Toelichting voor de docent" not in page.text
    mentor.do(f"{guide}/chair", {"chair": "teacher"})


def close(mentor: Visitor, noor: Visitor, conversation: str) -> None:
    """Closing needs an agreement or a reason for everyone; the pupil sees it at once."""
    page = mentor.post(
        f"{conversation}/closing/", {"action": "close", "next.topic": "Hoe het meelopen was"}
    )
    assert page.status_code == 422
    assert "De leerling heeft nog geen afspraak" in page.text
    mentor.do(
        f"{conversation}/agreements/new",
        {
            "party": "pupil",
            "kind": "action",
            "what": "Een middag meelopen",
            "due_on": "2027-03-01",
            "done_when": "Ik weet wat ik ervan vond",
            "steps": "Bellen\nGaan",
        },
    )
    page = mentor.post(f"{conversation}/closing/", {"action": "close"})
    assert page.status_code == 422
    assert "De mentor heeft nog geen afspraak" in page.text
    page = mentor.post(
        f"{conversation}/closing/",
        {"action": "close", "reason-teacher": "Noor wil het zelf doen"},
    )
    assert "Het gesprek is afgesloten" in page.text
    page = noor.get(f"{conversation}/")
    for text in (
        "Een middag meelopen",
        "Ik blijf rustig",
        "Rustig zijn past bij mij",
        "Gedeelde aantekening",
    ):
        assert text in page.text
    for text in ("Geheim", "Toelichting"):
        assert text not in page.text
    page = noor.post(f"{conversation}/", {"evaluation.af-v03": "Fijn"})
    assert "Fijn" in page.text
