"""The guide in a browser: begin a conversation, go to a phase, and walk a page by keyboard."""

import re

from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser.conftest import Served

MENTOR, AMIRA, ACTIVITY = "3", "4", "12"
MOST_STOPS = 250
COVERED = """() => {
  const node = document.activeElement;
  if (node === document.body || node.id === "main") return "";
  const box = node.getBoundingClientRect();
  const x = box.left + Math.min(box.width / 2, 40);
  const y = box.top + Math.min(box.height / 2, 20);
  const name = `${node.tagName} ${node.id} ${node.textContent.trim().slice(0, 40)}`;
  if (y < 0 || y > innerHeight) return `out of sight: ${name} at ${y}`;
  let one = document.elementFromPoint(x, y);
  for (; one && !one.contains(node); one = one.parentElement)
    if (["fixed", "sticky"].includes(getComputedStyle(one).position))
      return `${one.className} covers ${name}`;
  return "";
}"""


def begin(context: BrowserContext, served: Served) -> Page:
    """The mentor's page at the first phase of a conversation with Amira that just began."""
    page = context.new_page()
    page.goto(served.open_url(AMIRA, ACTIVITY))
    page.goto(served.open_url(MENTOR, ACTIVITY))
    page.get_by_role("link", name="Voorbereiden").click()
    page.get_by_role("button", name="Begin het gesprek").click()
    expect(page.get_by_role("heading", name="Eerst: Amira vertelt")).to_be_visible()
    return page


def ready(page: Page, heading: str) -> None:
    """Wait for a screen of the guide and for its script: the clock counts, so the keys work."""
    expect(page.get_by_role("heading", name=heading, exact=True)).to_be_visible()
    expect(page.locator(".lob-clock")).to_contain_text("min")


def go_to(page: Page, phase: str) -> None:
    """Open a phase by its key."""
    page.goto(re.sub(r"/guide/.*", f"/guide/{phase}", page.url))
    expect(page.locator(f'.lob-phases__link[href$="/guide/{phase}"][aria-current]')).to_have_count(
        1
    )


def tab_to(page: Page, wanted: Locator, key: str = "Tab") -> None:
    """Press Tab until the wanted element has the focus; fails when it never gets it."""
    expect(wanted).to_be_visible()
    for _stop in range(MOST_STOPS):
        if wanted.evaluate("node => node === document.activeElement"):
            return
        page.keyboard.press(key)
    raise AssertionError(f"Tab never reaches {wanted}")


def assert_all_in_sight(page: Page, least: int = 20) -> None:
    """Tab there and back again: nothing that stays in view lies over what has the focus."""
    for key in ("Tab", "Shift+Tab"):
        for stop in range(MOST_STOPS):
            page.keyboard.press(key)
            seen = page.evaluate(COVERED)
            assert seen == "", (page.url, key, stop)
            if page.evaluate("document.activeElement === document.body"):
                break
        assert stop > least
