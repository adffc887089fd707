"""Outcomes: named or in doubt, in the pupil's words, never proposed by us."""

import pytest

from lti_tool.models import Outcome
from tests.support.talk import Talk

PHASES = ("kwaliteiten", "motieven", "werk", "sturing", "netwerken")


@pytest.fixture
def started(talk: Talk) -> Talk:
    talk.start()
    return talk


@pytest.mark.row("G13")
@pytest.mark.parametrize("phase", PHASES)
def test_named_and_doubted_stand_side_by_side(started: Talk, phase: str) -> None:
    started.do(f"guide/{phase}/outcomes", kind="named", outcome="Ik blijf rustig")
    page = started.post(f"guide/{phase}/outcomes", kind="doubt", outcome="")
    assert "Ik blijf rustig" in page.text
    assert "Twijfel" in page.text
    assert [one.kind for one in started.rows(Outcome)] == ["named", "doubt"]


@pytest.mark.row("G12")
def test_the_pupil_confirms_what_the_teacher_typed(started: Talk) -> None:
    page = started.post("guide/kwaliteiten/outcomes", kind="named", outcome="Ik blijf rustig")
    outcome = started.rows(Outcome)[0]
    assert "zo gezegd door Noor" not in page.text
    for _twice in range(2):
        page = started.post(f"guide/outcomes/{outcome.id}", action="confirm")
        assert "zo gezegd door Noor" in page.text
    page = started.post(f"guide/outcomes/{outcome.id}", action="take-back")
    assert "zo gezegd door Noor" not in page.text


@pytest.mark.parametrize(("phase", "repeats"), [("kwaliteiten", True), ("werk", False)])
def test_what_was_named_is_repeated_where_the_source_says_so(
    started: Talk, phase: str, repeats: bool
) -> None:
    page = started.post(f"guide/{phase}/outcomes", kind="named", outcome="Ik blijf rustig")
    assert ("Ik heb het herhaald" in page.text) is repeats
    started.do(f"guide/outcomes/{started.rows(Outcome)[0].id}", action="repeat")
    assert started.rows(Outcome)[0].repeated_at is not None
    started.do(f"guide/outcomes/{started.rows(Outcome)[0].id}", action="not-repeated")
    assert started.rows(Outcome)[0].repeated_at is None
    assert "Ik blijf rustig" in started.get("closing/").text


@pytest.mark.row("V3", "G34")
def test_named_qualities_stand_at_the_questions_that_build_on_them(started: Talk) -> None:
    started.do("guide/kwaliteiten/outcomes", kind="named", outcome="Ik blijf rustig")
    page = started.get("guide/werk")
    assert page.text.count("Benoemde kwaliteiten:") == 2
    assert started.get("guide/sturing").text.count("Benoemde kwaliteiten:") == 1
    started.close()
    following = started.next()
    following.start()
    assert "Ik blijf rustig" in following.get("guide/werk").text


@pytest.mark.row("V2")
def test_a_doubt_stays_until_people_settle_it(started: Talk) -> None:
    started.do("guide/motieven/outcomes", kind="doubt", outcome="Of ik druk werk aankan")
    doubt = started.rows(Outcome)[0]
    started.close()
    second = started.next()
    second.start()
    second.close()
    third = second.next()
    assert "Of ik druk werk aankan" in third.get("prepare/").text
    third.start()
    assert "Of ik druk werk aankan" not in third.get("guide/kwaliteiten").text
    page = third.post(f"guide/outcomes/{doubt.id}", action="not_done")
    assert "Vorige keer nog een twijfel" not in page.text
    row = started.rows(Outcome)[0]
    assert (row.settled, row.settled_by_id) == ("not_done", started.teacher_id)


@pytest.mark.row("V2")
def test_what_is_open_at_a_phase_stands_on_top_of_it_next_time(started: Talk) -> None:
    started.do("guide/kwaliteiten/outcomes", kind="doubt", outcome="Of ik geduldig ben")
    doubt = started.rows(Outcome)[0]
    fields = {"party": "pupil", "kind": "assignment", "what": "Oppassen", "outcome_id": doubt.id}
    started.do("agreements/new", **fields)
    started.close()
    following = started.next()
    following.start()
    page = following.get("guide/kwaliteiten").text
    carried = [page.index(text) for text in ("Of ik geduldig ben", "Oppassen", ">Oppervlakkig<")]
    assert carried == sorted(carried)
    assert "Oppassen" not in following.get("guide/werk").text


def test_an_earlier_outcome_may_be_settled_and_nothing_else(started: Talk) -> None:
    started.do("guide/motieven/outcomes", kind="doubt", outcome="Of ik druk werk aankan")
    doubt = started.rows(Outcome)[0]
    started.close()
    following = started.next()
    following.start()
    for action in ("remove", "confirm", "repeat"):
        assert following.post(f"guide/outcomes/{doubt.id}", action=action).status_code == 404
    assert len(started.rows(Outcome)) == 1


def test_what_is_not_chosen_is_asked_again(started: Talk) -> None:
    page = started.post("guide/werk/outcomes", outcome="Buiten werken")
    assert page.status_code == 422
    assert "Buiten werken" in page.text
    page = started.post("guide/werk/outcomes", kind="named", outcome=" ")
    assert page.status_code == 422
    assert "Schrijf op wat de leerling zei" in page.text


@pytest.mark.parametrize("phase", ["doel", "reflectie", "nergens"])
def test_only_career_questions_have_outcomes(started: Talk, phase: str) -> None:
    path = f"guide/{phase}/outcomes"
    assert started.post(path, kind="named", outcome="x").status_code == 404


@pytest.mark.row("G12")
def test_no_quality_is_ever_proposed(started: Talk) -> None:
    page = started.get("guide/kwaliteiten")
    assert "<datalist" not in page.text
    assert page.text.count('name="outcome"') == 1


@pytest.mark.row("G20")
def test_what_now_becomes_an_agreement_and_is_kept(talk: Talk) -> None:
    talk.start()
    page = talk.get("guide/motieven").text
    assert page.index("Wat nu?") < page.index("Maak hier een afspraak van")
    text = "Vaker vragen stellen"
    page = talk.post("guide/motieven", action="agreement", **{"motive.next": text}).text
    assert "Nieuwe afspraak" in page
    assert f"{text}</textarea>" in page
    assert f"{text}</textarea>" in talk.get("guide/motieven").text
