"""A pupil sees who did what with their conversations, and nobody else sees it."""

from datetime import timedelta

import pytest
from flask import Flask

from lti_tool import looked_at_views
from lti_tool.models import AccessLog, Act, Person, db, now
from tests.support.school import School
from tests.support.statements import counted
from tests.support.talk import Talk

LOOKED_AT = "/mine/looked-at"


def rows(html: str) -> list[str]:
    parts = html.split('class="lob-summary__row"')[1:]
    return [" ".join(one.partition("</dd>")[0].split()) for one in parts]


@pytest.fixture
def held(talk: Talk) -> Talk:
    talk.start()
    talk.do("guide/werk", **{"conclusion.werk": "Liever in een klein team"})
    talk.close()
    talk.get("", talk.noor)
    return talk


def test_who_did_what_newest_first(held: Talk) -> None:
    assert f'href="{held.noor.root}{LOOKED_AT}"' in held.noor.get("/mine").text
    page = held.noor.get(LOOKED_AT)
    found = rows(page.text)
    assert "Jij bekeek het gesprek" in found[0]
    assert "Loopbaangesprek najaar" in found[0]
    closed, began = (
        next(number for number, row in enumerate(found) if words in row)
        for words in ("Miriam de Wit sloot het gesprek af", "Miriam de Wit begon het gesprek")
    )
    assert closed < began
    assert "Liever in een klein team" not in page.text


def test_every_act_has_its_words(app: Flask, held: Talk) -> None:
    with app.app_context():
        db.session.add_all(
            AccessLog(enrolment_id=held.teacher_id, conversation_id=held.id, act=act) for act in Act
        )
        db.session.commit()
    assert len(rows(held.noor.get(LOOKED_AT).text)) >= len(Act)


def test_a_course_is_named_where_there_are_several(school: School, held: Talk) -> None:
    assert "Mentorklas 3B" not in " ".join(rows(held.noor.get(LOOKED_AT).text))
    course = school.course("Mentorklas 4A")
    school.round(course_id=course)
    noor = school.visit(school.also(held.pupil_id, course))
    assert held.noor.get(LOOKED_AT).status_code == noor.get(LOOKED_AT).status_code == 200
    assert rows(noor.get(LOOKED_AT).text) == rows(held.noor.get(LOOKED_AT).text)


def test_nobody_else_sees_it(school: School, held: Talk) -> None:
    assert held.mentor.get(LOOKED_AT).status_code == 403
    sem = school.visit(school.pupil("Sem Yilmaz")).get(LOOKED_AT)
    assert sem.status_code == 200
    assert "Nog niemand" in sem.text
    assert "Miriam" not in sem.text


def test_a_platform_that_keeps_names_to_itself(app: Flask, held: Talk) -> None:
    with app.app_context():
        db.session.get_one(Person, held.school.person_of(held.teacher_id)).name = ""
        db.session.commit()
    assert "Docent " in " ".join(rows(held.noor.get(LOOKED_AT).text))


def test_a_long_log_ends_and_says_where_the_rest_is(
    app: Flask, held: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "Alle regels staan" not in held.noor.get(LOOKED_AT).text
    with counted(app) as few:
        held.noor.get(LOOKED_AT)
    with app.app_context():
        for hours in range(60):
            db.session.add(
                AccessLog(
                    enrolment_id=held.teacher_id,
                    conversation_id=held.id,
                    act=Act.VIEWED,
                    at=now() - timedelta(hours=hours),
                )
            )
        db.session.commit()
    monkeypatch.setattr(looked_at_views, "NEWEST", 50)
    with counted(app) as many:
        page = held.noor.get(LOOKED_AT).text
    assert len(rows(page)) == 50
    assert "Dit zijn de nieuwste 50 regels." in page
    assert "/mine/dossier.json" in page
    assert len(many) == len(few) <= 4
