"""Ordering questions in the bank by keyboard: the moved question's button keeps the focus."""

from contextlib import closing

from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Served
from tests.support.chromium import person

MENTOR, ACTIVITY = "3", "12"


def move_up(page: Page, place: int) -> None:
    """Press "Omhoog" of one question by keyboard; it comes to `place`, its button has the focus."""
    page.locator("#up-kw-v05").press("Enter")
    question = page.locator("#g-kw-g2 .lob-question").nth(place)
    expect(question).to_have_attribute("id", "q-kw-v05")
    expect(page.locator("#up-kw-v05")).to_be_focused()
    expect(page.locator("#moved")).to_have_text(f"Deze vraag staat nu op plaats {place + 1} van 5.")


def test_a_question_moves_by_keyboard_with_and_without_script(
    browser: Browser, served: Served
) -> None:
    with person(browser) as context:
        page = context.new_page()
        page.goto(served.open_url(MENTOR, ACTIVITY))
        page.get_by_role("link", name="Vragenbank").click()
        page.get_by_role("link", name="Reflectie op kwaliteiten").click()
        move_up(page, 2)
        move_up(page, 1)
        address, state = page.url, context.storage_state()
    bare = browser.new_context(java_script_enabled=False, storage_state=state, locale="nl-NL")
    with closing(bare):
        page = bare.new_page()
        page.goto(address)
        move_up(page, 0)
