"""Every page, in every moment and look: no violation that axe knows, nothing cut off when narrow."""

from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Page

from tests.browser.accessibility.walk import sign_in, walk
from tests.support.chromium import watched
from tests.support.postgres import free_port
from tests.support.serving import listening
from tests.support.stories import STORIES, Look

pytestmark = pytest.mark.parametrize("migrated_app", ["sqlite"], indirect=True)

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AXE = {"runOnly": WCAG, "resultTypes": ["violations"]}
TOO_WIDE = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  return [...document.querySelectorAll("body *")]
    .filter(one => one.getBoundingClientRect().right > width + 1 && !one.closest("[tabindex='0'][role=region]"))
    .map(one => one.outerHTML.slice(0, 120));
}"""
SPACE_OUT = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: 0.12em !important;
    word-spacing: 0.16em !important; } p { margin-bottom: 2em !important; }`);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}"""
"""The text spacing of WCAG 1.4.12."""
OPEN_ALL = "all => all.forEach(one => { one.open = true })"


@pytest.fixture
def origin(app: Flask) -> Iterator[str]:
    """The tool, listening."""
    port = free_port()
    with listening("127.0.0.1", port, app):
        yield f"http://127.0.0.1:{port}"


def violations(page: Page) -> list[str]:
    """What axe finds on the page as it is: rule and place."""
    found = Axe().run(page, options=AXE).response["violations"]
    return [f"{one['id']}: {node['target']} {node['html']}" for one in found for node in one["nodes"]]


def cut_off(page: Page) -> list[str]:
    """What does not fit at 320 pixels, which is also 1280 at 400 %, with the text spaced out."""
    before = page.viewport_size
    assert before is not None
    page.set_viewport_size({"width": 320, "height": 640})
    faults = [f"too wide at 320: {one}" for one in page.evaluate(TOO_WIDE)]
    page.evaluate(SPACE_OUT)
    faults += [f"too wide spaced out: {one}" for one in page.evaluate(TOO_WIDE)]
    page.set_viewport_size(before)
    return faults


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 375)])
@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
def test_axe_finds_nothing(
    browser: Browser,
    app: Flask,
    origin: str,
    story: Callable[[Flask], Iterator[Look]],
    scheme: str,
    width: int,
) -> None:
    found: dict[str, list[str]] = {}
    for look in story(app):
        context = browser.new_context(
            viewport={"width": width, "height": 800}, color_scheme=scheme, locale="nl-NL"
        )
        with watched(context):
            page = context.new_page()
            sign_in(context, look.visitor, origin)
            for kind in walk(page, app, origin, look.visitor.root + look.begin):
                page.locator("details:not([open])").evaluate_all(OPEN_ALL)
                if here := violations(page) + cut_off(page):
                    found[f"{look.who}: {kind}"] = here
        context.close()
    assert not found, "\n".join(f"{where}\n  " + "\n  ".join(what) for where, what in found.items())
