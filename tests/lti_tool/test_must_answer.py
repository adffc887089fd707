"""What a teacher picks as a question to answer: the bank as they have it, not the bare source."""

from lti_tool.models import MustAnswer, Round, db
from tests.support.bank import add, arrange, reword
from tests.support.statements import counted
from tests.support.talk import Talk

OWN, WORDED = "Wat doe je op zaterdag?", "Wat doe jij als het druk wordt?"


def pick(talk: Talk, key: str) -> list[tuple[str | None, str | None]]:
    """Pin it; what is kept by now."""
    talk.do("prepare/", action="add-question", picked=key)
    return [(one.question_key, one.text) for one in talk.rows(MustAnswer)]


def test_an_own_question_and_other_words_can_be_picked(talk: Talk) -> None:
    key = add(talk.mentor, OWN)
    reword(talk.mentor, "kw-v05", WORDED)
    page = talk.get("prepare/").text
    assert f'value="{key}"' in page
    assert WORDED in page
    assert pick(talk, key) == [(None, OWN)]
    assert pick(talk, "kw-v05") == [(None, OWN), (None, WORDED)]
    assert pick(talk, "we-v09")[-1] == ("we-v09", None)
    talk.do("prepare/", action="share")
    for text in (OWN, WORDED):
        assert text in talk.get("", talk.noor).text
        assert text in talk.get("prepare/").text


def test_what_was_picked_keeps_its_words(talk: Talk) -> None:
    reword(talk.mentor, "kw-v05", WORDED)
    pick(talk, "kw-v05")
    reword(talk.mentor, "kw-v05", "Heel iets anders")
    talk.start()
    assert WORDED in talk.get("guide/doel").text


def test_what_is_hidden_or_about_an_internship_nobody_has_is_not_offered(talk: Talk) -> None:
    before = talk.get("prepare/").text
    assert all(f'value="{key}"' in before for key in ("kw-v05", "kw-v06", "mo-v05"))
    arrange(talk.mentor, "kw-v06", "hide")
    with talk.school.app.app_context():
        db.session.get_one(Round, talk.round_id).without_internship = True
        db.session.commit()
    page = talk.get("prepare/").text
    assert 'value="kw-v05"' in page
    assert 'value="kw-v06"' not in page
    assert 'value="mo-v05"' not in page
    refused = talk.post("prepare/", action="add-question", picked="kw-v06")
    assert refused.status_code == 422
    assert "Schrijf een vraag op, of kies er een." in refused.text
    assert talk.rows(MustAnswer) == []


def test_a_colleague_s_question_is_not_mine_to_pick(talk: Talk) -> None:
    colleague = talk.school.visit(talk.school.teacher("Ilse Smit"), talk.round_id)
    key = add(colleague, OWN)
    assert OWN not in talk.get("prepare/").text
    assert talk.post("prepare/", action="add-question", picked=key).status_code == 422


def test_the_page_asks_as_often_however_many_questions(talk: Talk) -> None:
    add(talk.mentor, OWN)
    talk.get("prepare/")  # the first look is noted in the access log
    with counted(talk.school.app) as few:
        talk.get("prepare/")
    for number in range(5):
        add(talk.mentor, f"Vraag {number}?")
    with counted(talk.school.app) as many:
        talk.get("prepare/")
    assert len(many) == len(few)
