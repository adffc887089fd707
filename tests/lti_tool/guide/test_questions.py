"""Questions in their groups: as the source has them, and as this teacher grew them."""

import re

import pytest

import instrument
from lti_tool.models import OwnQuestion, QuestionMark, Remark, Round, db
from tests.support.statements import needed_for
from tests.support.talk import Talk

ANCHOR_GROUP = "De laatste stagedag"


@pytest.fixture
def started(talk: Talk) -> Talk:
    talk.start()
    return talk


@pytest.mark.parametrize("phase", instrument.load().phases, ids=lambda one: one.key)
def test_every_screen_shows_its_part_of_the_instrument(
    started: Talk, phase: instrument.Phase
) -> None:
    page = started.get("closing/" if phase.key == "afronding" else f"guide/{phase.key}")
    text = " ".join(re.sub(r"<[^>]*>", " ", page.text).split())
    text = text.replace("&#39;", "'").replace("&#34;", '"').replace("&amp;", "&")
    assert phase.title in text
    for line in (*phase.explanation, *phase.tips):
        assert " ".join(line.text.split()) in text
    if phase.core_questions:
        for core in (*phase.core_questions.superficial, *phase.core_questions.deeper):
            assert core.text in text
    if phase.key not in {"voorbereiding", "afronding"}:
        for question in phase.questions:
            assert question.spoken in text


def test_a_tick_is_what_the_form_says(started: Talk) -> None:
    for _double_click in range(2):
        page = started.post("guide/kwaliteiten/marks/kw-v02", asked="1")
        assert page.text.count('aria-pressed="true"') == 1
    page = started.post("guide/kwaliteiten/marks/kw-v02")
    assert 'aria-pressed="true"' not in page.text


def test_sub_questions_are_ticked_one_by_one(started: Talk) -> None:
    assert started.get("guide/kwaliteiten").text.count("doorvragen</span>") == 1
    started.do("guide/kwaliteiten/marks/kw-v01-2", asked="1")
    assert [one.question_key for one in started.rows(QuestionMark)] == ["kw-v01-2"]


@pytest.mark.parametrize("key", ["kw-v99", "mo-v01", "own-1", "kw-v01-9", "own-²"])
def test_only_questions_of_the_screen_can_be_ticked(started: Talk, key: str) -> None:
    assert started.post(f"guide/kwaliteiten/marks/{key}", asked="1").status_code == 404


def test_an_own_question_comes_back_at_every_conversation(started: Talk) -> None:
    page = started.post(
        "guide/kwaliteiten/questions", group="kw-g2", **{"question-kw-g2": "Wat geeft je energie?"}
    )
    assert "eigen" in page.text
    other = started.school.pupil("Sem Yilmaz")
    round_id = started.school.round()
    path = f"/conversations/{started.school.conversation(other, round_id)}/guide"
    started.mentor.do(f"{path}/start")
    assert "Wat geeft je energie?" in started.mentor.get(f"{path}/kwaliteiten").text
    colleague = started.school.visit(started.school.teacher("Ilse Smit"), round_id)
    assert "Wat geeft je energie?" not in colleague.get(f"{path}/kwaliteiten").text
    own = all_rows(started, OwnQuestion)[0]
    page = started.post(f"guide/kwaliteiten/questions/{own.id}/withdraw")
    assert "Wat geeft je energie?" not in page.text


def all_rows(talk: Talk, kind: type[db.Model]) -> list[OwnQuestion]:  # type: ignore[name-defined]
    with talk.school.app.app_context():
        return list(db.session.scalars(db.select(kind)))


@pytest.mark.row("X10")
def test_another_wording_leaves_the_source_as_it_is(started: Talk) -> None:
    source = instrument.load().question_by_key["kw-v02"].spoken
    page = started.post(
        "guide/kwaliteiten/questions",
        group="kw-g2",
        replaces="kw-v02",
        **{"question-kw-g2": "Mijn eigen woorden"},
    )
    assert "eigen versie" in page.text
    assert "Bron:" in page.text
    own = all_rows(started, OwnQuestion)[0]
    started.do(f"guide/kwaliteiten/marks/own-{own.id}", asked="1")
    page = started.post(f"guide/kwaliteiten/questions/{own.id}/withdraw")
    assert "Mijn eigen woorden" not in page.text
    assert source in page.text
    assert instrument.load().question_by_key["kw-v02"].spoken == source


def test_an_own_question_needs_words_and_a_group(started: Talk) -> None:
    page = started.post("guide/kwaliteiten/questions", group="kw-g2")
    assert page.status_code == 422
    assert "Schrijf je vraag op" in page.text
    for fields in ({"group": "mo-g1"}, {"group": "kw-g2", "replaces": "mo-v01"}):
        fields["question-kw-g2"] = "x"
        assert started.post("guide/kwaliteiten/questions", **fields).status_code == 404


def test_somebody_elses_question_cannot_be_withdrawn(started: Talk) -> None:
    started.do("guide/kwaliteiten/questions", group="kw-g2", **{"question-kw-g2": "Waarom?"})
    own = all_rows(started, OwnQuestion)[0]
    colleague = started.school.visit(started.school.teacher("Ilse Smit"), started.round_id)
    page = started.post(f"guide/kwaliteiten/questions/{own.id}/withdraw", colleague)
    assert page.status_code == 404


def test_a_fallback_stays_folded_and_says_when_it_is_for(started: Talk) -> None:
    page = started.get("guide/kwaliteiten").text
    assert '<details class="lob-group" id="g-kw-g3">' in page
    assert "<summary>Indien er geen kwaliteiten naar voren komen</summary>" in page


def test_questions_of_ones_own_have_a_place_at_the_closing_too(started: Talk) -> None:
    field = {"group": "af-g1", "question-af-g1": "Wat neem je mee?"}
    page = started.post("guide/afronding/questions", **field)
    assert "Wat neem je mee?" in page.text
    page = started.post("guide/afronding/questions", group="af-g1", **{"question-af-g1": " "})
    assert page.status_code == 422
    assert "Schrijf je vraag op" in page.text
    started.close()
    following = started.next()
    following.start()
    assert "Wat neem je mee?" in following.get("closing/").text
    following.do("guide/chair", chair="pupil")
    assert "Eigen vraag toevoegen" not in following.get("closing/").text


def test_groups_that_start_from_the_experience_name_it(started: Talk) -> None:
    started.do("guide/experiences", experience=ANCHOR_GROUP, brought_by="pupil")
    assert f"Ervaring: {ANCHOR_GROUP}" in started.get("guide/kwaliteiten").text


def test_questions_about_internships_can_be_left_out(started: Talk) -> None:
    question = "Welke afdelingen zijn er?"
    assert question in started.get("guide/werk").text
    started.mentor.do(
        f"/rounds/{started.round_id}/edit", {"title": "Najaar", "without_internship": "1"}
    )
    with started.school.app.app_context():
        assert db.session.get_one(Round, started.round_id).without_internship
    assert question not in started.get("guide/werk").text


def test_a_remark_is_about_the_instrument_and_comes_back(started: Talk) -> None:
    page = started.post("guide/motieven/remark", **{"remark.motieven": "Rustig beginnen"})
    assert "Rustig beginnen" in page.text
    following = started.next()
    following.start()
    assert "Rustig beginnen" in following.get("guide/motieven").text
    assert "Rustig beginnen" not in following.get("", following.noor).text


def test_two_windows_never_overwrite_a_remark(started: Talk) -> None:
    started.do("guide/motieven/remark", **{"remark.motieven": "Een"})
    page = started.post(
        "guide/motieven/remark", **{"remark.motieven": "Twee", "revision.remark.motieven": "0"}
    )
    assert page.status_code == 422
    assert "Een" in page.text
    assert "Twee</textarea>" in page.text
    answer = started.mentor.post(
        f"/conversations/{started.id}/guide/motieven/remark",
        {"remark.motieven": "Drie", "revision.remark.motieven": "1"},
        headers={"X-Requested-With": "autosave"},
    )
    assert answer.get_json()["revision"] == 2
    rows = all_rows(started, Remark)
    assert [one.text for one in rows] == ["Drie"]


def test_the_guide_needs_as_many_statements_however_much_there_is(started: Talk) -> None:
    page = f"/conversations/{started.id}/guide/kwaliteiten"
    few = needed_for(started.mentor, page)
    for number in range(10):
        started.do("guide/goals", goal=f"Doel {number}", owner="pupil")
        for phase in ("kwaliteiten", "werk"):
            started.do(f"guide/{phase}/outcomes", kind="named", outcome=f"Ik kan {number}")
        started.agree("pupil", f"Afspraak {number}")
    assert needed_for(started.mentor, page) == few <= 20
