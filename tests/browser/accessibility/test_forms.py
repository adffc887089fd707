"""Every form, sent empty and sent with nonsense: what comes back says so and is accessible."""

import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import html5lib
import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from lti_tool.fields import LONGEST_TEXT
from tests.browser.accessibility.looking import LIGHT, SKELETON, Looks, in_light, sign_in
from tests.support.stories import STORIES, Look
from tests.support.walk import walk

pytestmark = pytest.mark.parametrize("migrated_app", ["sqlite"], indirect=True)

FORMS = "main form[method=post]"
SEND_PAST_THE_SCRIPT = """
  if (pressed) {
    const said = document.createElement("input");
    [said.type, said.name, said.value] = ["hidden", ...pressed];
    form.append(said);
  }
  HTMLFormElement.prototype.submit.call(form);
"""
EMPTIED = (
    """(form, pressed) => {
  for (const one of form.elements) {
    if (one.type === "hidden") continue;
    if (one.type === "radio" || one.type === "checkbox") one.checked = false;
    else if (["textarea", "text", "date", "time"].includes(one.type)) one.value = "";
  }
"""
    + SEND_PAST_THE_SCRIPT
    + "}"
)
NONSENSE = (
    """(form, pressed) => {
  for (const one of form.elements) {
    if (one.type === "hidden" || one.tagName === "BUTTON") continue;
    if (one.tagName === "SELECT") one.options[0].value = "nonsens", one.selectedIndex = 0;
    else if (one.type === "radio" || one.type === "checkbox") {
      one.value = "nonsens";
      one.checked = true;
    } else if (one.tagName === "TEXTAREA") one.value = "\\u202e<b>nonsens</b> ".repeat(MANY);
    else one.type = "text", one.value = "31-31-1 <i>nonsens</i> ".repeat(20);
  }
"""
    + SEND_PAST_THE_SCRIPT
    + "}"
).replace("MANY", str(LONGEST_TEXT // 10))
"""Choices that do not exist, days that do not, markup, and more of it than any field takes."""


class Form(NamedTuple):
    """Where a form stands: its sort, the page, and which form of it."""

    sort: str
    path: str
    action: str
    button: str
    """What the button says that sends it, as "name=value"; "" for one without a name."""
    written: bool
    """Whether it holds a field for more than a line."""


def forms(app: Flask, look: Look) -> Iterator[Form]:
    """All that somebody can reach and that have a field, once for each button."""
    for kind, path, answer in walk(app, look.visitor, look.begin):
        main = html5lib.parse(answer.text, namespaceHTMLElements=False).find(".//main")
        for form in main.findall(".//form[@method='post']"):
            fields = [one for one in form.iter("input") if one.get("type") != "hidden"]
            written = form.find(".//textarea") is not None
            if not fields and not written and form.find(".//select") is None:
                continue
            action = form.get("action") or ""
            sort = endpoint_of(app, action) if action else kind
            for button in {said(one) for one in form.iter("button")}:
                plain = re.sub(r"\d+", "1", button)
                yield Form(f"{sort} {plain}".strip(), path, action, button, written)


def said(button: Any) -> str:
    """What is sent when this button is pressed."""
    name = button.get("name")
    return f"{name}={button.get('value', '')}" if name else ""


def endpoint_of(app: Flask, action: str) -> str:
    """Where a form goes to; pages that differ by record or phase alone share it."""
    return str(app.url_map.bind("").match(urlsplit(action).path, method="POST")[0])


def send(page: Page, address: str, form: Form, how: str) -> int:
    """Open the page, send that form; its status, 0 when an earlier one took it away."""
    page.goto(address)
    wanted = f'{FORMS}[action="{form.action}"]' if form.action else f"{FORMS}:not([action])"
    found = page.locator(wanted).first
    if found.count() == 0:
        return 0
    with page.expect_navigation() as answered:
        found.evaluate(how, form.button.split("=", 1) if form.button else None)
    assert answered.value
    return answered.value.status


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
def test_a_refused_form_says_so_first_and_leads_to_its_fields(
    *,
    browser: Browser,
    app: Flask,
    origin: str,
    looks: Looks,
    tried: set[tuple[str, str]],
    new: Callable[[str], bool],
    story: Callable[[Flask], Iterator[Look]],
) -> None:
    """The title, the focus and the links of the error summary (WCAG 3.3.1, 2.4.2); and axe."""
    for look in story(app):
        context = browser.new_context(**LIGHT)
        page = context.new_page()
        sign_in(context, look.visitor, origin)
        for form in list(forms(app, look)):
            for way, how in (("empty", EMPTIED), ("nonsense", NONSENSE)):
                if (form.sort, way) in tried:
                    continue
                status = send(page, origin + form.path, form, how)
                where = f"{form.sort}, {way}"
                assert status < 500, where
                if status:
                    tried.add((form.sort, way))
                reads = form.written and form.button != "action=remove"
                if reads and way == "nonsense" and status:
                    assert status >= 400, (where, "took a text that is too long")
                if status == 422:
                    assert page.title().startswith("Fout: "), where
                    expect(page.locator("#error-summary")).to_be_focused()
                    links = page.locator("#error-summary a").all()
                    assert links, where
                    for link in links:
                        target = (link.get_attribute("href") or "").removeprefix("#")
                        found = page.locator(f'[id="{target}"]').count()
                        assert found == 1, (where, link.inner_text())
                if status >= 400 and new(page.evaluate(SKELETON)):
                    moment = f"{story.__name__}, {look.who}"
                    looks.note(form.sort, moment, way, in_light(page))
        context.close()
    looks.check()


@pytest.fixture(scope="module")
def tried() -> set[tuple[str, str]]:
    """Sorts of forms that were sent, and how."""
    return set()
