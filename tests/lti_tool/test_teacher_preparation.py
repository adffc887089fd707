"""The mentor's preparation: a draft until it is shared (acceptance T1–T7, F6, F7)."""

from lti_tool.models import Conversation, Preparation, db
from tests.support.talk import Talk


def purpose(talk: Talk) -> str | None:
    with talk.school.app.app_context():
        return db.session.get_one(Conversation, talk.id).purpose


def test_a_choice_is_kept_the_moment_it_is_made(talk: Talk) -> None:
    assert "saved_at" in talk.post("prepare/choices", purpose="guidance").get_json()
    talk.post("prepare/choices", scope="career")
    assert purpose(talk) == "guidance"
    talk.post("prepare/choices", read_back="1")
    talk.post("prepare/choices", purpose="both")
    assert talk.rows(Preparation)[0].read_back_at is not None
    talk.post("prepare/choices", read_back="")
    assert talk.rows(Preparation)[0].read_back_at is None
    assert talk.post("prepare/choices", purpose="x").status_code == 400
    assert talk.post("prepare/choices", talk.noor, purpose="guidance").status_code == 403
    talk.start()
    assert talk.post("prepare/choices", purpose="guidance").status_code == 409
    assert purpose(talk) == "both"


def test_a_question_added_after_sharing_asks_to_share_again(talk: Talk) -> None:
    page = talk.post("prepare/", action="share", **{"prep.vb-v01": "Horen hoe het gaat"})
    assert "Klaar: gedeeld" in page.text
    page = talk.post("prepare/", action="add-question", own_question="Gaat het goed thuis?")
    assert "Je hebt na het delen nog iets veranderd" in page.text
    assert "Gaat het goed thuis?" not in talk.get("", talk.noor).text
    page = talk.post("prepare/", action="share")
    assert "Klaar: gedeeld" in page.text
    assert "Gaat het goed thuis?" in talk.get("", talk.noor).text
