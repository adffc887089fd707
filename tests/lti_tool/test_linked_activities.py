"""An activity that was made by deep linking leads to its round, and to nobody else's."""

import json

import pytest
from flask import Flask
from sqlalchemy import func, select

from lti_tool.lti.claims import CUSTOM, GRADES, RESOURCE_LINK, ROSTER, ROUND_KEY
from lti_tool.models import Conversation, Course, Registration, Round, SchoolWords, db
from tests.support.deep_linking import REQUEST, link_launch, visit
from tests.support.launches import Platform, load, platform_for

NEW = {"title": "Loopbaangesprek", "period": "najaar 2026"}


@pytest.fixture
def moodle(app: Flask) -> Platform:
    return platform_for(app, REQUEST)


def rounds(app: Flask) -> list[Round]:
    with app.app_context():
        return list(db.session.scalars(select(Round).order_by(Round.id)))


def test_a_linked_activity_opens_its_round(app: Flask, moodle: Platform) -> None:
    visit(moodle, REQUEST).do("/deep-link/new", NEW)
    (made,) = rounds(app)
    teacher = visit(moodle, link_launch(made.key, "71"))
    assert "<h1>Loopbaangesprek (najaar 2026)" in teacher.get().text
    pupil = visit(moodle, link_launch(made.key, "72", "moodle-student"))
    assert "Wat is voor jou het doel van het gesprek?" in pupil.get().text
    (made,) = rounds(app)
    assert made.resource_link_id == "71"
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Conversation)) == 1


def test_a_key_nobody_knows_makes_a_round_of_its_own(app: Flask, moodle: Platform) -> None:
    for key in ("nobody-knows-this", "$lob_round", "x" * 3000, ""):
        visit(moodle, link_launch(key, f"link-{len(key)}"))
    assert len(rounds(app)) == 4
    visit(moodle, link_launch("nobody-knows-this", "link-17"))
    assert len(rounds(app)) == 4


def test_a_key_of_another_platform_is_nobody_s(app: Flask, moodle: Platform) -> None:
    canvas = platform_for(app, load("valid", "canvas-deep-linking-assignment-selection"))
    visit(moodle, REQUEST).do("/deep-link/new", NEW)
    (made,) = rounds(app)
    data = load("valid", "canvas-deep-linking-assignment-selection")
    data["set"] = {
        "https://purl.imsglobal.org/spec/lti/claim/message_type": "LtiResourceLinkRequest",
        RESOURCE_LINK: {"id": "a"},
        CUSTOM: {ROUND_KEY: made.key},
    }
    page = visit(canvas, data).get()
    assert "Nog geen leerlingen" in page.text
    assert "najaar 2026" not in page.text
    assert len(rounds(app)) == 2


def test_a_later_launch_brings_the_roster(app: Flask, moodle: Platform) -> None:
    """Moodle's deep linking request has no roster; the activity that came of it has."""
    assert ROSTER not in REQUEST["claims"]
    teacher = visit(moodle, REQUEST)
    teacher.do("/deep-link/new", NEW)
    with app.app_context():
        course = db.session.scalars(select(Course)).one()
        assert (course.memberships_url, course.roster_asked_at) == ("", None)
    (made,) = rounds(app)
    launch = link_launch(made.key, "71")
    visit(moodle, launch)
    with app.app_context():
        course = db.session.scalars(select(Course)).one()
        assert course.memberships_url == launch["claims"][ROSTER]["context_memberships_url"]
        assert course.roster_asked_at is not None


class Again(str):
    """A name that a claim can hold beside the same name."""

    __hash__ = object.__hash__

    def __eq__(self, other: object) -> bool:
        return self is other


def test_of_names_that_come_twice_the_last_counts(app: Flask, moodle: Platform) -> None:
    visit(moodle, REQUEST).do("/deep-link/new", NEW)
    (made,) = rounds(app)
    launch = link_launch(made.key, "71")
    twice = {Again(ROUND_KEY): "an-older-round", Again(ROUND_KEY): made.key}
    assert json.dumps(twice).count(ROUND_KEY) == 2
    launch["set"][CUSTOM] = twice
    assert "<h1>Loopbaangesprek (najaar 2026)" in visit(moodle, launch).get().text
    launch["set"][CUSTOM] = {ROUND_KEY: made.key, ROUND_KEY.upper(): "x", f"custom_{ROUND_KEY}": ""}
    assert "<h1>Loopbaangesprek (najaar 2026)" in visit(moodle, launch).get().text
    assert len(rounds(app)) == 1


def test_a_round_of_its_own_is_as_the_school_usually_wants_it(app: Flask, moodle: Platform) -> None:
    with app.app_context():
        registration_id = db.session.scalars(select(Registration.id)).one()
        db.session.add(SchoolWords(registration_id=registration_id, with_internship=False))
        db.session.commit()
    launch = {**load("valid", "moodle-student")}
    visit(moodle, launch)
    (made,) = rounds(app)
    assert made.without_internship
    with app.app_context():
        db.session.get_one(SchoolWords, registration_id).with_internship = True
        db.session.commit()
    visit(moodle, {**launch, "set": {RESOURCE_LINK: {"id": "another", "title": "Nog een"}}})
    assert [one.without_internship for one in rounds(app)] == [True, False]


def test_the_column_of_a_duplicated_activity_does_not_replace_the_rounds_own(
    app: Flask, moodle: Platform
) -> None:
    visit(moodle, REQUEST).do("/deep-link/new", NEW)
    (made,) = rounds(app)
    for activity in ("71", "72", "71"):
        data = link_launch(made.key, activity)
        column = f"http://localhost:8080/column/{activity}"
        data["set"] = {**data.get("set", {}), GRADES: {"scope": [], "lineitem": column}}
        visit(moodle, data)
        (made,) = rounds(app)
        assert made.lineitem_url == "http://localhost:8080/column/71"
