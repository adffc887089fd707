"""In the LMS's frame: it hears how high a page is, and a small one has a way out."""

import re

from playwright.sync_api import Browser, Frame, Page, expect

from tests.browser.conftest import Served
from tests.support.chromium import person
from tests.support.guide_pages import ACTIVITY, AMIRA, MENTOR

LISTEN = """
    addEventListener("message", ({ data }) => {
        const kept = document.documentElement.dataset;
        const heights = `${kept.heights ?? ""} ${data.height}`;
        if (data.subject === "lti.frameResize") kept.heights = heights;
        if (data.subject === "lti.scrollToTop") kept.top = "yes";
    });
"""
LARGER = "Groter openen, in een nieuw tabblad"


def framed(page: Page, served: Served, who: str, width: int, height: int) -> Frame:
    """The tool in a frame of this size on a page of the LMS that listens, as Canvas does."""
    page.goto(f"{served.lms_url}/tools")
    page.evaluate(LISTEN)
    page.evaluate(
        """([address, width, height]) => {
            document.body.replaceChildren();
            const frame = document.createElement("iframe");
            Object.assign(frame, { name: "tool", src: address });
            Object.assign(frame.style, { width: `${width}px`, height: `${height}px` });
            document.body.append(frame);
        }""",
        [served.open_url(who, ACTIVITY), width, height],
    )
    expect(page.frame_locator("[name=tool]").locator(".lob-header__course")).to_be_visible()
    found = page.frame("tool")
    assert found
    return found


def heights(page: Page) -> list[int]:
    """What the frame asked for so far."""
    return [int(one) for one in (page.locator("html").get_attribute("data-heights") or "").split()]


def test_the_frame_hears_how_high_the_page_is(browser: Browser, served: Served) -> None:
    with person(browser) as context:
        page = context.new_page()
        tool = framed(page, served, AMIRA, 1100, 3000)
        expect(page.locator("html")).to_have_attribute("data-heights", re.compile(r"^ \d+ \d+$"))
        high = heights(page)[-1]  # before it there was the page that keeps the proof
        assert 300 < high < 3000, "as high as what it holds, and not as the frame"
        expect(page.locator("html")).to_have_attribute("data-top", "yes")
        assert tool.get_by_role("button", name=LARGER).count() == 0
        tool.locator("textarea").first.fill("Een regel\n" * 40)
        expect(page.locator("html")).to_have_attribute("data-heights", re.compile(r"^ \d+ \d+ \d+"))
        assert heights(page)[-1] > high, "the field grew, and the page with it"


def test_from_a_small_frame_to_a_tab(browser: Browser, served: Served) -> None:
    with person(browser) as context:
        page = context.new_page()
        framed(page, served, AMIRA, 900, 600)  # so that she is in the class
        tool = framed(page, served, MENTOR, 900, 600)
        tool.get_by_role("link", name="Voorbereiden").first.click()
        tool.get_by_role("button", name="Begin het gesprek").click()
        expect(tool.locator(".lob-page--guide")).to_be_visible()
        before = len(heights(page))
        title = tool.locator("h1").inner_text()
        with context.expect_page() as opened:
            tool.get_by_role("button", name=LARGER).click()
        tab = opened.value
        tab.get_by_role("button", name="Ja, dat ben ik").click()
        expect(tab.locator("h1")).to_have_text(title)
        assert len(heights(page)) == before, "what stays in view there needs a frame that scrolls"
        expect(tab.get_by_role("button", name=LARGER)).to_be_hidden()
