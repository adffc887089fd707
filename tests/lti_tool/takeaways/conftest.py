"""One conversation that is over, with a text at every visibility level."""

import pytest
from flask import Flask
from sqlalchemy import update

from lti_tool.models import Agreement, Entry, Party, Preparation, Visibility, db, now
from tests.support.school import School
from tests.support.talk import Talk, hold_talk

SHARED = (
    "Weten of zorg past",
    "De laatste stagedag",
    "Ik blijf rustig",
    "Of ik druk werk wil",
    "Liever in een klein team",
    "Een middag meelopen",
    "Hoe het meelopen was",
    "Kort over werk gehad",
    "Het was een prettig gesprek",
)
NEVER = {
    Visibility.TEACHER_PUPIL: "Briefje van de mentor",
    Visibility.TEACHER_DRAFT: "Kladje van de mentor",
    Visibility.TEACHER_INSTRUMENT: "Opmerking bij het instrument",
    Visibility.PARTY: "De praktijkopleider regelt een rooster",
}
DRAFT = "Kladje van Noor"


@pytest.fixture
def held(school: School, app: Flask) -> Talk:
    talk = hold_talk(school, school.teacher(), school.pupil())
    talk.do("prepare/", **{"prep.vb-v01": "Klaar om te delen"})
    talk.start()
    talk.do("guide/goals", goal="Weten of zorg past", owner="pupil")
    talk.do("guide/experiences", experience="De laatste stagedag", brought_by="pupil")
    talk.do("guide/kwaliteiten/outcomes", kind="named", outcome="Ik blijf rustig")
    talk.do("guide/motieven/outcomes", kind="doubt", outcome="Of ik druk werk wil")
    talk.do("guide/werk", conclusion__werk="Liever in een klein team")
    talk.do("guide/werk", note__werk="Kort over werk gehad")
    talk.agree()
    talk.agree("teacher", "De stagebegeleider bellen")
    talk.do("closing/", next__topic="Hoe het meelopen was")
    talk.do("closing/", action="close", **{"evaluation.af-v03": "Het was een prettig gesprek"})
    _write_private(app, talk)
    return talk


def _write_private(app: Flask, talk: Talk) -> None:
    """A text at every level but the shared one."""

    def entry(key: str, level: Visibility, owner: int, text: str) -> Entry:
        return Entry(
            conversation_id=talk.id,
            owner_id=owner,
            key=key,
            visibility=level,
            text=text,
            written_by_id=owner,
        )

    with app.app_context():
        for level in (
            Visibility.TEACHER_PUPIL,
            Visibility.TEACHER_DRAFT,
            Visibility.TEACHER_INSTRUMENT,
        ):
            db.session.add(entry(f"private.{level}", level, talk.teacher_id, NEVER[level]))
        # The same keys as what is shared: it is the level that keeps them apart.
        mine, theirs = Visibility.TEACHER_PUPIL, Visibility.PUPIL_DRAFT
        db.session.add(entry("note.werk", mine, talk.teacher_id, NEVER[mine]))
        db.session.add(entry("conclusion.motieven", theirs, talk.pupil_id, DRAFT))
        db.session.add(
            Agreement(
                conversation_id=talk.id,
                party=Party.WORKPLACE,
                kind="arrange",  # type: ignore[arg-type]
                what=NEVER[Visibility.PARTY],
                visibility=Visibility.PARTY,
                due_on=now().date(),
            )
        )
        db.session.execute(
            update(Agreement)
            .where(Agreement.visibility == Visibility.SHARED)
            .values(due_on=now().date())
        )
        db.session.commit()
    # An agreement has the level `PARTY`; no record of a conversation can have the school's.
    elsewhere = {Visibility.PARTY, Visibility.SCHOOL_INSTRUMENT}
    assert {one.visibility for one in talk.rows(Entry)} == set(Visibility) - elsewhere
    assert talk.rows(Preparation)
