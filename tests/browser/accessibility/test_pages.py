"""Every page in every moment and look: nothing axe complains of, nothing cut off when narrow."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize

from lti_tool.sessions import COOKIE
from tests.support.chromium import watched
from tests.support.postgres import free_port
from tests.support.school import Visitor
from tests.support.serving import listening
from tests.support.stories import STORIES, Look
from tests.support.walk import walk

pytestmark = pytest.mark.parametrize("migrated_app", ["sqlite"], indirect=True)

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AXE = {"runOnly": WCAG, "resultTypes": ["violations"]}
TOO_WIDE = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  return [...document.querySelectorAll("body *")]
    .filter(one => one.getBoundingClientRect().right > width + 1)
    .filter(one => !one.closest("thead, [tabindex='0'][role=region]"))
    .map(one => one.outerHTML.slice(0, 120));
}"""
SPACE_OUT = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: 0.12em !important;
    word-spacing: 0.16em !important; } p { margin-bottom: 2em !important; }`);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}"""
"""The text spacing of WCAG 1.4.12."""
SKELETON = """() => [...new Set([...document.querySelectorAll("body, body *")].map((one) =>
  [one.parentElement.tagName, one.tagName, one.className, one.getAttributeNames().join()].join(" ")
))].sort().join("|")"""
"""What a page is built of, whatever it says and however often."""
LIGHT: Any = {
    "viewport": {"width": 1280, "height": 800},
    "color_scheme": "light",
    "reduced_motion": "reduce",
}
NARROW: ViewportSize = {"width": 375, "height": 720}
OF_LOOKS = ["color-contrast", "link-in-text-block", "scrollable-region-focusable", "target-size"]
"""The rules whose answer depends on colours and width."""
OPEN_ALL = "all => all.forEach(one => { one.open = true })"


@pytest.fixture
def origin(app: Flask) -> Iterator[str]:
    """The tool, listening."""
    port = free_port()
    with listening("127.0.0.1", port, app):
        yield f"http://127.0.0.1:{port}"


def sign_in(context: BrowserContext, visitor: Visitor, origin: str) -> None:
    """Give the browser the cookie of a visitor."""
    path = visitor.root + "/"
    cookie = visitor.client.get_cookie(COOKIE, path=path)
    assert cookie is not None
    context.add_cookies([{"name": COOKIE, "value": cookie.value, "url": origin + path}])


def violations(page: Page) -> list[str]:
    """What axe finds on a page, light on a laptop and dark on a phone: rule and place."""
    found = Axe().run(page, options=AXE).response["violations"]
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size(NARROW)
    found += page.evaluate("rules => axe.run({runOnly: rules})", OF_LOOKS)["violations"]
    page.emulate_media(color_scheme="light")
    return [
        f"{one['id']}: {node['target']} {node['html']}" for one in found for node in one["nodes"]
    ]


def cut_off(page: Page) -> list[str]:
    """What does not fit in a course's frame, nor at 320 pixels, with the text spaced out.

    320 pixels is also 1280 at 400 %.
    """
    page.set_viewport_size({"width": 900, "height": 600})
    faults = [f"too wide at 900: {one}" for one in page.evaluate(TOO_WIDE)]
    page.set_viewport_size({"width": 320, "height": 640})
    faults += [f"too wide at 320: {one}" for one in page.evaluate(TOO_WIDE)]
    page.evaluate(SPACE_OUT)
    faults += [f"too wide spaced out: {one}" for one in page.evaluate(TOO_WIDE)]
    page.set_viewport_size(LIGHT["viewport"])
    return faults


@pytest.fixture(scope="module")
def skeletons() -> set[str]:
    """What was looked at: another page built of just the same has nothing new to find."""
    return set()


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
def test_axe_finds_nothing(
    browser: Browser,
    app: Flask,
    origin: str,
    skeletons: set[str],
    story: Callable[[Flask], Iterator[Look]],
) -> None:
    found: dict[str, list[str]] = {}
    for look in story(app):
        context = browser.new_context(**LIGHT)
        with watched(context):
            page = context.new_page()
            sign_in(context, look.visitor, origin)
            for kind, path, _answer in walk(app, look.visitor, look.begin):
                page.goto(origin + path)
                page.locator("details:not([open])").evaluate_all(OPEN_ALL)
                skeleton = page.evaluate(SKELETON)
                if skeleton in skeletons:
                    continue
                skeletons.add(skeleton)
                if here := violations(page) + cut_off(page):
                    found[f"{look.who}: {kind}"] = here
        context.close()
    assert not found, "\n".join(f"{where}\n  " + "\n  ".join(what) for where, what in found.items())
