"""A sent preparation in the gradebook: only where chosen, once, as a fact; and when it fails."""

import json
from datetime import datetime

import time_machine
from flask import Flask
from sqlalchemy import select

from lti_tool.background import WAITS
from lti_tool.enrolments import add_missing_conversations
from lti_tool.models import (
    Conversation,
    Course,
    Enrolment,
    GradeReport,
    Person,
    Preparation,
    ReportState,
    Role,
    Round,
    db,
    now,
)
from tests.support.platform_web import (
    AGS,
    SCORES_URL,
    Said,
)
from tests.support.reported import Reported
from tests.support.statements import counted

DONE = Said("", 200)
CHOICE = "Zet in het cijferboek wie de voorbereiding heeft verstuurd"


def test_a_sent_preparation_is_reported_and_nothing_else(reported: Reported) -> None:
    reported.talk.do("preparation/goal", reported.talk.noor, **{"prep.vb-v01": "Doel"})
    assert reported.waiting() == 0
    before = now()
    reported.send()
    assert reported.waiting() == 1
    assert "1 melding is onderweg" in reported.page()
    page = reported.work()
    (score,) = reported.scores()
    assert (score["userId"], score["scoreGiven"], score["scoreMaximum"]) == ("p2", 1, 1)
    assert "comment" not in score
    assert "Geheim" not in json.dumps(score)
    sent_at = datetime.fromisoformat(score["timestamp"])
    assert before.replace(microsecond=0) <= sent_at <= now()
    assert "Van 1 leerling is gemeld dat" in page
    assert "onderweg" not in page
    assert reported.state() == (ReportState.SENT, "")
    assert reported.waiting() == 0


def test_sending_again_reports_nothing_new(reported: Reported) -> None:
    reported.send()
    reported.send()
    reported.work()
    reported.send()
    reported.work()
    assert len(reported.scores()) == 1


def test_a_round_that_does_not_report_is_silent(reported: Reported) -> None:
    reported.set(Round, reported.talk.round_id, reports_preparation=False)
    reported.send()
    page = reported.work()
    assert reported.report() is None
    assert "Cijferboek" not in page
    assert not reported.web.asked


def test_the_choice_is_offered_where_the_platform_lets_us(reported: Reported) -> None:
    edit = f"/rounds/{reported.talk.round_id}/edit"
    assert CHOICE in reported.talk.mentor.get(edit).text
    assert CHOICE in reported.talk.mentor.get("/rounds/new").text
    reported.set(Course, reported.talk.school.course_id, grade_scopes=[AGS + "score"])
    assert CHOICE in reported.talk.mentor.get(edit).text
    assert CHOICE not in reported.talk.mentor.get("/rounds/new").text
    reported.set(Course, reported.talk.school.course_id, grade_scopes=[])
    assert CHOICE not in reported.talk.mentor.get(edit).text
    reported.save(reports_preparation="1")
    with reported.talk.school.app.app_context():
        assert db.session.get_one(Round, reported.talk.round_id).reports_preparation


def test_choosing_it_later_reports_what_was_sent_before(reported: Reported) -> None:
    reported.save()
    reported.send()
    assert reported.waiting() == 0
    reported.save(reports_preparation="1")
    reported.work()
    assert len(reported.scores()) == 1
    report = reported.report()
    assert report
    (preparation,) = reported.talk.rows(Preparation)
    assert report.completed_at == preparation.shared_at


def test_a_save_asks_no_more_for_a_class_than_for_one_pupil(app: Flask, reported: Reported) -> None:
    school = reported.talk.school
    reported.send()
    reported.save(reports_preparation="1")
    with counted(app) as few:
        reported.save(reports_preparation="1")
    pupils = [school.pupil(f"Leerling {number}") for number in range(6)]
    with app.app_context():
        round_ = db.session.get_one(Round, reported.talk.round_id)
        round_.lineitem_url = ""
        add_missing_conversations(round_)
        for one in db.session.scalars(
            select(Conversation).where(Conversation.pupil_id.in_(pupils))
        ):
            db.session.add(
                Preparation(conversation_id=one.id, owner_id=one.pupil_id, shared_at=now())
            )
        db.session.commit()
    with counted(app) as first:
        reported.save(reports_preparation="1")
    with counted(app) as again:
        reported.save(reports_preparation="1")
    assert len(again) == len(few)
    assert len(first) <= len(few) + len(pupils) + 1
    with app.app_context():
        reports = db.session.scalars(select(GradeReport.enrolment_id)).all()
    assert {*reports} == {reported.talk.pupil_id, *pupils}


def test_choosing_it_later_passes_over_test_users_and_leavers(reported: Reported) -> None:
    reported.save()
    reported.send()
    person_id = reported.talk.school.person_of(reported.talk.pupil_id)
    reported.set(Person, person_id, test_user=True)
    reported.save(reports_preparation="1")
    assert reported.report() is None
    reported.set(Person, person_id, test_user=False)
    reported.set(Enrolment, reported.talk.pupil_id, ended_at=now())
    reported.save(reports_preparation="1")
    assert reported.report() is None


def test_choosing_it_again_tries_what_failed_once_more(reported: Reported) -> None:
    reported.web.say("POST", SCORES_URL, Said(status=403), DONE)
    reported.send()
    reported.work()
    assert reported.state()[0] is ReportState.FAILED
    reported.save(reports_preparation="1")
    reported.work()
    assert reported.state()[0] is ReportState.SENT


def test_choosing_against_it_stops_what_waits(reported: Reported) -> None:
    reported.send()
    reported.save()
    reported.work()
    assert reported.report() is None
    assert reported.scores() == []


def test_who_is_no_longer_a_pupil_is_not_reported(reported: Reported) -> None:
    reported.send()
    reported.set(Enrolment, reported.talk.pupil_id, role=Role.TEACHER)
    reported.work()
    assert reported.report() is None
    assert reported.scores() == []


def test_a_report_of_who_was_out_of_the_course_for_a_while_can_be_sent_again(
    reported: Reported,
) -> None:
    reported.send()
    reported.set(Enrolment, reported.talk.pupil_id, ended_at=now())
    reported.work()
    assert (reported.scores(), reported.state()[0]) == ([], ReportState.FAILED)
    reported.set(Enrolment, reported.talk.pupil_id, ended_at=None)
    assert "De leerling stond toen niet in de cursus." in reported.page()
    reported.talk.mentor.do(f"/rounds/{reported.talk.round_id}/reports")
    reported.work()
    assert (len(reported.scores()), reported.state()[0]) == (1, ReportState.SENT)


def test_a_test_user_is_not_reported(reported: Reported) -> None:
    person_id = reported.talk.school.person_of(reported.talk.pupil_id)
    reported.set(Person, person_id, test_user=True)
    reported.send()
    assert reported.report() is None


def test_a_newer_score_of_the_platform_stays(reported: Reported) -> None:
    reported.web.say("POST", SCORES_URL, Said([], 409))
    reported.send()
    assert "Van 1 leerling is gemeld" in reported.work()
    assert reported.state() == (ReportState.SENT, "")


def test_an_answer_that_was_lost_is_no_second_report(reported: Reported) -> None:
    reported.web.say("POST", SCORES_URL, Said(status=502), Said([], 409))
    with time_machine.travel(now(), tick=False) as clock:
        reported.send()
        assert "1 melding is onderweg" in reported.work()
        clock.shift(WAITS[0])
        assert "Van 1 leerling is gemeld" in reported.work()
    first, second = reported.scores()
    assert first["timestamp"] == second["timestamp"]


def test_what_fails_for_good_is_shown_and_tried_again(reported: Reported) -> None:
    reported.web.say("POST", SCORES_URL, Said(status=403))
    reported.send()
    page = reported.work()
    assert "1 melding is niet gelukt" in page
    assert "staat ons dit niet toe" in page
    assert "IMS LTI Assignment and Grade Services" in page
    assert reported.state() == (ReportState.FAILED, "forbidden")
    assert reported.waiting() == 0
    reported.web.say("POST", SCORES_URL, DONE)
    page = reported.talk.mentor.post(f"/rounds/{reported.talk.round_id}/reports").text
    assert "1 melding is onderweg" in page
    assert "niet gelukt" not in page
    assert "Van 1 leerling is gemeld" in reported.work()


def test_a_platform_that_stays_down_fails_in_the_end(reported: Reported) -> None:
    reported.web.say("POST", SCORES_URL, Said(status=503))
    with time_machine.travel(now(), tick=False) as clock:
        reported.send()
        for wait in WAITS:
            reported.work()
            assert reported.state() == (ReportState.WAITING, "broken")
            clock.shift(wait)
        reported.work()
        assert reported.state() == (ReportState.FAILED, "broken")
    assert len(reported.scores()) == len(WAITS) + 1


def test_a_pupil_who_sends_again_after_a_failure_is_tried_again(reported: Reported) -> None:
    reported.web.say("POST", SCORES_URL, Said([], 400), DONE)
    reported.send()
    reported.work()
    assert reported.state()[0] is ReportState.FAILED
    reported.send()
    reported.work()
    assert reported.state()[0] is ReportState.SENT


def test_the_page_counts_only_who_is_in_the_class(reported: Reported) -> None:
    reported.web.say("POST", SCORES_URL, Said(status=403))
    reported.send()
    reported.work()
    reported.set(Enrolment, reported.talk.pupil_id, ended_at=now())
    assert "niet gelukt" not in reported.page()


def test_a_pupil_cannot_try_reports_again(reported: Reported) -> None:
    path = f"/rounds/{reported.talk.round_id}/reports"
    assert reported.talk.noor.post(path).status_code == 403
