"""A request never meets a locked database because somebody else wrote while it read."""

import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select, text, update
from sqlalchemy.exc import InternalError, OperationalError

from lti_tool.models import LaunchSession, Round, db, now, write_alone, write_aside
from tests.support.school import School

on_sqlite = pytest.mark.parametrize("migrated_app", ["sqlite"], indirect=True)
on_postgresql = pytest.mark.parametrize("migrated_app", ["postgresql"], indirect=True)


@pytest.mark.parametrize(("path", "method"), [("/s/x/", "GET"), ("/lti/login", "POST")])
def test_a_visit_that_reads_cannot_write(
    app: Flask, school: School, path: str, method: str
) -> None:
    school.round()
    with (
        app.test_request_context(path, method=method),
        pytest.raises((OperationalError, InternalError), match=r"readonly|read-only"),
    ):
        db.session.execute(update(Round).values(title="Anders"))


@on_postgresql
@pytest.mark.parametrize("writes", [False, True])
def test_what_only_read_forgets_no_prepared_statement(
    app: Flask, school: School, writes: bool
) -> None:
    """psycopg forgets all of them in a rollback, and each would be planned anew."""
    round_id = school.round()
    with app.app_context():
        db.engine.dispose()  # so that it is one connection that is looked at
    with app.test_request_context("/lti/launch", method="POST"):
        for _ in range(10):
            assert db.session.get(Round, round_id, populate_existing=True)
        if writes:
            db.session.execute(update(Round).values(title="Anders"))
        db.session.rollback()
        assert db.session.get_one(Round, round_id).title != "Anders"
        prepared = db.session.scalar(text("SELECT count(*) FROM pg_prepared_statements"))
    assert bool(prepared) is not writes


@on_sqlite
def test_a_visit_that_writes_holds_off_the_others(app: Flask, school: School) -> None:
    round_id = school.round()
    with app.test_request_context("/s/x/conversations/1/preparation/"):
        assert db.session.get(Round, round_id)
        other = sqlite3.connect(db.engine.url.database or "", timeout=0)
        with closing(other), pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")
        db.session.execute(update(Round).values(title="Anders"))
        db.session.commit()


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_small_write_goes_beside_a_page_that_reads(
    app: Flask, school: School, method: str
) -> None:
    round_id = school.round()
    with app.test_request_context("/s/x/", method=method):
        assert db.session.get(Round, round_id)
        write_aside(update(Round).values(title="Anders"))
        db.session.rollback()
    with app.app_context():
        kept = db.session.get_one(Round, round_id).title == "Anders"
    assert kept is (method == "GET")


def test_a_write_alone_is_done_at_once(app: Flask, school: School) -> None:
    round_id = school.round()
    with app.test_request_context("/lti/login", method="POST"):
        write_alone(update(Round).values(title="Anders"))
        db.session.rollback()
    with app.app_context():
        assert db.session.get_one(Round, round_id).title == "Anders"


def test_a_page_posted_after_a_minute_moves_the_session_on(app: Flask, school: School) -> None:
    pupil = school.pupil()
    round_id = school.round()
    visitor = school.visit(pupil, round_id)
    path = f"/conversations/{school.conversation(pupil, round_id)}/preparation/goal"
    with time_machine.travel(now() + timedelta(minutes=2), tick=False):
        page = visitor.post(path, {"prep.vb-v01": "Ik wil weten wat ik kan"})
        moment = now()
    assert page.status_code == 200
    with app.app_context():
        assert db.session.scalars(select(LaunchSession.seen_at)).one() == moment
