"""The mentor's preparation: a draft until it is shared (acceptance T1–T7, F6, F7)."""

from tests.support.talk import Talk


def test_a_question_added_after_sharing_asks_to_share_again(talk: Talk) -> None:
    page = talk.post("prepare/", action="share", **{"prep.vb-v01": "Horen hoe het gaat"})
    assert "Klaar: gedeeld" in page.text
    page = talk.post("prepare/", action="add-question", own_question="Gaat het goed thuis?")
    assert "Je hebt na het delen nog iets veranderd" in page.text
    assert "Gaat het goed thuis?" not in talk.get("", talk.noor).text
    page = talk.post("prepare/", action="share")
    assert "Klaar: gedeeld" in page.text
    assert "Gaat het goed thuis?" in talk.get("", talk.noor).text
