"""Closing: something for everybody, or a reason; and what else can become of a conversation."""

from datetime import timedelta

import pytest
import time_machine

from lti_tool.models import Agreement, Conversation, NoAgreement, Participant, db, now
from tests.support.talk import Talk


def state(talk: Talk) -> str:
    with talk.school.app.app_context():
        return str(db.session.get_one(Conversation, talk.id).state)


def test_each_party_needs_an_agreement_or_a_reason(talk: Talk) -> None:
    talk.start()
    talk.agree("pupil")
    talk.agree("teacher", "De stage bellen")
    page = talk.post("closing/", action="close")
    assert "Het gesprek is afgesloten" in page.text
    assert talk.rows(NoAgreement) == []


@pytest.mark.row("X5", "A7")
def test_a_named_workplace_needs_one_too(talk: Talk) -> None:
    talk.start()
    talk.agree("pupil")
    talk.agree("teacher")
    page = talk.post("closing/participants", party="workplace", description="De bakker")
    assert "De bakker" in page.text
    page = talk.post("closing/", action="close")
    assert page.status_code == 422
    assert "De praktijkopleider heeft nog geen afspraak" in page.text
    participant = talk.rows(Participant)[0]
    page = talk.post(f"closing/participants/{participant.id}/remove")
    assert "De bakker" not in page.text
    assert "Het gesprek is afgesloten" in talk.post("closing/", action="close").text


def test_a_reason_goes_with_the_last_of_its_party(talk: Talk) -> None:
    talk.start()
    for who in ("haar vader", "de coach"):
        talk.do("closing/participants", party="other", description=who)
    talk.do("closing/participants", party="workplace")
    kept = {"reason-other": "Komt niet meer", "reason-workplace": "Belt nog"}
    talk.do("closing/", action="save", **kept)
    father, coach, _workplace = talk.rows(Participant)
    talk.do(f"closing/participants/{father.id}/remove")
    assert {one.reason for one in talk.rows(NoAgreement)} == set(kept.values())
    talk.do(f"closing/participants/{coach.id}/remove")
    assert [one.reason for one in talk.rows(NoAgreement)] == ["Belt nog"]
    kept |= {"reason-pupil": "Nog geen idee", "reason-teacher": "Niet nodig"}
    talk.do("closing/", action="close", **kept)
    page = talk.get("", talk.noor).text
    assert "Belt nog" in page
    assert "Komt niet meer" not in page


@pytest.mark.parametrize("party", ["", "pupil", "teacher", "nobody"])
def test_only_others_can_be_added(talk: Talk, party: str) -> None:
    talk.start()
    page = talk.post("closing/participants", party=party)
    assert page.status_code == 422
    assert "Kies wie er nog meer bij hoort" in page.text


def test_a_reason_is_kept_when_closing_is_refused(talk: Talk) -> None:
    talk.start()
    page = talk.post("closing/", action="close", **{"reason-pupil": "Noor was ziek"})
    assert page.status_code == 422
    assert "Noor was ziek" in talk.get("closing/").text


def test_a_close_can_be_taken_back_the_same_day_only(talk: Talk) -> None:
    talk.start()
    talk.close()
    assert "Per ongeluk afgesloten?" in talk.get("").text
    talk.do("closing/reopen")
    assert state(talk) == "started"
    talk.close()
    with time_machine.travel(now() + timedelta(days=1), tick=False):
        later = talk.school.visit(talk.teacher_id, talk.round_id)
        assert "Per ongeluk afgesloten?" not in talk.get("", later).text
        assert talk.post("closing/reopen", later).status_code == 409
    assert state(talk) == "closed"


@pytest.mark.parametrize("step", [-1, 1])
def test_a_school_day_ends_at_midnight_in_the_netherlands(talk: Talk, step: int) -> None:
    with time_machine.travel("2027-06-01T21:59:59Z", tick=False) as clock:
        mentor = talk.school.visit(talk.teacher_id, talk.round_id)
        talk.mentor = mentor
        talk.start()
        talk.close()
        clock.shift(timedelta(seconds=step))
        assert talk.post("closing/reopen").status_code == (200 if step < 0 else 409)


def test_putting_off_and_marking_absent(talk: Talk) -> None:
    page = talk.post("prepare/put-off", action="postpone", planned_for="2027-01-15")
    assert "Uitgesteld" in page.text
    assert "15 januari 2027" in page.text
    page = talk.post("prepare/put-off", action="absent")
    assert "Afwezig" in page.text
    page = talk.post("prepare/put-off", action="plan")
    assert "Nog niet gehouden" in page.text
    talk.start()
    assert talk.post("prepare/put-off", action="absent").status_code == 409


def test_nothing_unread_is_decided(talk: Talk) -> None:
    for fields in ({"action": "x"}, {"action": "postpone", "planned_for": "31-31-2027"}):
        page = talk.post("prepare/put-off", **fields)
        assert page.status_code == 422
        assert fields.get("planned_for", "") in page.text
    assert state(talk) == "planned"


def test_before_the_start_there_is_nothing_to_close(talk: Talk) -> None:
    assert "Begin het gesprek" in talk.get("closing/").text
    assert talk.post("closing/", action="close").status_code == 409
    assert state(talk) == "planned"


@pytest.mark.row("A6")
def test_a_workplace_agreement_is_not_the_pupils_to_read(talk: Talk) -> None:
    talk.start()
    talk.agree("pupil")
    talk.agree("workplace", "Ruimte in het rooster maken")
    for who, reads in ((talk.mentor, True), (talk.noor, False)):
        for path in ("", "agreements/"):
            assert ("Ruimte in het rooster" in talk.get(path, who).text) is reads
    agreement = next(one for one in talk.rows(Agreement) if one.party == "workplace")
    fields = {"party": "workplace", "kind": "action", "what": agreement.what, "pupil_reads": "1"}
    talk.do(f"agreements/{agreement.id}", **fields, **talk.form_of(agreement.id))
    assert "Ruimte in het rooster" in talk.get("agreements/", talk.noor).text


def test_a_workplace_agreement_is_not_on_a_screen_the_pupil_looks_at(talk: Talk) -> None:
    talk.start()
    talk.agree("workplace", "Ruimte in het rooster maken")
    talk.do("guide/chair", chair="pupil")
    for path in ("closing/", "agreements/"):
        assert "Ruimte in het rooster" not in talk.get(path).text
    talk.do("closing/participants", party="workplace")
    assert "De praktijkopleider heeft geen afspraak" not in talk.get("closing/").text
    talk.close()
    assert "Ruimte in het rooster" in talk.get("").text
    following = talk.next()
    following.start()
    assert "Ruimte in het rooster" in following.get("guide/doel").text
    following.do("guide/chair", chair="pupil")
    assert "Ruimte in het rooster" not in following.get("guide/doel").text


@pytest.mark.row("G3")
def test_an_answer_about_the_goals_does_not_pass_silently(talk: Talk) -> None:
    talk.start()
    assert "Jullie legden nog niet vast" in talk.get("closing/").text
    talk.do("guide/agreed", agreed="no")
    assert "Jullie legden nog niet vast" not in talk.get("closing/").text


def test_everybody_who_was_named_stands_at_the_closing(talk: Talk) -> None:
    talk.start()
    for who in ("haar vader", "de coach"):
        talk.do("closing/participants", party="other", description=who)
    assert len(talk.rows(Participant)) == 2
    assert "Iemand anders (haar vader, de coach) heeft geen afspraak" in talk.get("closing/").text
