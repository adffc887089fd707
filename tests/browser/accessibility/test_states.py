"""What the walk over all pages does not see: refused forms, errors, English, forced colours."""

from collections.abc import Callable, Iterator
from typing import Any

import html5lib
import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from tests.browser.accessibility.test_pages import (
    AXE,
    LIGHT,
    OPEN_ALL,
    SKELETON,
    sign_in,
    violations,
)
from tests.support.chromium import watched
from tests.support.postgres import free_port
from tests.support.school import Visitor
from tests.support.serving import listening
from tests.support.stories import Look, nothing_yet, talking
from tests.support.talk import Talk
from tests.support.walk import kind_of, walk

pytestmark = pytest.mark.parametrize("migrated_app", ["sqlite"], indirect=True)

MOSTLY_EMPTY = """form => {
  form.noValidate = true;
  for (const one of form.elements) {
    if (one.type === "hidden") continue;
    if (one.type === "radio" || one.type === "checkbox") one.checked = false;
    else if (["textarea", "text", "date"].includes(one.type)) one.value = "";
  }
  HTMLFormElement.prototype.submit.call(form);
}"""
"""Every field emptied, and sent past the script that would keep the page."""
FORMS = "main form[method=post]"
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


@pytest.fixture
def origin(app: Flask) -> Iterator[str]:
    """The tool, listening."""
    port = free_port()
    with listening("127.0.0.1", port, app):
        yield f"http://127.0.0.1:{port}"


def faults(page: Page) -> list[str]:
    """What axe finds on a page as it stands."""
    found = Axe().run(page, options=AXE).response["violations"]
    return [f"{one['id']}: {node['html']}" for one in found for node in one["nodes"]]


def forms_of(html: str) -> list[str]:
    """Where each form of a page's main part posts to; "" for one without a field."""
    main = html5lib.parse(html, namespaceHTMLElements=False).find(".//main")
    return [
        (form.get("action") or ".")
        if form.find(".//textarea") is not None
        or any(one.get("type") != "hidden" for one in form.iter("input"))
        else ""
        for form in main.findall(".//form[@method='post']")
    ]


def refused(page: Page, app: Flask, look: Look, origin: str, tried: set[str]) -> Iterator[str]:
    """Send each sort of form emptied, once; stop at those that come back with 422."""
    for kind, path, answer in walk(app, look.visitor, look.begin):
        for number, action in enumerate(forms_of(answer.text)):
            sort = kind_of(app, action) or f"{kind} {number}"
            if not action or sort in tried:
                continue
            tried.add(sort)
            page.goto(origin + path)
            with page.expect_navigation() as answered:
                page.locator(FORMS).nth(number).evaluate(MOSTLY_EMPTY)
            if answered.value and answered.value.status == 422:
                yield sort


@pytest.mark.parametrize(
    ("story", "least"), [(nothing_yet, 3), (talking, 4)], ids=["nothing yet", "talking"]
)
def test_a_refused_form_says_so_first_and_leads_to_its_fields(
    browser: Browser,
    app: Flask,
    origin: str,
    story: Callable[[Flask], Iterator[Look]],
    least: int,
) -> None:
    """The title, the focus and the links of the error summary (WCAG 3.3.1, 2.4.2); and axe."""
    tried: set[str] = set()
    seen: list[str] = []
    for look in story(app):
        context = browser.new_context(**LIGHT)
        page = context.new_page()
        sign_in(context, look.visitor, origin)
        for where in refused(page, app, look, origin, tried):
            seen.append(where)
            assert page.title().startswith("Fout: "), where
            expect(page.locator("#error-summary")).to_be_focused()
            for link in page.locator("#error-summary a").all():
                target = page.locator(link.get_attribute("href") or "none")
                assert target.count() == 1, (where, link.inner_text())
            assert not faults(page), where
        context.close()
    assert len(seen) >= least, (seen, tried)


def test_pages_that_say_no(browser: Browser, app: Flask, origin: str, talk: Talk) -> None:
    stranger = talk.school.visit(talk.school.pupil("Sem Yilmaz"))
    pages = {
        "no session": "/s/nobody/",
        "no page": f"{stranger.root}/nothing",
        "not your role": f"{stranger.root}/rounds/",
        "not your record": f"{stranger.root}/conversations/{talk.id}/",
        "incomplete login": "/lti/login",
        "used registration link": "/lti/register?link=used",
    }
    context = browser.new_context(**LIGHT)
    page = context.new_page()
    sign_in(context, stranger, origin)
    for name, path in pages.items():
        answer = page.goto(origin + path)
        assert answer, name
        assert 400 <= answer.status < 500, (name, answer.status)
        assert not violations(page), name
    context.close()


def test_in_english(browser: Browser, app: Flask, origin: str) -> None:
    """The pages say which language they speak, also where the other one is quoted."""
    skeletons: set[str] = set()
    for look in talking(app):
        look.visitor.post("/language", {"language": "en", "back": ""})
        context = browser.new_context(**LIGHT)
        with watched(context):
            page = context.new_page()
            sign_in(context, look.visitor, origin)
            for kind, path, _answer in walk(app, look.visitor, look.begin):
                page.goto(origin + path)
                page.locator("details:not([open])").evaluate_all(OPEN_ALL)
                assert page.locator("html").get_attribute("lang") == "en", kind
                skeleton = page.evaluate(SKELETON)
                if skeleton not in skeletons:
                    assert not faults(page), (look.who, kind)
                skeletons.add(skeleton)
        context.close()


def looked_at(talk: Talk) -> list[tuple[Visitor, str]]:
    """A page of each sort: a form, a class, a guide, agreements."""
    talk.start()
    talk.post("guide/goals", goal="Weten of zorg past", owner="pupil")
    talk.agree()
    following = talk.next()
    return [
        (talk.noor, f"/conversations/{following.id}/preparation/goal"),
        (talk.mentor, f"/rounds/{talk.round_id}"),
        (talk.mentor, f"/conversations/{talk.id}/guide/kwaliteiten"),
        (talk.mentor, f"/conversations/{talk.id}/agreements/"),
        (talk.mentor, f"/conversations/{talk.id}/closing/"),
    ]


def test_forced_colours_and_less_motion(
    browser: Browser, app: Flask, origin: str, talk: Talk
) -> None:
    """Controls keep an edge, the focus its line, and nothing moves (WCAG 1.4.11, 2.4.7, 2.3.3)."""
    chosen: Any = {**LIGHT, "forced_colors": "active"}
    for visitor, path in looked_at(talk):
        context = browser.new_context(**chosen)
        page = context.new_page()
        sign_in(context, visitor, origin)
        page.goto(origin + visitor.root + path)
        assert page.evaluate("matchMedia('(forced-colors: active)').matches")
        assert page.evaluate(EDGES) == [], path
        assert page.evaluate(MOVES) == [], path
        for _stop in range(6):
            page.keyboard.press("Tab")
            focused = page.locator(":focus")
            style = focused.evaluate("one => getComputedStyle(one).outlineStyle")
            width = focused.evaluate("one => parseFloat(getComputedStyle(one).outlineWidth)")
            assert style != "none", (path, focused.inner_text())
            assert width >= 2, (path, focused.inner_text())
        context.close()
