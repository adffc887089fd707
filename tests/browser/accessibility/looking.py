"""How a page is looked at: axe's rules in each look, and whether it fits when narrow."""

from collections.abc import Callable
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, ViewportSize

from lti_tool.sessions import COOKIE
from tests.support.looks import Look
from tests.support.school import Visitor

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AXE = {"runOnly": WCAG, "resultTypes": ["violations"]}
OF_LOOKS = ["color-contrast", "link-in-text-block", "scrollable-region-focusable", "target-size"]
"""The rules whose answer depends on colours and width."""
LIGHT: Any = {
    "viewport": {"width": 1280, "height": 800},
    "color_scheme": "light",
    "reduced_motion": "reduce",
}
NARROW: ViewportSize = {"width": 375, "height": 720}
FRAME: ViewportSize = {"width": 900, "height": 600}
NARROWEST: ViewportSize = {"width": 320, "height": 640}
"""Also 1280 at 400 %."""
TOO_WIDE = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  const found = [...document.querySelectorAll("body *")]
    .filter(one => one.getBoundingClientRect().right > width + 1)
    .filter(one => !one.parentElement.closest("thead, [tabindex='0'][role=region]"))
    .map(one => one.outerHTML.slice(0, 120));
  return [`scrolls: ${document.documentElement.scrollWidth} in ${width}`, ...found];
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
OPEN_ALL = "all => all.forEach(one => { one.open = true })"
EDGES = """() => [...document.querySelectorAll(
  "button, .utrecht-button-link, input:not([type=hidden]), textarea, select"
)].filter(one => one.checkVisibility()).filter(one => {
  const style = getComputedStyle(one);
  const bare = style.borderStyle === "none" || parseFloat(style.borderWidth) === 0;
  return bare && style.textDecorationLine === "none" && style.appearance === "none";
}).map(one => one.outerHTML.slice(0, 120))"""
"""Controls that forced colours, which take away backgrounds, would leave without an edge."""
MOVES = """() => [...document.querySelectorAll("*")].filter(one => {
  const style = getComputedStyle(one);
  return [...style.transitionDuration.split(","), ...style.animationDuration.split(",")]
    .some(time => parseFloat(time) > 0);
}).map(one => one.outerHTML.slice(0, 120))"""


class Looks:
    """Notes every look of one test; `check` fails with all that was found."""

    def __init__(self, record: Callable[[str, object], None]) -> None:
        self._record, self._found = record, list[str]()

    def note(self, page: str, moment: str, look: str, faults: list[str]) -> None:
        """Keep what was found in this look."""
        self._record("looked", list(Look(page, moment, look, len(faults))))
        self._found += [f"{page}, {moment}, {look}: {one}" for one in faults]

    def check(self) -> None:
        """Fail when anything was found."""
        assert not self._found, "\n".join(self._found)


def sign_in(context: BrowserContext, visitor: Visitor, origin: str) -> None:
    """Give the browser the cookie of a visitor."""
    path = visitor.root + "/"
    cookie = visitor.client.get_cookie(COOKIE, path=path)
    assert cookie is not None
    context.add_cookies([{"name": COOKIE, "value": cookie.value, "url": origin + path}])


def open_whole(page: Page, address: str) -> str:
    """Open a page with all that is folded; return what it is built of."""
    page.goto(address)
    unfold(page)
    skeleton: str = page.evaluate(SKELETON)
    return skeleton


def unfold(page: Page) -> None:
    """Open all that is folded."""
    page.locator("details:not([open])").evaluate_all(OPEN_ALL)


def in_light(page: Page) -> list[str]:
    """All rules, on a laptop."""
    return _lines(Axe().run(page, options=AXE).response["violations"])


def in_other_words(page: Page) -> list[str]:
    """All rules but those of colours and width, which the same page in Dutch was held to."""
    off = {rule: {"enabled": False} for rule in OF_LOOKS}
    return _lines(Axe().run(page, options={**AXE, "rules": off}).response["violations"])


def in_dark(page: Page) -> list[str]:
    """The rules of colour and width once more, dark, on a phone; axe is in the page already."""
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size(NARROW)
    found = page.evaluate("rules => axe.run({runOnly: rules})", OF_LOOKS)["violations"]
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(LIGHT["viewport"])
    return _lines(found)


def cut_off(page: Page) -> list[str]:
    """What does not fit in a course's frame, nor at 320 pixels, with the text spaced out."""
    page.set_viewport_size(FRAME)
    faults = [f"too wide at 900: {one}" for one in page.evaluate(TOO_WIDE)]
    page.set_viewport_size(NARROWEST)
    faults += [f"too wide at 320: {one}" for one in page.evaluate(TOO_WIDE)]
    page.evaluate(SPACE_OUT)
    faults += [f"too wide spaced out: {one}" for one in page.evaluate(TOO_WIDE)]
    page.set_viewport_size(LIGHT["viewport"])
    return faults


def in_forced_colours(page: Page) -> list[str]:
    """Controls keep an edge, the focus its line, and nothing moves (WCAG 1.4.11, 2.4.7, 2.3.3)."""
    page.emulate_media(forced_colors="active")
    assert page.evaluate("matchMedia('(forced-colors: active)').matches")
    faults: list[str] = page.evaluate(EDGES) + page.evaluate(MOVES) + without_a_line(page)
    page.emulate_media(forced_colors="none")
    return faults


def without_a_line(page: Page) -> list[str]:
    """Of the first six stops of Tab, those that show no outline."""
    faults = []
    for _stop in range(6):
        page.keyboard.press("Tab")
        focused = page.locator(":focus")
        if focused.count() == 0:
            break
        style, width = focused.evaluate(
            "one => [getComputedStyle(one).outlineStyle, getComputedStyle(one).outlineWidth]"
        )
        if style == "none" or float(width.removesuffix("px")) < 2:
            faults.append(f"no line around {focused.inner_text()!r}")
    return faults


def look_at(page: Page, looks: Looks, name: str, moment: str) -> None:
    """Look at the page that is open in every look; it is spaced out afterwards."""
    looks.note(name, moment, "light 1280", in_light(page))
    looks.note(name, moment, "dark 375", in_dark(page))
    looks.note(name, moment, "narrow 320", cut_off(page))


def _lines(violations: list[Any]) -> list[str]:
    return [
        f"{one['id']}: {node['target']} {node['html']}"
        for one in violations
        for node in one["nodes"]
    ]
