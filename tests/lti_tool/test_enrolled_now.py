"""What a new teacher's page counts: nothing of conversations that are not theirs to read."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from lti_tool.models import (
    Agreement,
    AgreementKind,
    Conversation,
    Enrolment,
    GradeReport,
    Party,
    ReportState,
    Round,
    State,
    db,
    now,
)
from tests.support.school import School

LAST_YEAR = timedelta(days=366)


@pytest.fixture
def pupils(app: Flask, school: School) -> tuple[int, int]:
    """Noor, who is still in the course, and Sem, who was last seen a year ago."""
    noor, sem = school.pupil("Noor Bakker"), school.pupil("Sem Yilmaz")
    with app.app_context():
        moment = now() - LAST_YEAR
        db.session.execute(update(Enrolment).values(first_seen_at=moment, seen_at=moment))
        db.session.get_one(Enrolment, noor).seen_at = now()
        db.session.commit()
    return noor, sem


def last_years_round(school: School, *pupil_ids: int) -> int:
    round_id = school.round("Vorig jaar")
    with school.app.app_context():
        round_ = db.session.get_one(Round, round_id)
        round_.school_year, round_.reports_preparation = round_.school_year - 1, True
        db.session.flush()
        for pupil_id in pupil_ids:
            known = select(Conversation.id).where(
                Conversation.pupil_id == pupil_id, Conversation.round_id == round_id
            )
            if db.session.scalar(known) is None:
                db.session.add(
                    Conversation(pupil_id=pupil_id, round_id=round_id, instrument_version="1")
                )
            db.session.add(
                GradeReport(
                    round_id=round_id,
                    enrolment_id=pupil_id,
                    completed_at=now(),
                    state=ReportState.SENT,
                    sent_at=now(),
                )
            )
        db.session.commit()
    return round_id


def test_reports_are_counted_of_the_pupils_on_the_page(
    school: School, pupils: tuple[int, int]
) -> None:
    round_id = last_years_round(school, *pupils)
    piet = school.visit(school.teacher("Piet Post"), round_id)
    page = piet.get(f"/rounds/{round_id}").text
    assert "Noor Bakker" in page
    assert "Sem Yilmaz" not in page
    assert "Van 1 leerling is gemeld" in page


def test_agreements_are_counted_of_the_conversations_one_may_read(
    app: Flask, school: School, pupils: tuple[int, int]
) -> None:
    _noor, sem = pupils
    old = last_years_round(school, sem)
    miriam = school.teacher()
    with app.app_context():
        db.session.execute(
            update(Enrolment)
            .where(Enrolment.id == miriam)
            .values(first_seen_at=now() - LAST_YEAR, seen_at=now())
        )
        db.session.get_one(Enrolment, sem).seen_at = now()
        db.session.commit()
    this_year, talked = school.round("Dit jaar"), school.conversation(sem, old)
    with app.app_context():
        db.session.execute(
            update(Conversation)
            .where(Conversation.pupil_id == sem)
            .values(state=State.CLOSED, closed_at=now())
        )
        db.session.add(
            Agreement(
                conversation_id=talked,
                party=Party.PUPIL,
                kind=AgreementKind.ACTION,
                what="Een middag meelopen",
            )
        )
        db.session.get_one(Enrolment, sem).seen_at = now() - LAST_YEAR
        db.session.commit()
    page = school.visit(school.teacher("Piet Post"), this_year).get(f"/rounds/{this_year}").text
    assert "Sem Yilmaz" in page
    assert "1 open" not in page
    assert "1 open" in school.visit(miriam, this_year).get(f"/rounds/{this_year}").text
