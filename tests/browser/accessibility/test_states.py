"""What the walk over all pages does not see: refusals, forced colours, what covers the focus."""

import functools
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, Route
from sqlalchemy.exc import IntegrityError, OperationalError
from werkzeug.exceptions import Conflict

from tests.browser.accessibility.looking import (
    LIGHT,
    Looks,
    look_at,
    sign_in,
)
from tests.lti_tool.lti.test_browser import launched_without_cookies, log_in, prove
from tests.support.guide_pages import assert_all_in_sight
from tests.support.launches import Platform, files, load, platform_for
from tests.support.talk import Talk

pytestmark = pytest.mark.parametrize("migrated_app", ["sqlite"], indirect=True)

EDGES_OF = """all => all.map(one => {
  const style = getComputedStyle(one);
  return [style.borderTop, style.borderLeft, style.borderBottom].join(" / ");
})"""
MINE = "dossier.my_conversations"
TAGS, VALUES = re.compile(r"<\w[^>]*>"), re.compile(r'(?<!class)="[^"]*"')
"""What an answer is built of, whatever it says."""
GOES_ON = re.compile("data-lti-(?:keep|prove)")
"""What would lead on to the platform before anybody looked."""
SHOWN = "/shown"
"""Where a browser is shown an answer that only a test's client could get."""


def show(page: Page, origin: str, text: str) -> None:
    """Put an answer's text in the browser, with the tool's style and script."""

    still = GOES_ON.sub("", text)

    def answer(route: Route) -> None:
        route.fulfill(body=still, content_type="text/html; charset=utf-8")

    page.route(origin + SHOWN, answer)
    page.goto(origin + SHOWN)
    page.unroute(origin + SHOWN)


def raising(error: Exception) -> Callable[..., Any]:
    """A view that fails like this."""

    def view(**_values: object) -> Any:
        raise error

    return view


def test_pages_that_say_no(
    *,
    browser: Browser,
    app: Flask,
    origin: str,
    looks: Looks,
    talk: Talk,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stranger = talk.school.visit(talk.school.pupil("Sem Yilmaz"))
    root, trouble = (
        stranger.root,
        {
            "first": IntegrityError("", {}, Exception()),
            "busy": OperationalError("", {}, Exception()),
            "not now": Conflict("not_open"),
            "our mistake": RuntimeError("a mistake of ours"),
        },
    )
    pages = {
        "400 incomplete login": ("/lti/login", 400),
        "401 no session": ("/s/nobody/", 401),
        "403 not your role": (f"{root}/rounds/", 403),
        "404 no page": (f"{root}/nothing", 404),
        "404 not your record": (f"{root}/conversations/{talk.id}/", 404),
        "405 only from a form": (f"{root}/larger", 405),
        "409 somebody was first": (f"{root}/mine", 409),
        "409 not now": (f"{root}/mine", 409),
        "503 busy": (f"{root}/mine", 503),
        "500 our mistake": (f"{root}/mine", 500),
        "404 used registration link": ("/lti/register?link=used", 404),
    }
    context = browser.new_context(**LIGHT)
    page = context.new_page()
    sign_in(context, stranger, origin)
    mine = app.view_functions[MINE]
    for name, (path, status) in pages.items():
        error = next((one for words, one in trouble.items() if words in name), None)
        view = functools.wraps(mine)(raising(error)) if error else mine
        monkeypatch.setitem(app.view_functions, MINE, view)
        answer = page.goto(origin + path)
        assert answer, name
        assert answer.status == status, name
        look_at(page, looks, "errors/error.html", name)
    show(page, origin, stranger.post("/language", {"language": "x" * 1_100_000}).text)
    assert "Dat is te veel tekst" in page.content()
    look_at(page, looks, "errors/error.html", "413 too much text")
    context.close()
    looks.check()


def answers(app: Flask) -> Iterator[tuple[str, str]]:
    """What every launch of the catalogue comes to, and each step of one without cookies."""
    platforms: dict[str, Platform] = {}
    for name in files("valid"):
        data = load("valid", name)
        key = f"{data['claims']['iss']} {data['claims']['aud']}"
        if key not in platforms:
            platforms[key] = platform_for(app, data)
        page = platforms[key].launch(app.test_client(), data, follow_redirects=True)
        yield f"valid/{name}", page.text
    claims = load("valid", "moodle-student")["claims"]
    moodle = platforms[f"{claims['iss']} {claims['aud']}"]
    for name in files("bad"):
        data = load("bad", name)
        if "flow" not in data:
            yield f"bad/{name}", moodle.launch(app.test_client(), data).text
    framed, page, _proof = launched_without_cookies(app, moodle)
    yield "no cookies: keep the proof", log_in(framed, moodle).text
    yield "no cookies: give it back", page.text
    yield "no cookies: only a new tab is left", prove(framed, page).text


def test_what_a_launch_comes_to(browser: Browser, app: Flask, origin: str, looks: Looks) -> None:
    """Each sort of page once, also those before there is a session."""
    seen: set[str] = set()
    context = browser.new_context(**LIGHT)
    page = context.new_page()
    for name, text in answers(app):
        built_of = " ".join(sorted(set(TAGS.findall(VALUES.sub("", text)))))
        if built_of not in seen:
            seen.add(built_of)
            show(page, origin, text)
            look_at(page, looks, "launch", name)
    context.close()
    assert len(seen) > 5
    looks.check()


def test_a_choice_is_seen_in_forced_colours(
    browser: Browser, app: Flask, origin: str, talk: Talk
) -> None:
    """A box and a round button look otherwise once they are chosen (WCAG 1.4.11)."""
    talk.start()
    talk.agree()
    talk.close()
    following = talk.next()
    context = browser.new_context(**LIGHT, forced_colors="active")
    page = context.new_page()
    sign_in(context, talk.mentor, origin)
    page.goto(f"{origin}{talk.mentor.root}/conversations/{following.id}/prepare/")
    for kind in ("radio", "checkbox"):
        name = page.locator(f"input[type={kind}]:visible:not(:checked)").first.get_attribute("id")
        one = page.locator(f'[id="{name}"]')
        one.scroll_into_view_if_needed()
        page.mouse.move(1, 1)
        before = one.screenshot()
        assert one.screenshot() == before, kind
        one.check()
        one.evaluate("node => node.blur()")
        page.mouse.move(1, 1)
        assert one.screenshot() != before, kind
    context.close()


def test_where_somebody_is_can_be_seen_in_forced_colours(
    browser: Browser, app: Flask, origin: str, talk: Talk
) -> None:
    """The current step, phase and page have other edges than their neighbours (WCAG 1.4.11)."""
    talk.start()
    following = talk.next()
    steps, phases, menu = ".lob-steps__list li", ".lob-phases__link", ".lob-menu a"
    places = [
        (
            talk.noor,
            f"/conversations/{following.id}/preparation/goal",
            steps,
            "[data-state=current]",
        ),
        (talk.noor, f"/conversations/{following.id}/preparation/topic", steps, "[data-state=done]"),
        (talk.mentor, f"/conversations/{talk.id}/guide/kwaliteiten", phases, "[aria-current]"),
        (talk.mentor, f"/rounds/{talk.round_id}", menu, "[aria-current]"),
    ]
    for visitor, path, each, chosen in places:
        context = browser.new_context(**LIGHT, forced_colors="active")
        page = context.new_page()
        sign_in(context, visitor, origin)
        page.goto(origin + visitor.root + path)
        marked = page.locator(f"{each}{chosen}").evaluate_all(EDGES_OF)
        others = page.locator(f"{each}:not({chosen})").evaluate_all(EDGES_OF)
        assert marked, (path, each)
        assert others, (path, each)
        assert not set(marked) & set(others), (path, each)
        context.close()


@pytest.mark.parametrize(
    ("width", "height"),
    [(900, 600), (375, 720), (320, 256)],
    ids=["frame", "phone", "zoomed in"],
)
def test_nothing_covers_the_focus_outside_the_guide(
    *, browser: Browser, app: Flask, origin: str, talk: Talk, width: int, height: int
) -> None:
    """The pages with the longest forms (WCAG 2.4.11); the guide has its own test."""
    talk.start()
    talk.post("guide/goals", goal="Weten of zorg past", owner="pupil")
    talk.agree()
    following = talk.next()
    pages = [
        (talk.mentor, f"/conversations/{talk.id}/closing/"),
        (talk.mentor, f"/conversations/{talk.id}/agreements/"),
        (talk.mentor, f"/conversations/{following.id}/prepare/"),
        (talk.noor, f"/conversations/{following.id}/preparation/goal"),
    ]
    for visitor, path in pages:
        context = browser.new_context(viewport={"width": width, "height": height})
        page = context.new_page()
        sign_in(context, visitor, origin)
        page.goto(origin + visitor.root + path)
        assert_all_in_sight(page, least=4)
        context.close()
