"""Whatever a browser sends: a page in Dutch or a short JSON answer, never a failure of ours."""

import itertools
import re
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import delete
from structlog.testing import capture_logs

from lti_tool.models import LaunchSession, db
from tests.support.school import School
from tests.support.talk import Talk

NUMBERS = ("1", "2147483647", "9" * 40)
WORDS = ("doel", "afronding", "note.doel", "kw-v02", "%00%C3", "own-9999999999999999")
JUNK = ("", "é\x00\x0b\r", "-1", "99999999999999999999", "2026-13-45", "9999-12-31")
NAMES = (
    *("action", "agreed", "back", "because-1", "brought_by", "chair", "description", "done"),
    *("done_when", "due_on", "evidence", "experience", "form_questions", "goal", "group", "how"),
    *("informed_by", "kind", "note.doel", "outcome", "outcome_id", "own_question", "owner"),
    *("party", "phase", "picked", "planned_for", "prep.vb-v01", "purpose", "question-kw-g2"),
    *("questions", "reason-pupil", "remark.doel", "revision.note.doel", "revision.remark.doel"),
    *("settled", "steps", "title", "what", "why", "private.doel", "next.topic", "scope"),
    *("asked", "answered", "confirmed", "read_back", "participant", "present"),
)


def addresses(app: Flask, conversation: int) -> Iterator[tuple[str, str]]:
    """Every method and path below a session, with every odd value in every place."""
    for rule in app.url_map.iter_rules():
        path = rule.rule
        if not path.startswith("/s/<session_id>"):
            continue
        path = path.removeprefix("/s/<session_id>")
        numbers = NUMBERS if "<int:" in path else ("",)
        words = WORDS if re.search(r"<\w", path) else ("",)
        for number, word in itertools.product(numbers, words):
            own = str(conversation) if number == "1" else number
            here = path.replace("<int:conversation_id>", own)
            here = re.sub(r"<int:\w+>", number, here)
            here = re.sub(r"<\w+>", word, here)
            for method in (rule.methods or set()) & {"GET", "POST"}:
                yield method, here


@pytest.mark.parametrize("role", ["pupil", "teacher"])
def test_no_address_and_no_form_makes_us_fail(
    app: Flask, school: School, role: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app.extensions["lob_rate_limits"], "enabled", False)
    pupil, teacher = school.pupil(), school.teacher()
    first = school.round()
    conversation = school.conversation(pupil, first)
    mentor = school.visit(teacher, first)
    mentor.do(f"/conversations/{conversation}/guide/start")
    visitor = mentor if role == "teacher" else school.visit(pupil, first)
    token = visitor.csrf_token()
    junk = itertools.cycle(JUNK)
    seen: dict[int, int] = {}
    with capture_logs() as logs:
        for method, path in addresses(app, conversation):
            data = {name: next(junk) for name in NAMES} if method == "POST" else None
            if data is not None:
                data["csrf_token"] = token
            answer = visitor.client.open(visitor.root + path, method=method, data=data)
            assert answer.status_code < 500, (method, path)
            seen[answer.status_code] = seen.get(answer.status_code, 0) + 1
    assert {200, 303, 404} <= seen.keys()
    assert 429 not in seen  # else not every address was looked at
    assert not [one for one in logs if one["log_level"] == "error"]


@pytest.mark.parametrize("query", ["party=x&kind=y&outcome=99999999999999999999&phase=z", "from=x"])
def test_odd_queries_are_ignored(school: School, query: str) -> None:
    pupil, first = school.pupil(), school.round()
    pupil = school.pupil("Sem Yilmaz")
    mentor = school.visit(school.teacher(), first)
    round_id = school.round("Voorjaar")
    conversation = f"/conversations/{school.conversation(pupil, round_id)}"
    mentor.do(f"{conversation}/guide/start")
    assert mentor.get(f"{conversation}/agreements/new?{query}").status_code == 200
    assert mentor.get(f"{conversation}/guide/doel?{query}").status_code == 200


def test_what_was_typed_too_long_comes_back(school: School) -> None:
    pupil, round_id = school.pupil(), school.round()
    round_id = school.round("Voorjaar")
    conversation = f"/conversations/{school.conversation(pupil, round_id)}"
    mentor = school.visit(school.teacher(), round_id)
    mentor.do(f"{conversation}/guide/start")
    long = "Veel te veel woorden. " * 1000
    for path, name in (
        ("guide/doel", "note.doel"),
        ("guide/doel/remark", "remark.doel"),
        ("guide/goals", "goal"),
        ("guide/experiences", "experience"),
        ("guide/kwaliteiten/outcomes", "outcome"),
        ("agreements/new", "what"),
        ("closing/", "next.topic"),
        ("closing/", "reason-pupil"),
    ):
        page = mentor.post(f"{conversation}/{path}", {name: long, "kind": "named"})
        assert page.status_code == 422, path
        assert "Je tekst is te lang" in page.text
        assert long.strip() in page.text, path


def test_a_refusal_gives_back_what_was_written_and_no_codes(talk: Talk) -> None:
    talk.start()
    with talk.school.app.app_context():
        db.session.execute(delete(LaunchSession))
        db.session.commit()
    fields = {"party": "pupil", "kind": "action", "evidence_wanted": "1", "why": "Om te weten"}
    page = talk.post("agreements/new", **fields, what="Een middag meelopen")
    assert page.status_code == 401
    for text in ("Een middag meelopen", "Om te weten"):
        assert text in page.text
    for code in (">pupil<", ">action<", ">1<"):
        assert code not in page.text
