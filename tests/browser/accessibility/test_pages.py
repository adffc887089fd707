"""Every page in every moment, look and language: nothing axe complains of, nothing cut off."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page

from tests.browser.accessibility.looking import (
    LIGHT,
    NARROWEST,
    TOO_WIDE,
    Looks,
    cut_off,
    in_forced_colours,
    in_other_words,
    look_at,
    open_whole,
    sign_in,
    unfold,
)
from tests.support.chromium import watched
from tests.support.stories import STORIES, Look, a_full_class, a_next_mentor
from tests.support.walk import walk

LONG = (a_full_class, a_next_mentor)
"""What these say is long: it may be cut off where what it is built of was not."""
pytestmark = pytest.mark.parametrize("migrated_app", ["sqlite"], indirect=True)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
def test_axe_finds_nothing(
    *,
    browser: Browser,
    app: Flask,
    origin: str,
    looks: Looks,
    new: Callable[[str], bool],
    in_every_moment: bool,
    story: Callable[[Flask], Iterator[Look]],
) -> None:
    for look in story(app):
        context = browser.new_context(**LIGHT)
        with watched(context):
            page = context.new_page()
            sign_in(context, look.visitor, origin)
            for kind, path, _answer in walk(app, look.visitor, look.begin):
                skeleton, moment = open_whole(page, origin + path), f"{story.__name__}, {look.who}"
                if new(skeleton):
                    look_at(page, looks, kind, moment)
                    if not in_every_moment and not new(f"in every look: {kind}, {look.who}"):
                        continue
                    page.reload()  # it was spaced out
                    looks.note(kind, moment, "forced colours", in_forced_colours(page))
                    look_in_english(page, look, looks, kind, moment)
                elif story in LONG:
                    looks.note(kind, moment, "narrow 320", cut_off(page))
        context.close()
    looks.check()


@pytest.fixture
def in_every_moment(pytestconfig: pytest.Config) -> bool:
    """Forced colours and English at each moment of a page, and not once for each who sees it."""
    return bool(pytestconfig.getoption("--looks"))


def look_in_english(page: Page, look: Look, looks: Looks, kind: str, moment: str) -> None:
    """Which language is spoken where, and longer words; colours are those of the Dutch page."""
    look.visitor.post("/language", {"language": "en", "back": ""})
    page.reload()
    unfold(page)
    assert page.locator("html").get_attribute("lang") == "en", kind
    looks.note(kind, moment, "English 1280", in_other_words(page))
    page.set_viewport_size(NARROWEST)
    looks.note(kind, moment, "English 320", page.evaluate(TOO_WIDE))
    page.set_viewport_size(LIGHT["viewport"])
    look.visitor.post("/language", {"language": "nl", "back": ""})
