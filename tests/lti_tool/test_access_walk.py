"""Every route that names a record, tried by everybody who may not see it."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import update
from werkzeug.routing import Rule

from lti_tool.models import Agreement, Enrolment, Role, Round, db, now
from tests.support.papers import text_of
from tests.support.school import School, Visitor
from tests.support.talk import Talk, hold_talk

SAID = "Een middag meelopen"
WORDS = {"slug": "goal", "phase_key": "doel", "key": "prep.vb-v01", "question_key": "gd-v01"}


@pytest.fixture
def talk(school: School) -> Talk:
    """A conversation of a year ago: Noor and her mentor, closed with an agreement."""
    held = hold_talk(school, school.teacher(), school.pupil())
    held.start()
    held.agree(what=SAID)
    held.close()
    with school.app.app_context():
        moment = now() - timedelta(days=400)
        db.session.execute(update(Enrolment).values(first_seen_at=moment, seen_at=moment))
        db.session.execute(update(Round).values(school_year=Round.school_year - 1))
        db.session.commit()
    return held


def strangers(school: School, talk: Talk) -> dict[str, Visitor]:
    """A classmate, a teacher of another course, one who came this year, an administrator."""
    elsewhere = school.enrol("Vreemde Docent", Role.TEACHER, school.course("Elders"))
    return {
        "classmate": school.visit(school.pupil("Sem Yilmaz"), talk.round_id),
        "teacher elsewhere": school.visit(elsewhere),
        "new teacher": school.visit(school.teacher("Nieuwe Docent")),
        "administrator": school.administrator(),
    }


def paths(app: Flask, talk: Talk) -> Iterator[tuple[str, str, bool]]:
    """Method and path of every route of a session, and whether it names a record of this talk."""
    (agreement,) = talk.rows(Agreement)
    numbers = {
        "conversation_id": talk.id,
        "round_id": talk.round_id,
        "enrolment_id": talk.pupil_id,
        "agreement_id": agreement.id,
    }

    def filled(rule: Rule) -> str:
        def value(found: "re.Match[str]") -> str:
            name = found[2]
            return str(numbers.get(name, 1)) if found[1] == "int:" else WORDS.get(name, "x")

        return re.sub(r"<(int:)?(\w+)>", value, rule.rule.removeprefix("/s/<session_id>"))

    for rule in app.url_map.iter_rules():
        if "session_id" in rule.arguments:
            names_record = bool(rule.arguments & numbers.keys())
            for method in sorted((rule.methods or set()) & {"GET", "POST"}):
                yield method, filled(rule), names_record


def test_nobody_sees_what_is_not_theirs(app: Flask, school: School, talk: Talk) -> None:
    visitors = strangers(school, talk)
    tried = list(paths(app, talk))
    assert sum(names_record for *_rest, names_record in tried) > 30
    for who, visitor in visitors.items():
        for method, path, names_record in tried:
            page = visitor.get(path) if method == "GET" else visitor.post(path)
            here = (who, method, path, page.status_code)
            assert page.status_code < 500, here
            text = text_of(page)
            assert "Noor" not in text, here
            assert SAID not in text, here
            if names_record:
                assert page.status_code in {403, 404}, here
    assert talk.mentor.get(f"/conversations/{talk.id}/").status_code == 200
    assert SAID in talk.noor.get(f"/conversations/{talk.id}/").text
