"""No page without a way to it: somebody arrives at each by clicking from where a launch ends."""

from flask import Flask

from tests.support.stories import STORIES
from tests.support.tools import empty
from tests.support.walk import walk

NOT_BY_A_LINK = {
    "bank.start": "forwards to the first phase",
    "school_bank.start": "forwards to the first phase",
    "deep_linking.answer": "follows a choice, and posts itself to the LMS",
    "deep_linking.cancel": "leads back to the LMS",
    "closing.live": "asked for by the page itself",
    "dossier.live": "asked for by the page itself",
    "guide.live": "asked for by the page itself",
    "preparation.begin": "forwards to the first step",
    "start.not_yet": "where a launch ends while no round is there",
    "start.start": "forwards to where a launch ends",
    "start.work": "forwards to where a launch ends",
}


def test_every_page_is_reached(app: Flask) -> None:
    reached = set()
    for story in STORIES:
        for look in story(app):
            reached |= {
                found.kind.split()[0] for found in walk(app, look.visitor, look.begin, files=True)
            }
        empty(app)
    pages = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "session_id" in rule.arguments and "GET" in (rule.methods or set())
    }
    assert pages - reached - NOT_BY_A_LINK.keys() == set()
    assert NOT_BY_A_LINK.keys() <= pages
