"""The pupil's form, as a pupil without JavaScript uses it (acceptance F2–F5, F8, V4)."""

import re
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select, update

from lti_tool.fields import LONGEST_TEXT
from lti_tool.models import (
    Agreement,
    AgreementKind,
    Conversation,
    Entry,
    Party,
    Preparation,
    Round,
    State,
    Visibility,
    db,
    now,
)
from tests.support.school import School, Visitor
from tests.support.talk import Talk

GOAL, TOPIC = "prep.vb-v01", "prep.vb-v02"


class Case:
    """A pupil, a round, and the pupil's browser."""

    def __init__(self, app: Flask, school: School) -> None:
        self.app, self.school = app, school
        self.pupil = school.pupil()
        self.round = school.round()
        self.conversation = school.conversation(self.pupil, self.round)
        self.browser: Visitor = school.visit(self.pupil, self.round)
        self.form = f"/conversations/{self.conversation}/preparation"

    def entries(self) -> dict[tuple[str, str], tuple[str, int]]:
        with self.app.app_context():
            rows = db.session.scalars(select(Entry)).all()
            return {(one.key, one.visibility): (one.text, one.revision) for one in rows}

    def set_state(self, state: State) -> None:
        with self.app.app_context():
            db.session.execute(update(Conversation).values(state=state, started_at=now()))
            db.session.commit()


@pytest.fixture
def case(app: Flask, school: School) -> Case:
    return Case(app, school)


@pytest.mark.row("F2", "F4")
def test_a_first_visit_opens_on_the_goal(case: Case) -> None:
    page = case.browser.get()
    assert "Wat is voor jou het doel van het gesprek?" in page.text
    assert "Je vertelt dit zelf aan het begin van het gesprek" in page.text
    assert "Terugkijken" not in page.text


@pytest.mark.row("F3", "F4")
def test_a_pupil_prepares_checks_and_sends(case: Case) -> None:
    page = case.browser.post(f"{case.form}/goal", {GOAL: "Een keuze maken"})
    assert "Waar wil jij dat het gesprek in ieder geval over gaat?" in page.text
    page = case.browser.post(f"{case.form}/topic", {TOPIC: "Mijn stage"})
    assert "Controleer wat je verstuurt" in page.text
    assert "Een keuze maken" in page.text
    assert "Mijn stage" in page.text
    assert (GOAL, "shared") not in case.entries()
    page = case.browser.post(f"{case.form}/check")
    assert "Je voorbereiding is verstuurd" in page.text
    assert "vertel jij dit zelf" in page.text
    assert case.entries()[GOAL, "shared"] == ("Een keuze maken", 1)
    with case.app.app_context():
        assert db.session.scalars(select(Preparation.shared_at)).one() is not None


def test_a_change_after_sending_stays_a_draft_until_it_is_sent_again(case: Case) -> None:
    case.browser.do(f"{case.form}/goal", {GOAL: "Een keuze maken"})
    case.browser.do(f"{case.form}/topic", {TOPIC: "Mijn stage"})
    case.browser.do(f"{case.form}/check")
    case.browser.do(f"{case.form}/goal", {GOAL: "Toch iets anders", f"revision.{GOAL}": "1"})
    assert case.entries()[GOAL, "shared"] == ("Een keuze maken", 1)
    assert "Je hebt daarna nog iets veranderd" in case.browser.get().text
    case.browser.do(f"{case.form}/check")
    assert case.entries()[GOAL, "shared"] == ("Toch iets anders", 2)
    assert "Je hebt daarna nog iets veranderd" not in case.browser.get().text


def test_not_knowing_is_an_answer(case: Case) -> None:
    case.browser.do(f"{case.form}/goal", {GOAL: " ", "action": "unknown"})
    assert case.entries()[GOAL, "pupil_draft"][0] == "Dat weet ik nog niet."


def test_who_did_not_know_finds_an_empty_box_and_may_leave_it(case: Case) -> None:
    case.browser.do(f"{case.form}/goal", {GOAL: "", "action": "unknown"})
    page = case.browser.get(f"{case.form}/goal")
    assert "Je koos: weet ik nog niet." in page.text
    assert "Dat weet ik nog niet." not in page.text
    case.browser.do(f"{case.form}/goal", {GOAL: "", f"revision.{GOAL}": "1"})
    assert case.entries()[GOAL, "pupil_draft"][0] == "Dat weet ik nog niet."
    case.browser.do(f"{case.form}/goal", {GOAL: "Toch iets", f"revision.{GOAL}": "1"})
    assert case.entries()[GOAL, "pupil_draft"][0] == "Toch iets"


def test_not_knowing_goes_before_what_they_wrote_last_time(talk: Talk) -> None:
    talk.start()
    reasons = {"reason-pupil": "Nog geen idee", "reason-teacher": "Niet nodig"}
    talk.do("closing/", action="close", next__topic="Hoe het meelopen was", **reasons)
    later = talk.next()
    assert "Hoe het meelopen was" in later.get("preparation/topic", later.noor).text
    fields = {TOPIC: "Hoe het meelopen was", "action": "unknown"}
    later.do("preparation/topic", later.noor, **fields)
    (entry,) = later.rows(Entry)
    assert entry.text == "Dat weet ik nog niet."


@pytest.mark.parametrize(
    ("day_of_talk", "words"),
    [
        (date(2099, 11, 30), "vóór je gesprek op 30 november 2099."),
        (date(2099, 12, 6), "vóór je gesprek op 6 december 2099."),
        (date(2099, 12, 7), "vóór 6 december 2099."),
    ],
)
def test_nobody_is_asked_to_send_after_the_conversation(
    case: Case, day_of_talk: date, words: str
) -> None:
    with case.app.app_context():
        db.session.execute(update(Round).values(due_on=date(2099, 12, 6)))
        db.session.execute(
            update(Conversation).values(state=State.PLANNED, planned_for=day_of_talk)
        )
        db.session.commit()
    assert f"Graag versturen {words}" in case.browser.get().text


def test_sending_with_an_empty_answer_goes_back_to_that_page(case: Case) -> None:
    case.browser.do(f"{case.form}/goal", {GOAL: "Een keuze maken"})
    page = case.browser.post(f"{case.form}/check")
    assert page.status_code == 422
    assert "Vul hier iets in" in page.text
    assert "Waar wil jij dat het gesprek" in page.text


def test_two_windows_never_silently_overwrite_each_other(case: Case) -> None:
    case.browser.do(f"{case.form}/goal", {GOAL: "Eerste venster"})
    page = case.browser.post(f"{case.form}/goal", {GOAL: "Tweede venster"})
    assert page.status_code == 422
    assert "Eerste venster" in page.text
    assert "Tweede venster" in page.text
    assert case.entries()[GOAL, "pupil_draft"] == ("Eerste venster", 1)
    page = case.browser.post(f"{case.form}/goal", {GOAL: "Samen", f"revision.{GOAL}": "1"})
    assert page.status_code == 200
    assert case.entries()[GOAL, "pupil_draft"] == ("Samen", 2)


def test_absurdly_long_text_is_refused_and_shown_again(case: Case) -> None:
    text = "a" * (LONGEST_TEXT + 1)
    page = case.browser.post(f"{case.form}/goal", {GOAL: text})
    assert page.status_code == 422
    assert text in page.text
    assert "Je tekst is te lang: er passen 20.000 tekens in" in page.text


def test_once_started_nothing_changes_any_more(case: Case) -> None:
    case.set_state(State.STARTED)
    page = case.browser.post(f"{case.form}/goal", {GOAL: "Te laat"})
    assert page.status_code == 409
    assert "Te laat" in page.text
    assert case.entries() == {}


def test_what_was_not_sent_in_time_stays_readable_for_the_pupil_alone(case: Case) -> None:
    case.browser.do(f"{case.form}/goal", {GOAL: "Nog niet af"})
    mentor = case.school.visit(case.school.teacher(), case.round)
    mentor.do(f"/conversations/{case.conversation}/guide/start")
    page = case.browser.get()
    assert "Dit had je nog niet verstuurd" in page.text
    assert "Nog niet af" in page.text
    for path in ("", "guide/doel", "guide/voorbereiding"):
        assert "Nog niet af" not in mentor.get(f"/conversations/{case.conversation}/{path}").text


def test_the_pupil_sees_open_agreements_and_the_last_topic(case: Case) -> None:
    with case.app.app_context():
        conversation = db.session.get_one(Conversation, case.conversation)
        conversation.state, conversation.closed_at = State.CLOSED, now()
        db.session.add(
            Agreement(
                conversation_id=case.conversation,
                party=Party.PUPIL,
                kind=AgreementKind.ACTION,
                what="Een dag meelopen bij de dierenarts",
            )
        )
        db.session.add(
            Entry(
                conversation_id=case.conversation,
                owner_id=case.pupil,
                key="next.topic",
                visibility=Visibility.SHARED,
                text="Hoe het meelopen ging",
                written_by_id=case.pupil,
            )
        )
        db.session.commit()
    round_id = case.school.round("Loopbaangesprek voorjaar")
    conversation_id = case.school.conversation(case.pupil, round_id)
    browser = case.school.visit(case.pupil, round_id)
    page = browser.get()
    assert "Terugkijken" in page.text
    assert "Een dag meelopen bij de dierenarts" in page.text
    page = browser.get(f"/conversations/{conversation_id}/preparation/topic")
    assert "Hoe het meelopen ging</textarea>" in page.text
    entry = f"/conversations/{conversation_id}/entries/{TOPIC}"
    answer = browser.post(entry, {TOPIC: "", f"revision.{TOPIC}": "0"})
    assert answer.get_json()["revision"] == 1
    page = browser.get(f"/conversations/{conversation_id}/preparation/topic")
    assert "Hoe het meelopen ging" not in page.text


@pytest.mark.parametrize(
    ("state", "date", "words"),
    [
        (State.POSTPONED, date(2026, 12, 9), "uitgesteld. De nieuwe datum is 9 december 2026."),
        (State.POSTPONED, None, "uitgesteld. Vraag je mentor wanneer het wel is."),
        (State.ABSENT, date(2026, 12, 9), "want je was er niet. De nieuwe datum is 9 december"),
        (State.PLANNED, date(2026, 12, 9), "Het gesprek is op 9 december 2026."),
        (State.PLANNED, None, ""),
    ],
)
def test_the_pupil_knows_when_it_will_be(
    case: Case, state: State, date: date | None, words: str
) -> None:
    with case.app.app_context():
        db.session.execute(update(Conversation).values(state=state, planned_for=date))
        db.session.commit()
    case.browser.do(f"{case.form}/goal", {GOAL: "Een doel"})
    case.browser.do(f"{case.form}/topic", {TOPIC: "Mijn stage"})
    pages = [case.browser.get(path) for path in ("/mine", f"{case.form}/goal")]
    pages.append(case.browser.post(f"{case.form}/check"))
    pages.append(case.browser.get(f"/conversations/{case.conversation}/"))
    assert "Je voorbereiding is verstuurd" in pages[2].text
    for page in pages:
        if words:
            assert words in page.text
        else:
            assert not re.search("Het gesprek (is op|is uitgesteld|ging niet door)", page.text)


def test_questions_the_mentor_added_have_a_page(case: Case) -> None:
    with case.app.app_context():
        db.session.execute(update(Round).values(form_questions=["gd-v01", "er-v01"]))
        db.session.commit()
    page = case.browser.post(f"{case.form}/topic", {TOPIC: "Mijn stage"})
    assert "Wat is voor jou nu belangrijk om in dit gesprek aan bod te laten komen?" in page.text
    assert "Welke (praktijk)ervaring heeft indruk op je gemaakt?" in page.text


def test_somebody_elses_form_is_not_there(case: Case) -> None:
    other = case.school.pupil("Sem Yilmaz")
    page = case.school.visit(other, case.round).get(f"{case.form}/goal")
    assert page.status_code == 404
    assert "hoort bij iemand anders" in page.text


def test_autosave_answers_with_the_new_revision(case: Case) -> None:
    path = f"/conversations/{case.conversation}/entries/{GOAL}"
    answer = case.browser.post(path, {GOAL: "Een"})
    assert (answer.get_json()["revision"], answer.get_json().keys()) == (
        1,
        {"revision", "saved_at"},
    )
    answer = case.browser.post(path, {GOAL: "Twee", f"revision.{GOAL}": "1"})
    assert answer.get_json()["revision"] == 2
    answer = case.browser.post(path, {GOAL: "Drie", f"revision.{GOAL}": "1"})
    assert answer.status_code == 409
    assert answer.json == {"error": "stale", "text": "Twee", "revision": 2}


@pytest.mark.parametrize("key", ["private.doel", "note.doel", "prep.lookup", "x", "prep.gd-v03"])
def test_a_pupil_cannot_write_fields_of_others(case: Case, key: str) -> None:
    path = f"/conversations/{case.conversation}/entries/{key}"
    assert case.browser.post(path, {key: "Een"}).status_code == 404
    assert case.entries() == {}
