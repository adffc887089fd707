"""Autosave under bad luck: no connection, an ended session, two windows of one pupil."""

from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect
from sqlalchemy import delete

from lti_tool.models import LaunchSession, db
from tests.browser.conftest import Served
from tests.support.chromium import person

AMIRA, ACTIVITY = "4", "12"


def open_form(context: BrowserContext, served: Served) -> tuple[Page, Locator]:
    """Launch as the pupil; return the page and its first field."""
    page = context.new_page()
    page.goto(served.open_url(AMIRA, ACTIVITY))
    return page, page.get_by_label("Wat is voor jou het doel van het gesprek?")


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
        page.goto(page.url.replace("/check", "/goal").replace("/topic", "/goal"))
        expect(goal).to_have_value("Eerste zin. Tweede zin.")
        expect(page.get_by_text("Opgeslagen om")).to_be_visible()
        page.wait_for_function("!JSON.stringify(localStorage).includes('lob-draft')")


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
