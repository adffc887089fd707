"""Where the school chose "u", teachers and administrators read no "je", and pupils no "u"."""

import pytest
from flask import Flask

from lti_tool.models import Agreement
from lti_tool.models.school import Address
from tests.lti_tool.test_english_pages import fill, pages, said_on
from tests.support.formal import FORMAL, choose, familiar_in
from tests.support.stories import STORIES, pupil_leads
from tests.support.talk import Talk
from tests.support.tools import empty
from tests.support.walk import walk

pytestmark = pytest.mark.parametrize("migrated_app", ["sqlite"], indirect=True, scope="session")
"""Which text comes out does not depend on the database, and the walk is long."""


@pytest.fixture
def talk(talk: Talk) -> Talk:
    """A conversation that is full of everything."""
    fill(talk)
    talk.agree()
    assert talk.rows(Agreement)
    return talk


def test_all_that_can_be_reached_by_clicking(app: Flask) -> None:
    formal = 0
    for story in STORIES:
        for look in story(app):
            choose(app)
            for kind, path, page in walk(app, look.visitor, look.begin):
                in_chair = story is pupil_leads and "/conversations/" in path
                to_pupil = look.who.startswith("pupil") or in_chair
                said = said_on(page)
                left = (
                    [one for one in said if FORMAL.search(one)] if to_pupil else familiar_in(said)
                )
                assert left == [], (look.who, kind)
                formal += not to_pupil and any(FORMAL.search(one) for one in said)
            choose(app, Address.JE)
        empty(app)
    assert formal > 30


def test_all_a_teacher_can_ask_for_and_what_follows_empty_forms(app: Flask, talk: Talk) -> None:
    choose(app)
    for name, page in pages(app, talk, talk.mentor):
        assert familiar_in(said_on(page)) == [], name


def test_all_an_administrator_can_ask_for(app: Flask, talk: Talk) -> None:
    choose(app)
    for name, page in pages(app, talk, talk.school.administrator()):
        assert familiar_in(said_on(page)) == [], name


def test_a_pupils_pages_do_not_change(app: Flask, talk: Talk) -> None:
    def looked_at() -> dict[str, list[str]]:
        return {
            kind: [one.replace(talk.noor.root, "") for one in said_on(page)]
            for kind, _path, page in walk(app, talk.noor)
        }

    before = looked_at()
    choose(app)
    assert len(before) > 3
    assert looked_at() == before


def test_the_walk_would_notice_je(app: Flask, talk: Talk) -> None:
    assert familiar_in(said_on(talk.mentor.get("/rounds/new"))) != []
