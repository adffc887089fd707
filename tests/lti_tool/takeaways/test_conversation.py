"""What is taken along of one conversation: the shared parts, on paper and as PDF, and no more."""

from datetime import timedelta

import icalendar
import pytest
from flask import Flask
from sqlalchemy import delete, select, update

from lti_tool.models import AccessLog, Act, Agreement, Entry, Settled, Visibility, db, now
from tests.lti_tool.takeaways.conftest import DRAFT, NEVER, SHARED
from tests.support.papers import read
from tests.support.school import School, Visitor
from tests.support.talk import Talk, hold_talk

FILES = {
    "report.pdf": "application/pdf",
    "sheet.pdf": "application/pdf",
    "agreements.ics": "text/calendar",
}


def one_line(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("who", ["mentor", "noor"])
def test_the_report_holds_all_that_is_shared(held: Talk, who: str) -> None:
    visitor: Visitor = getattr(held, who)
    assert f"/conversations/{held.id}/report" in held.get("", visitor).text
    page = held.get("report", visitor).text
    assert f"/conversations/{held.id}/report.pdf" in page
    paper = one_line(read(held.get("report.pdf", visitor).data))
    for text in (*SHARED, "De stagebegeleider bellen"):
        assert text in page
        assert text in paper


@pytest.mark.parametrize("who", ["mentor", "noor"])
def test_the_report_says_who_else_belonged_to_it(talk: Talk, who: str) -> None:
    talk.start()
    talk.do("closing/participants", party="workplace", description="van de bakker", present="1")
    talk.do("closing/participants", party="other")
    agreed = {"party": "other", "party_description": "tante Jo", "what": "Meekijken"}
    talk.do("agreements/new", kind="other", **agreed)
    reasons = {f"reason-{one}": "Niet nodig" for one in ("pupil", "teacher", "workplace")}
    talk.do("closing/", action="close", **reasons)
    visitor: Visitor = getattr(talk, who)
    for text in (
        talk.get("report", visitor).text,
        one_line(read(talk.get("report.pdf", visitor).data)),
    ):
        assert "Praktijkopleider (van de bakker), was erbij" in text
        assert "Iemand anders, was er niet bij" in text
        assert "Iemand anders (tante Jo): Meekijken" in text


@pytest.mark.parametrize("level", NEVER)
@pytest.mark.parametrize("path", ["report", "sheet/print", "sheet"])
@pytest.mark.parametrize("who", ["mentor", "noor"])
def test_nothing_of_another_level_is_taken_along(
    held: Talk, level: Visibility, path: str, who: str
) -> None:
    visitor: Visitor = getattr(held, who)
    answer = held.get(path, visitor)
    assert answer.status_code == (403 if who == "mentor" and path != "report" else 200)
    assert NEVER[level] not in answer.text
    assert DRAFT not in answer.text
    if path == "report":
        paper = one_line(read(held.get("report.pdf", visitor).data))
        assert NEVER[level] not in paper
        assert DRAFT not in paper
    calendar = held.get("agreements.ics", visitor).text
    assert NEVER[level] not in calendar


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_saved_not_shown_and_noted(app: Flask, held: Talk, name: str) -> None:
    answer = held.get(name, held.noor)
    assert answer.status_code == 200
    assert answer.mimetype == FILES[name]
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
    assert answer.headers["Cache-Control"] == "no-store"
    with app.app_context():
        query = select(AccessLog.enrolment_id).where(
            AccessLog.act == Act.EXPORTED, AccessLog.conversation_id == held.id
        )
        assert db.session.scalars(query).all() == [held.pupil_id]


@pytest.mark.parametrize("path", ["report", "report.pdf", "sheet", "sheet.pdf", "agreements.ics"])
def test_there_is_nothing_to_take_along_before_it_is_closed(school: School, path: str) -> None:
    talk = hold_talk(school, school.teacher(), school.pupil())
    assert talk.get(path, talk.noor).status_code == 409
    talk.start()
    assert talk.get(path, talk.noor).status_code == 409


def test_the_sheet_begins_with_what_was_shared(held: Talk) -> None:
    assert f"/conversations/{held.id}/sheet" in held.get("", held.noor).text
    assert f"/conversations/{held.id}/sheet" not in held.get("").text
    page = held.get("sheet", held.noor).text
    paper = one_line(read(held.get("sheet.pdf", held.noor).data))
    for text in (
        "Weten of zorg past",
        "Ik blijf rustig",
        "Liever in een klein team",
        "Het was een prettig gesprek",
        "Een middag meelopen",
        "Hoe het meelopen was",
    ):
        assert text in page
        assert text in paper
    heads = ["Doelen", "Resultaten", "Evaluatie", "Vervolgactiviteiten"]
    assert [paper.index(one) for one in heads] == sorted(paper.index(one) for one in heads)
    assert "De stagebegeleider bellen" not in page


def test_the_pupil_makes_it_their_own_and_nobody_else_reads_that(held: Talk) -> None:
    mine = "Ik wil de zorg in, en ik durf dat nu te zeggen."
    shown = held.post("sheet", held.noor, **{"sheet.goals": mine, "sheet.next": ""})
    assert shown.request.path.endswith("/sheet/print")
    assert mine in shown.text
    assert "Ik blijf rustig" in shown.text
    assert "Niet ingevuld." in shown.text
    assert mine in one_line(read(held.get("sheet.pdf", held.noor).data))
    assert mine in held.get("sheet", held.noor).text
    for path in ("", "report"):
        assert mine not in held.get(path).text
    levels = {one.visibility for one in held.rows(Entry) if one.key.startswith("sheet.")}
    assert levels == {Visibility.PUPIL_DRAFT}


def test_what_does_not_fit_comes_back(held: Talk) -> None:
    long = "lang " * 5000
    page = held.post("sheet", held.noor, **{"sheet.goals": long, "sheet.next": "Verder"})
    assert page.status_code == 422
    assert long.strip() in page.text
    assert "<title>Fout:" in page.text.replace("\n", "")


def test_what_was_changed_elsewhere_comes_back(held: Talk) -> None:
    held.do("sheet", held.noor, **{"sheet.goals": "Eerste"})
    page = held.post("sheet", held.noor, **{"sheet.goals": "Tweede"})
    assert page.status_code == 422
    assert "Eerste" in page.text
    assert "Tweede" in page.text


def events(talk: Talk, who: Visitor) -> list[icalendar.Component]:
    return list(icalendar.Calendar.from_ical(talk.get("agreements.ics", who).data).walk("VEVENT"))


@pytest.mark.parametrize(
    ("who", "what"), [("noor", "Een middag meelopen"), ("mentor", "De stagebegeleider bellen")]
)
def test_own_agreements_become_days_in_a_calendar(held: Talk, who: str, what: str) -> None:
    visitor: Visitor = getattr(held, who)
    assert f"/conversations/{held.id}/agreements.ics" in held.get("", visitor).text
    (event,) = events(held, visitor)
    assert what in str(event["summary"])
    assert event.decoded("dtend") - event.decoded("dtstart") == timedelta(days=1)
    assert event.decoded("dtstart") == now().date()
    assert event["uid"] == events(held, visitor)[0]["uid"]


def test_what_is_settled_or_has_no_day_is_no_event(app: Flask, held: Talk) -> None:
    with app.app_context():
        db.session.execute(update(Agreement).values(settled=Settled.DONE, settled_at=now()))
        db.session.commit()
    assert events(held, held.noor) == []
    assert "agreements.ics" not in held.get("", held.noor).text


def test_text_cannot_add_a_line_to_a_calendar(app: Flask, held: Talk) -> None:
    with app.app_context():
        db.session.execute(delete(Agreement).where(Agreement.visibility == Visibility.PARTY))
        for one in db.session.scalars(select(Agreement)):
            one.what = "Bel; nu, \\ straks\r\nEND:VEVENT\nBEGIN:VALARM 😀"
        db.session.commit()
    (event,) = events(held, held.noor)
    assert set(event.keys()) == {
        "UID", "DTSTAMP", "SUMMARY", "DTSTART", "DTEND", "TRANSP", "CLASS",
    }  # fmt: skip
    assert event.subcomponents == []
    assert "😀" in str(event["summary"])
