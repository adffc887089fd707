"""A verdict goes into the teacher's tally once, and leaves its conversation."""

from flask import Flask
from sqlalchemy import inspect

from lti_tool.erasure import erase_people
from lti_tool.models import Conversation, Enrolment, QuestionMark, QuestionTally, Verdict, db
from lti_tool.tally import Tally, count_verdicts, tally_of
from tests.support.talk import Talk


def judge(app: Flask, talk: Talk, **verdicts: Verdict | None) -> None:
    """Say of questions that were asked in this conversation whether they worked."""
    with app.app_context():
        for key, verdict in verdicts.items():
            db.session.add(
                QuestionMark(
                    conversation_id=talk.id, question_key=key.replace("_", "-"), verdict=verdict
                )
            )
        db.session.commit()


def count(app: Flask, talk: Talk) -> dict[str, Tally]:
    """Count this conversation's verdicts; returns the teacher's tally."""
    with app.app_context():
        person_id = db.session.get_one(Enrolment, talk.teacher_id).person_id
        count_verdicts(db.session.get_one(Conversation, talk.id), person_id)
        db.session.commit()
        return tally_of(person_id)


def test_counting_twice_counts_once(app: Flask, talk: Talk) -> None:
    judge(app, talk, kw_v01=Verdict.WORKED, kw_v02=Verdict.DID_NOT_WORK, kw_v03=None)
    once = {"kw-v01": Tally(1, 0), "kw-v02": Tally(0, 1)}
    assert count(app, talk) == once
    assert count(app, talk) == once
    marks = {one.question_key: (one.verdict, one.counted) for one in talk.rows(QuestionMark)}
    assert marks == {"kw-v01": (None, True), "kw-v02": (None, True), "kw-v03": (None, False)}


def test_counts_add_up_over_conversations(app: Flask, talk: Talk) -> None:
    judge(app, talk, kw_v01=Verdict.WORKED)
    count(app, talk)
    later = talk.next()
    judge(app, later, kw_v01=Verdict.WORKED)
    count(app, later)
    last = later.next()
    judge(app, last, kw_v01=Verdict.DID_NOT_WORK)
    assert count(app, last) == {"kw-v01": Tally(2, 1)}


def test_each_teacher_has_a_tally_of_their_own(app: Flask, talk: Talk) -> None:
    judge(app, talk, kw_v01=Verdict.WORKED)
    count(app, talk)
    with app.app_context():
        pupil = db.session.get_one(Enrolment, talk.pupil_id)
        assert tally_of(pupil.person_id) == {}


def test_a_tally_names_no_pupil_no_conversation_and_no_moment(app: Flask) -> None:
    with app.app_context():
        columns = {one["name"] for one in inspect(db.engine).get_columns("question_tally")}
    assert columns == {"id", "person_id", "question_key", "worked", "did_not_work"}
    referred = {key.column.table.name for key in QuestionTally.__table__.foreign_keys}
    assert referred == {"person"}


def test_an_erased_teacher_takes_the_tally_along(app: Flask, talk: Talk) -> None:
    judge(app, talk, kw_v01=Verdict.WORKED)
    count(app, talk)
    with app.app_context():
        person_id = db.session.get_one(Enrolment, talk.teacher_id).person_id
        erase_people([person_id])
        db.session.commit()
        assert tally_of(person_id) == {}
