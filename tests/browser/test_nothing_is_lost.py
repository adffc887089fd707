"""Autosave under bad luck: no connection, an ended session, two windows of one pupil."""

import re
import time
from collections.abc import Callable

from playwright.sync_api import Browser, BrowserContext, Locator, Page, Route, expect
from sqlalchemy import delete

from lti_tool.models import LaunchSession, db
from tests.browser.conftest import Served
from tests.support.chromium import person
from tests.support.guide_pages import ACTIVITY, AMIRA, MENTOR, begin

CUT_OFF = "() => { window.fetch = () => Promise.reject(new TypeError('no network')); }"
"""Unlike an offline context, also while the page closes."""
DRAFT_SECONDS = 10
DRAFTS = "Object.keys(localStorage).filter((key) => key.startsWith('lob-draft'))"
COUNT_SENT = """() => window.addEventListener("submit", (event) => {
  if (!event.defaultPrevented) sessionStorage.sent = (sessionStorage.sent ?? "") + "+";
})"""
"""The browser may take back the first of two posts, so the requests themselves tell too little."""


def open_form(context: BrowserContext, served: Served) -> tuple[Page, Locator]:
    """Launch as the pupil; return the page and its first field."""
    page = context.new_page()
    page.goto(served.open_url(AMIRA, ACTIVITY))
    return page, page.get_by_label("Wat is voor jou het doel van het gesprek?")


def wait_for_drafts(page: Page, number: int) -> None:
    """Encrypting takes the browser a few milliseconds, more than Playwright needs to click on.

    Asked from here: a condition that Playwright polls in the page is an `eval` there, which our
    policy refuses when it does not hold at once.
    """
    deadline = time.monotonic() + DRAFT_SECONDS
    while len(found := page.evaluate(DRAFTS)) != number:
        assert time.monotonic() < deadline, found
        page.wait_for_timeout(50)


def hold_the_script(page: Page) -> Callable[[], None]:
    """Let the page have its script only when what is returned is called."""
    held: list[Route] = []
    released = False

    def hold(route: Route) -> None:
        if released:
            route.continue_()
        else:
            held.append(route)

    def release() -> None:
        nonlocal released
        while not held:
            page.wait_for_timeout(50)
        released = True
        for route in held:
            route.continue_()

    page.route("**/app-*.js", hold)
    return release


def test_a_lost_connection(browser: Browser, served: Served) -> None:
    with person(browser) as context:
        page, goal = open_form(context, served)
        context.set_offline(offline=True)
        goal.fill("Zonder internet getypt")
        expect(page.get_by_text("Niet opgeslagen: er is geen verbinding")).to_be_visible()
        context.set_offline(offline=False)
        expect(page.get_by_text("Opgeslagen om")).to_be_visible()
        page.reload()
        expect(goal).to_have_value("Zonder internet getypt")


def test_text_typed_before_the_script_arrived(browser: Browser, served: Served) -> None:
    with person(browser) as context:
        page = context.new_page()
        release = hold_the_script(page)
        page.goto(served.open_url(AMIRA, ACTIVITY), wait_until="commit")
        page.get_by_label("Wat is voor jou het doel").fill("Sneller dan het script")
        release()
        expect(page.get_by_text("Opgeslagen om")).to_be_visible()


def test_an_ended_session_and_a_new_launch(browser: Browser, served: Served) -> None:
    with person(browser) as context:
        page, goal = open_form(context, served)
        goal.fill("Eerste zin.")
        expect(page.get_by_text("Opgeslagen om")).to_be_visible()
        context.set_offline(offline=True)
        goal.fill("Eerste zin. Tweede zin.")
        expect(page.get_by_text("Niet opgeslagen")).to_be_visible()
        kept = page.evaluate("JSON.stringify(localStorage)")
        assert "lob-draft" in kept
        assert "Tweede" not in kept
        with served.app.app_context():
            db.session.execute(delete(LaunchSession))
            db.session.commit()
        page.close()
        context.set_offline(offline=False)
        page, goal = open_form(context, served)
        expect(goal).to_have_value("Eerste zin. Tweede zin.")
        expect(page.get_by_text("Opgeslagen om")).to_be_visible()
        wait_for_drafts(page, 0)


def test_two_windows_of_one_pupil(browser: Browser, served: Served) -> None:
    with person(browser) as context:
        first, goal = open_form(context, served)
        second = context.new_page()
        second.goto(first.url)
        other = second.get_by_label("Wat is voor jou het doel van het gesprek?")
        goal.fill("Uit het eerste venster")
        expect(first.get_by_text("Opgeslagen om")).to_be_visible()
        other.fill("Uit het tweede venster")
        question = second.get_by_role("alert")
        expect(question).to_contain_text("Uit het eerste venster")
        second.get_by_role("button", name="Mijn tekst bewaren").click()
        expect(second.get_by_text("Opgeslagen om")).to_be_visible()
        first.reload()
        expect(goal).to_have_value("Uit het tweede venster")


def test_two_windows_that_both_lost_the_connection(browser: Browser, served: Served) -> None:
    with person(browser) as context:
        first, goal = open_form(context, served)
        second = context.new_page()
        second.goto(first.url)
        for page in (first, second):
            page.evaluate(CUT_OFF)
        goal.fill("Uit het eerste venster")
        second.get_by_label("Wat is voor jou het doel").fill("Uit het tweede venster")
        for page in (first, second):
            expect(page.get_by_text("Niet opgeslagen")).to_be_visible()
        address = first.url
        first.close()
        second.close()
        page = context.new_page()
        page.goto(address)
        expect(page.get_by_text("Opgeslagen om")).to_be_visible()
        page.reload()
        both = page.get_by_label("Wat is voor jou het doel").input_value()
        assert sorted(both.split("\n\n")) == ["Uit het eerste venster", "Uit het tweede venster"]


def test_a_choice_is_saved_when_it_is_made(browser: Browser, served: Served) -> None:
    with person(browser) as context:
        page = context.new_page()
        page.goto(served.open_url(AMIRA, ACTIVITY))
        page.goto(served.open_url(MENTOR, ACTIVITY))
        page.get_by_role("link", name="Voorbereiden").click()
        page.get_by_label("Begeleiding", exact=True).check()
        expect(page.get_by_text("Opgeslagen om")).to_be_visible()
        context.set_offline(offline=True)
        page.get_by_label("Loopbaan", exact=True).check()
        expect(page.get_by_text("Je keuze is niet opgeslagen")).to_be_visible()
        context.set_offline(offline=False)
        page.reload()
        expect(page.get_by_label("Begeleiding", exact=True)).to_be_checked()


def test_a_short_form_is_kept_until_it_was_sent(browser: Browser, served: Served) -> None:
    with person(browser) as context:
        page = begin(context, served)
        goal = page.get_by_label("Doel", exact=True)
        goal.fill("Nog niet toegevoegd")
        wait_for_drafts(page, 1)
        page.get_by_role("link", name="Onderzoeken van werk").click()
        outcome = page.get_by_label("In de woorden van Amira")
        outcome.fill("Ook nog niet")
        wait_for_drafts(page, 2)
        page.get_by_role("link", name="Doel en uitkomst").first.click()
        expect(goal).to_have_value("Nog niet toegevoegd")
        page.get_by_label("Samen").check()
        page.get_by_role("button", name="Doel toevoegen").click()
        expect(page.get_by_text("Nog niet toegevoegd").first).to_be_visible()
        expect(goal).to_have_value("")
        page.get_by_role("link", name="Onderzoeken van werk").click()
        expect(outcome).to_have_value("Ook nog niet")
        page.get_by_label("Benoemd").check()
        page.get_by_role("button", name="Noteren").click()
        expect(outcome).to_have_value("")
        wait_for_drafts(page, 0)


def test_a_short_form_typed_in_before_the_script_arrived(browser: Browser, served: Served) -> None:
    with person(browser) as context:
        page = begin(context, served)
        goal = page.get_by_label("Doel", exact=True)
        release = hold_the_script(page)
        page.goto(page.url, wait_until="commit")
        goal.fill("Sneller dan het script")
        release()
        wait_for_drafts(page, 1)
        page.goto(page.url)
        expect(goal).to_have_value("Sneller dan het script")


def test_a_short_form_survives_an_ended_session(browser: Browser, served: Served) -> None:
    with person(browser) as context:
        page = begin(context, served)
        goal = page.get_by_label("Doel", exact=True)
        goal.fill("Nog niet toegevoegd")
        wait_for_drafts(page, 1)
        page.get_by_label("Samen").check()
        with served.app.app_context():
            db.session.execute(delete(LaunchSession))
            db.session.commit()
        page.get_by_role("button", name="Doel toevoegen").click()
        expect(page.get_by_role("heading", name="Je sessie is afgelopen")).to_be_visible()
        expect(page.get_by_text("Nog niet toegevoegd")).to_be_visible()
        page.goto(served.open_url(MENTOR, ACTIVITY))
        page.get_by_role("link", name="Verdergaan").click()
        expect(goal).to_have_value("Nog niet toegevoegd")


def draft_places(page: Page) -> set[str]:
    """Where this browser keeps drafts; each load of a page has places of its own."""
    return set(page.evaluate(DRAFTS))


def wait_for_another_draft(page: Page, before: set[str]) -> None:
    """Until the draft of an earlier load made place for that of this one."""
    deadline = time.monotonic() + DRAFT_SECONDS
    while len(found := draft_places(page)) != 1 or found == before:
        assert time.monotonic() < deadline, found
        page.wait_for_timeout(50)


def test_a_short_form_keeps_the_newest_of_many_visits(browser: Browser, served: Served) -> None:
    with person(browser) as context:
        page = begin(context, served)
        goal = page.get_by_label("Doel", exact=True)
        text = ""
        for word in ("Een", "twee", "drie", "vier", "vijf"):
            expect(goal).to_have_value(text)
            text, before = f"{text} {word}".strip(), draft_places(page)
            goal.fill(text)
            wait_for_another_draft(page, before)
            page.get_by_role("link", name="Onderzoeken van werk").click()
            page.get_by_role("link", name="Doel en uitkomst").first.click()
        expect(goal).to_have_value(text)


def test_a_text_taken_over_wins_and_is_kept(browser: Browser, served: Served) -> None:
    with person(browser) as context:
        pupil, wish = open_form(context, served)
        wish.fill("Weten of zorg past")
        pupil.get_by_role("button", name="Opslaan en verder").click()
        pupil.get_by_label("Waar wil jij dat het gesprek").fill("Mijn stage")
        pupil.get_by_role("button", name="Opslaan en verder").click()
        pupil.get_by_role("button", name="Versturen").click()
        expect(pupil.get_by_role("heading", name="Je voorbereiding is verstuurd")).to_be_visible()
        page = context.new_page()
        page.goto(served.open_url(MENTOR, ACTIVITY))
        page.get_by_role("link", name="Voorbereiden").click()
        page.get_by_role("button", name="Begin het gesprek").click()
        goal = page.get_by_label("Doel", exact=True)
        goal.fill("Zelf getypt")
        wait_for_drafts(page, 1)
        take = page.get_by_role("link", name="Neem over van Amira")
        take.click()
        expect(page).to_have_url(re.compile("from=pupil"))
        wait_for_drafts(page, 1)
        taken = "Weten of zorg past"
        expect(goal).to_have_value(taken)
        goal.fill(f"{taken} En meer")
        wait_for_drafts(page, 2)
        page.get_by_role("link", name="Onderzoeken van werk").click()
        page.get_by_role("link", name="Doel en uitkomst").first.click()
        expect(goal).to_have_value(f"{taken} En meer")
        take.click()
        expect(page).to_have_url(re.compile("from=pupil"))
        expect(goal).to_have_value(taken)


def test_a_double_click_sends_once(browser: Browser, served: Served) -> None:
    with person(browser) as context:
        page = begin(context, served)
        page.goto(re.sub(r"/guide/.*", "/agreements/new", page.url))
        page.evaluate(COUNT_SENT)
        page.get_by_label("Wat spreken jullie af?").fill("Een dag meelopen")
        page.get_by_role("button", name="Opslaan").dblclick()
        expect(page.get_by_text("Een dag meelopen")).to_have_count(1)
        assert page.evaluate("sessionStorage.sent") == "+"
