"""An activity that was made by deep linking leads to its round, and to nobody else's."""

import pytest
from flask import Flask
from sqlalchemy import func, select

from lti_tool.lti.claims import CUSTOM, RESOURCE_LINK, ROUND_KEY
from lti_tool.models import Conversation, Round, db
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
    visit(moodle, REQUEST).post("/deep-link/new", NEW)
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
    visit(moodle, REQUEST).post("/deep-link/new", NEW)
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
