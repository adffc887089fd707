"""One session that asks without end is told to wait; the rest of its school notices nothing."""

import pytest
from flask import Flask
from structlog.testing import capture_logs

from lti_tool import create_app
from tests.support.school import School, Visitor
from tests.support.talk import Talk
from tests.support.tools import let_go

POSTS, PAPERS, QUESTIONS = 300, 30, 20
"""Per minute."""


@pytest.fixture
def tired(school: School) -> Visitor:
    """A pupil whose browser has posted as often as it may."""
    visitor = school.visit(school.pupil())
    token = visitor.csrf_token()
    for number in range(POSTS):
        answer = visitor.client.post(f"{visitor.root}/language", data={"csrf_token": token})
        assert answer.status_code != 429, number
    return visitor


def test_who_posts_without_end_waits_a_minute_and_loses_nothing(
    tired: Visitor, school: School
) -> None:
    with capture_logs() as logs:
        page = tired.post("/language", {"anything": "Dit typte ik net"})
    assert (page.status_code, page.headers["Retry-After"]) == (429, "60")
    assert "Wacht een minuut" in page.text
    assert "Dit typte ik net" in page.text
    assert [(one["status"], one["path"]) for one in logs] == [(429, "/s/…/language")]
    assert tired.get("/mine").status_code == 200
    to_script = tired.post("/language", headers={"X-Requested-With": "autosave"})
    assert (to_script.status_code, to_script.mimetype) == (429, "application/json")
    # A classmate, at the same address, goes on.
    school.visit(school.pupil("Sem Yilmaz")).do("/language", {"language": "nl"})


def test_papers_are_not_made_without_end(talk: Talk) -> None:
    for _ in range(PAPERS):
        assert talk.noor.get("/mine/dossier").status_code == 200
    assert talk.noor.get("/mine/dossier.pdf").status_code == 429
    assert talk.noor.get("/mine").status_code == 200


def test_a_platform_is_not_asked_without_end(talk: Talk) -> None:
    for _ in range(QUESTIONS):
        talk.mentor.do(f"/rounds/{talk.round_id}/roster")
    answer = talk.mentor.post(f"/rounds/{talk.round_id}/reports", follow_redirects=False)
    assert answer.status_code == 429


def test_without_its_redis_a_process_counts_for_itself(app: Flask) -> None:
    settings = app.config["LOB"].model_copy(update={"redis_url": "redis://127.0.0.1:1/0"})
    other = create_app(settings)
    other.testing = True
    school = School(other)
    visitor = school.visit(school.pupil())
    for _ in range(POSTS):
        visitor.do("/language", {"language": "nl"})
    assert visitor.post("/language", {"language": "nl"}).status_code == 429
    let_go(other)
