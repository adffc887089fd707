"""Both preparations, as the acceptance table asks for them (rows F6–F8, T1–T7, G6, G9)."""

import re

import pytest

import instrument
from tests.support.talk import Talk

SPOKEN = {key: one.spoken for key, one in instrument.load().question_by_key.items()}


@pytest.mark.row("F2", "F3", "G6", "G9")
def test_the_form_has_both_questions_and_what_the_mentor_adds(talk: Talk) -> None:
    edit = talk.mentor.get(f"/rounds/{talk.round_id}/edit").text
    for key in ("gd-v01", "gd-v02", "er-v01", "er-v03", "er-v04"):
        assert re.search(rf'<input[^>]*value="{key}"', edit), key
        assert not re.search(rf'<input[^>]*value="{key}"[^>]*checked', edit), key
    for key in ("er-v02", "ls-v12", "ls-v13"):
        assert f'value="{key}"' not in edit
    added = {"title": "Najaar", "questions": ["gd-v01", "er-v04"]}
    assert talk.mentor.post(f"/rounds/{talk.round_id}/edit", added).status_code == 200
    pages = [talk.get("preparation/goal", talk.noor).text]
    pages.append(
        talk.post("preparation/goal", talk.noor, **{"prep.vb-v01": "Weten of zorg past"}).text
    )
    pages.append(talk.post("preparation/topic", talk.noor, **{"prep.vb-v02": "Mijn stage"}).text)
    for key, page in zip(("vb-v01", "vb-v02", "gd-v01"), pages, strict=True):
        assert SPOKEN[key] in page
    assert SPOKEN["er-v04"] in pages[2]
    assert SPOKEN["gd-v02"] not in pages[2]
    talk.start()
    assert SPOKEN["gd-v02"] in talk.get("guide/doel").text
    for key in ("er-v01", "er-v04"):
        assert SPOKEN[key] in talk.get("guide/ervaring").text
    assert 'id="q-er-v02"' in talk.get("guide/ervaring").text


@pytest.mark.row("F6", "F7", "T2", "T3", "T5")
def test_the_mentor_answers_too_and_the_pupil_sees_it_once_it_is_ready(talk: Talk) -> None:
    page = talk.get("prepare/").text
    for key in ("vb-v01", "vb-v02", "intended-result"):
        assert f'name="prep.{key}"' in page
    texts = {
        "prep.vb-v01": "Horen hoe het gaat",
        "prep.vb-v02": "De stage",
        "prep.intended-result": "Een keuze voor volgend jaar",
    }
    choices = {"purpose": "assessment", "scope": "study_career"}
    talk.do("prepare/", **texts, **choices)
    before = talk.get("", talk.noor).text
    assert "Je mentor is nog niet klaar met voorbereiden" in before
    for text in (*texts.values(), "Beoordeling"):
        assert text not in before
    revisions = {f"revision.{key}": "1" for key in texts}
    assert (
        "Klaar: gedeeld op"
        in talk.post("prepare/", **texts, **revisions, **choices, action="share").text
    )
    page = talk.get("", talk.noor).text
    for text in (*texts.values(), "Beoordeling · Studieloopbaan"):
        assert text in page
    talk.do("preparation/goal", talk.noor, **{"prep.vb-v01": "Weten of zorg past"})
    talk.do("preparation/topic", talk.noor, **{"prep.vb-v02": "Rooster"})
    talk.do("preparation/check", talk.noor)
    talk.start()
    page = talk.get("guide/doel").text
    halves = re.findall(r'<td class="lob-voice lob-written">([^<]*)</td>', page)
    assert halves == ["Weten of zorg past", "Horen hoe het gaat"]
    for path in ("guide/doel", "closing/"):
        assert "Een keuze voor volgend jaar" in talk.get(path).text


@pytest.mark.row("T1")
def test_a_goal_for_one_pupil_is_kept_without_a_button(talk: Talk) -> None:
    page = talk.get("prepare/").text
    assert f"/conversations/{talk.id}/entries/prep.vb-v01" in page
    saved = talk.post("entries/prep.vb-v01", **{"prep.vb-v01": "Horen hoe het gaat"})
    assert saved.get_json()["revision"] == 1
    assert "Horen hoe het gaat</textarea>" in talk.get("prepare/").text


@pytest.mark.row("T7")
def test_what_was_looked_up_is_private_or_shared(talk: Talk) -> None:
    texts = {"prep.lookup": "Open dag op 3 maart", "private.lookup": "Twee keer gezakt"}
    talk.do("prepare/", **texts, action="share")
    page = talk.get("", talk.noor).text
    assert "Open dag op 3 maart" in page
    assert "Twee keer gezakt" not in page
    talk.start()
    for text in texts.values():
        assert text in talk.get("guide/voorbereiding").text


@pytest.mark.row("T6")
def test_the_previous_conversation_is_a_click_away_and_ticked_as_read(talk: Talk) -> None:
    assert "nagelezen" not in talk.get("prepare/").text
    talk.start()
    talk.do("guide/werk", note__werk="Samen opgeschreven", private__werk="Voor mezelf")
    talk.do("guide/kwaliteiten/outcomes", kind="doubt", outcome="Of ik geduldig ben")
    talk.agree(what="Een middag meelopen")
    talk.do("closing/", next__topic="Hoe het meelopen was")
    held = talk.post("closing/", action="close", **{"reason-teacher": "Niet nodig"})
    assert "Het gesprek is afgesloten" in held.text
    following = talk.next()
    page = following.get("prepare/").text
    for text in ("Voor mezelf", "Of ik geduldig ben", "Een middag", "Hoe het meelopen was"):
        assert text in page
    link = re.search(rf'href="([^"]*/conversations/{talk.id}/)"', page)
    assert link
    assert "Samen opgeschreven" in following.mentor.get(link[1]).text
    page = following.post("prepare/", read_back="1").text
    assert re.search(r'<input[^>]*name="read_back"[^>]*checked', page)


@pytest.mark.row("F8", "V4")
def test_the_pupil_fills_in_with_what_was_left_open_at_hand(talk: Talk) -> None:
    talk.start()
    talk.agree(what="Een middag meelopen")
    talk.do("", talk.noor, next__topic="Hoe het meelopen was")
    talk.do("closing/", action="close", **{"reason-teacher": "Niet nodig"})
    following = talk.next()
    page = following.noor.get().text
    assert "Een middag meelopen" in page
    assert "Hoe het meelopen was" in page
    topic = following.get("preparation/topic", following.noor).text
    assert "Hoe het meelopen was</textarea>" in topic
