"""What was named stands large, as a browser shows it; and a mentor's preparation saves itself."""

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.browser.conftest import Served
from tests.support.chromium import person
from tests.support.guide_pages import ACTIVITY, AMIRA, MENTOR, begin, go_to

SIZE = "node => parseFloat(getComputedStyle(node).fontSize)"


def size(node: Locator) -> float:
    found: float = node.evaluate(SIZE)
    return found


@pytest.mark.row("G18", "G25")
@pytest.mark.parametrize("width", [1280, 375])
def test_what_was_named_stands_larger_than_all_around_it(
    browser: Browser, served: Served, width: int
) -> None:
    with person(browser, width=width) as context:
        page = begin(context, served)
        for phase, text in (("kwaliteiten", "Ik blijf rustig"), ("motieven", "Anderen helpen")):
            go_to(page, phase)
            page.get_by_label("Benoemd", exact=True).check()
            page.get_by_label("In de woorden van Amira").fill(text)
            page.get_by_role("button", name="Noteren").click()
            named = page.locator("#outcomes").get_by_text(text)
            expect(named).to_be_visible()
            assert size(named) >= 1.25 * size(page.locator("body"))
            assert size(named) > size(page.locator(".lob-question__text").first)
            page.get_by_role("button", name="Ik heb het herhaald").click()
            expect(page.locator("#outcomes").get_by_text("herhaald", exact=True)).to_be_visible()
        page.goto(page.url.replace("/guide/motieven", "/closing/"))
        for text in ("Ik blijf rustig", "Anderen helpen"):
            repeated = page.get_by_role("listitem").filter(has_text=text)
            assert size(repeated) >= 1.25 * size(page.locator("body"))
            expect(repeated).to_contain_text("herhaald")


@pytest.mark.row("T1")
def test_a_mentors_goal_saves_itself_while_it_is_typed(browser: Browser, served: Served) -> None:
    with person(browser) as context:
        page = context.new_page()
        page.goto(served.open_url(AMIRA, ACTIVITY))
        page.goto(served.open_url(MENTOR, ACTIVITY))
        page.get_by_role("link", name="Voorbereiden").click()
        goal = page.get_by_label("Wat is voor jou het doel van het gesprek?")
        goal.press_sequentially("Horen hoe de stage gaat")
        expect(page.get_by_text("Opgeslagen om")).to_be_visible()
        expect(goal).to_be_focused()
        page.reload()
        expect(goal).to_have_value("Horen hoe de stage gaat")
