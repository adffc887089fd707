"""The gradebook column of a round: found, made, lost and found again."""

from dataclasses import replace

import time_machine

from lti_tool.background import WAITS
from lti_tool.enrolments import add_missing_conversations
from lti_tool.models import (
    Course,
    ReportState,
    Round,
    db,
    now,
)
from tests.support.platform_web import (
    AGS,
    LINE_ITEM_URL,
    LINE_ITEMS_URL,
    SCORES_URL,
    Said,
)
from tests.support.reported import Reported

DONE = Said("", 200)
CHOICE = "Zet in het cijferboek wie de voorbereiding heeft verstuurd"


BY_TAG, BY_LINK = LINE_ITEMS_URL + "&tag=", LINE_ITEMS_URL + "&resource_link_id="


def without_column(reported: Reported) -> tuple[str, str]:
    """Take the round's column away; return the addresses of the two searches."""
    with reported.talk.school.app.app_context():
        round_ = db.session.get_one(Round, reported.talk.round_id)
        round_.lineitem_url = ""
        db.session.commit()
        return f"{BY_TAG}loopbaangesprek-{round_.key}", f"{BY_LINK}{round_.resource_link_id}"


def test_a_column_is_made_once_for_the_whole_class(reported: Reported) -> None:
    by_tag, by_link = without_column(reported)
    reported.web.say("GET", by_tag, Said([]))
    reported.web.say("GET", by_link, Said([]))
    reported.web.say("POST", LINE_ITEMS_URL, Said({"id": LINE_ITEM_URL}, 201))
    reported.send()
    school = reported.talk.school
    sem = school.pupil("Sem Yilmaz")
    with school.app.app_context():
        add_missing_conversations(db.session.get_one(Round, reported.talk.round_id))
        db.session.commit()
    visitor = school.visit(sem, reported.talk.round_id)
    conversation_id = school.conversation(sem, reported.talk.round_id)
    reported.send(replace(reported.talk, id=conversation_id, noor=visitor))
    assert reported.waiting() == 1
    assert "Van 2 leerlingen is gemeld" in reported.work()
    assert len(reported.web.calls("POST", LINE_ITEMS_URL)) == 1
    with reported.talk.school.app.app_context():
        assert db.session.get_one(Round, reported.talk.round_id).lineitem_url == LINE_ITEM_URL


def test_a_column_that_cannot_be_made_fails_every_report(reported: Reported) -> None:
    by_tag, _by_link = without_column(reported)
    reported.web.say("GET", by_tag, Said(status=403))
    reported.send()
    page = reported.work()
    assert "1 melding is niet gelukt" in page
    assert reported.state() == (ReportState.FAILED, "forbidden")


def test_a_column_waits_for_a_platform_that_is_down(reported: Reported) -> None:
    by_tag, by_link = without_column(reported)
    reported.web.say("GET", by_tag, Said(status=503), Said([]))
    with reported.talk.school.app.app_context():
        link = db.session.get_one(Round, reported.talk.round_id).resource_link_id
    reported.web.say("GET", by_link, Said([{"id": LINE_ITEM_URL, "resourceLinkId": link}]))
    with time_machine.travel(now(), tick=False) as clock:
        reported.send()
        reported.work()
        assert reported.state() == (ReportState.WAITING, "broken")
        clock.shift(WAITS[0])
        assert "Van 1 leerling is gemeld" in reported.work()


def test_without_the_scope_for_columns_there_is_a_reason(reported: Reported) -> None:
    without_column(reported)
    reported.set(Course, reported.talk.school.course_id, grade_scopes=[AGS + "score"])
    reported.send()
    page = reported.work()
    assert "biedt dit in deze cursus niet aan" in page
    assert not reported.web.asked


def test_a_column_that_was_removed_is_looked_for_and_made_anew(reported: Reported) -> None:
    by_tag, by_link = without_column(reported)
    reported.set(Round, reported.talk.round_id, lineitem_url=LINE_ITEM_URL)
    reported.web.say("POST", SCORES_URL, Said(status=404))
    reported.web.say("GET", by_tag, Said([]))
    reported.web.say("GET", by_link, Said([]))
    fresh = LINE_ITEM_URL.replace("/2/lineitem?", "/9/lineitem?")
    reported.web.say("POST", LINE_ITEMS_URL, Said({"id": fresh}, 201))
    reported.web.say("POST", SCORES_URL.replace("/2/lineitem/", "/9/lineitem/"), DONE)
    reported.send()
    assert "Van 1 leerling is gemeld" in reported.work()


def test_columns_that_keep_getting_lost_end(reported: Reported) -> None:
    by_tag, by_link = without_column(reported)
    reported.web.say("POST", SCORES_URL, Said(status=404))
    reported.web.say("GET", by_tag, Said([]))
    reported.web.say("GET", by_link, Said([]))
    reported.web.say("POST", LINE_ITEMS_URL, Said({"id": LINE_ITEM_URL}, 201))
    reported.send()
    reported.work()
    assert reported.state() == (ReportState.FAILED, "not_found")
    assert len(reported.web.calls("POST", LINE_ITEMS_URL)) == 3
