"""Reading back what was said: everything shared has a place, for pupil and mentor alike."""

import pytest

from lti_tool.models import AccessLog, Act
from tests.support.talk import Talk


@pytest.fixture
def told(talk: Talk) -> Talk:
    talk.start()
    talk.do("guide/agreed", agreed="partly", **{"agreed.remark": "Over het tempo niet"})
    talk.do("guide/experiences", experience="De laatste stagedag", brought_by="teacher")
    texts = {
        "motive.situation": "Een boze klant",
        "motive.meaning": "Ik wil eerlijk zijn",
        "motive.next": "Vaker vragen stellen",
    }
    talk.do("guide/motieven", **texts)
    talk.do("guide/sturing", **{"own-question.text": "Moet ik verhuizen?"})
    return talk


SHARED = (
    "Deels",
    "Over het tempo niet",
    "De laatste stagedag",
    "Ingebracht door: mentor",
    "Een boze klant",
    "Ik wil eerlijk zijn",
    "Vaker vragen stellen",
    "Moet ik verhuizen?",
)


@pytest.mark.row("V7", "G20")
def test_all_that_the_pupil_reads_along_can_be_read_back(told: Talk) -> None:
    told.close()
    timeline = told.mentor.get(f"/pupils/{told.pupil_id}").text
    for page in (told.get("", told.noor).text, told.get("").text, timeline):
        for text in SHARED:
            assert text in page


@pytest.mark.row("G31")
def test_a_pupil_writes_an_own_question_on_an_own_device(talk: Talk) -> None:
    assert "Heb je een eigen vraag?" not in talk.get("", talk.noor).text
    talk.start()
    assert "Heb je een eigen vraag?" in talk.get("", talk.noor).text
    talk.do("", talk.noor, **{"own-question.text": "Moet ik verhuizen?"})
    assert "Moet ik verhuizen?" in talk.get("guide/sturing").text
    talk.close()
    assert "Heb je een eigen vraag?" not in talk.get("", talk.noor).text


@pytest.mark.row("V5", "V6")
def test_who_prepares_what_stands_in_both_preparations(talk: Talk) -> None:
    talk.start()
    plans = {
        "next.pupil": "Een lijstje maken",
        "next.teacher": "De stage bellen",
        "next.approach": "Samen op de bank",
    }
    talk.do("closing/", **plans)
    talk.close()
    following = talk.next()
    pages = (following.get("prepare/"), following.get("preparation/look-back", following.noor))
    for page in pages:
        for text in plans.values():
            assert text in page.text


def test_what_is_agreed_comes_before_what_is_asked_when_all_is_said(talk: Talk) -> None:
    talk.start()
    talk.agree(what="Bij de bakker kijken")
    talk.close()
    following = talk.next()
    following.start()
    following.agree(what="Een open dag kiezen")
    page = following.get("", following.noor).text
    order = ["Een open dag kiezen", "Zelf een afspraak opschrijven", "Bij de bakker kijken"]
    order += ["Voorbereiding</h2>", "Hoe was het, en hoe verder?"]
    places = [page.index(text) for text in order]
    assert places == sorted(places)


def test_who_read_a_conversation_stands_in_the_log_once(talk: Talk) -> None:
    talk.start()
    talk.close()
    later = talk.next()
    substitute = talk.school.teacher("Karim El Idrissi")
    visitor = talk.school.visit(substitute, later.round_id)
    for _again in range(2):
        assert visitor.get(f"/pupils/{talk.pupil_id}").status_code == 200
        later.get("agreements/", later.noor)

    def readers(one: Talk) -> list[int]:
        return [line.enrolment_id for line in one.rows(AccessLog) if line.act == Act.VIEWED]

    assert readers(talk).count(substitute) == 1
    assert readers(later) == [talk.pupil_id]
