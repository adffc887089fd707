"""`seed`: an empty database becomes a school with years, always the same, and no other does."""

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from lti_tool.models import (
    Agreement,
    Conversation,
    Course,
    Entry,
    Goal,
    Outcome,
    OutcomeKind,
    Person,
    Round,
    State,
    db,
)
from lti_tool.seed.command import seed
from tests.support.school import School
from tests.support.tools import empty


def run(app: Flask, *arguments: str) -> Result:
    return app.test_cli_runner().invoke(seed, list(arguments))


def written(app: Flask) -> list[list[str]]:
    """Everything anybody said, and who they are."""
    columns = (
        Person.name,
        Course.title,
        Round.title,
        Entry.text,
        Goal.text,
        Outcome.text,
        Agreement.what,
    )
    with app.app_context():
        return [
            list(db.session.scalars(select(one).order_by(one.class_.id)).all()) for one in columns
        ]


def test_it_makes_years_of_conversations(app: Flask) -> None:
    ran = run(app, "--courses", "2", "--pupils", "8", "--rounds", "6")
    assert ran.exit_code == 0, ran.output
    assert ran.output.startswith("2 courses of 8 pupils, 6 rounds: ")
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Round)) == 12
        years = set(db.session.scalars(select(Round.school_year)))
        assert len(years) >= 3
        states = set(db.session.scalars(select(Conversation.state)))
        assert {State.CLOSED, State.STARTED, State.PLANNED} <= states
        kinds = set(db.session.scalars(select(Outcome.kind)))
        assert {OutcomeKind.NAMED, OutcomeKind.DOUBT} <= kinds
        agreements = db.session.scalars(select(Agreement)).all()
        assert any(one.evidence for one in agreements)
        assert any(one.steps for one in agreements)
        assert {True, False} == {one.settled is None for one in agreements}
        names = list(db.session.scalars(select(Person.name)))
        assert len(set(names)) == len(names)


def test_it_makes_the_same_school_again(app: Flask) -> None:
    run(app, "--courses", "1", "--pupils", "5", "--rounds", "4")
    first = written(app)
    empty(app)
    run(app, "--courses", "1", "--pupils", "5", "--rounds", "4")
    assert written(app) == first


def test_it_leaves_real_launches_alone(app: Flask, school: School) -> None:
    school.pupil()
    before = written(app)
    ran = run(app)
    assert ran.exit_code == 1
    assert ran.output == "Error: this database holds real launches; take an empty one\n"
    assert written(app) == before


def test_an_administrators_visit_is_a_launch_too(school: School) -> None:
    school.administrator()
    assert run(school.app).exit_code == 1


def test_it_runs_once(app: Flask) -> None:
    assert run(app, "--courses", "1", "--pupils", "2", "--rounds", "1").exit_code == 0
    ran = run(app, "--courses", "1", "--pupils", "2", "--rounds", "1")
    assert ran.exit_code == 1
    assert "has its invented school already" in ran.output


@pytest.mark.parametrize("arguments", [("--courses", "0"), ("--pupils", "61"), ("--rounds", "x")])
def test_other_numbers_are_refused(app: Flask, arguments: tuple[str, str]) -> None:
    assert run(app, *arguments).exit_code == 2
