"""The guide shows what others add, within two seconds, and never under somebody's hands."""

import pytest
from playwright.sync_api import Browser, Page, Request, expect

from tests.browser.conftest import Served
from tests.support.chromium import person
from tests.support.guide_pages import ACTIVITY, AMIRA, begin, go_to

HIDE = "() => Object.defineProperty(document, 'hidden', {get: () => true, configurable: true})"
SHOW = "() => { delete document.hidden; }"


def agree_as_pupil(pupil: Page, served: Served, what: str) -> None:
    pupil.goto(served.open_url(AMIRA, ACTIVITY))
    pupil.get_by_role("link", name="Zelf een afspraak opschrijven").click()
    pupil.get_by_label("Wat spreken jullie af?").fill(what)
    pupil.get_by_role("button", name="Opslaan").click()
    expect(pupil.get_by_role("heading", name=what)).to_be_visible()


@pytest.mark.row("G41")
def test_what_the_pupil_adds_appears_in_the_guide_by_itself(
    browser: Browser, served: Served
) -> None:
    with person(browser, width=375, height=720) as phone, person(browser) as laptop:
        mentor, pupil = begin(laptop, served), phone.new_page()
        go_to(mentor, "kwaliteiten")
        said = mentor.get_by_label("In de woorden van Amira")
        said.press_sequentially("Ik blijf ru")
        assert mentor.locator("#guide-status").inner_text() == ""
        agree_as_pupil(pupil, served, "Een middag meelopen")
        expect(mentor.locator("#phases")).to_contain_text("1 afspraak")
        expect(mentor.locator("#guide-status")).to_contain_text("Er kwam iets bij om")
        expect(said).to_be_focused()
        said.press_sequentially("stig")
        expect(said).to_have_value("Ik blijf rustig")

        mentor.goto(mentor.url.replace("/guide/kwaliteiten", "/closing/"))
        reason = mentor.get_by_label("Mentor heeft geen afspraak: waarom niet?")
        reason.press_sequentially("Amira kan ")
        agree_as_pupil(pupil, served, "Een open dag kiezen")
        expect(mentor.locator("#agreements")).to_contain_text("Een open dag kiezen")
        expect(reason).to_be_focused()
        expect(reason).to_have_value("Amira kan ")


def test_a_part_somebody_writes_in_waits_until_they_are_done(
    browser: Browser, served: Served
) -> None:
    with person(browser) as context:
        page = begin(context, served)
        other = context.new_page()
        other.goto(page.url)
        goal = page.get_by_label("Doel", exact=True)
        goal.fill("Nog niet af")
        other.get_by_label("Doel", exact=True).fill("Een opleiding kiezen")
        other.get_by_label("Samen", exact=True).check()
        other.get_by_role("button", name="Doel toevoegen").click()
        expect(page.locator("#goals")).to_contain_text("Een opleiding kiezen")
        section = page.locator("#goals-section")
        expect(section).not_to_contain_text("Een opleiding kiezen")
        expect(goal).to_have_value("Nog niet af")
        goal.fill("")
        page.get_by_label("Opmerking over de doelen").focus()
        expect(section).to_contain_text("Een opleiding kiezen")
        expect(page.get_by_label("Opmerking over de doelen")).to_be_focused()


def test_a_second_screen_hides_what_is_private_once_the_pupil_leads(
    browser: Browser, served: Served
) -> None:
    with person(browser) as context:
        page = begin(context, served)
        other = context.new_page()
        other.goto(page.url)
        private = page.locator("[name='private.doel']")
        private.fill("Alleen voor mij")
        page.get_by_label("Doel", exact=True).fill("Nog niet af")
        other.get_by_label("Amira", exact=True).last.check()
        other.locator("#chair-form").get_by_role("button").click()
        expect(private).to_have_count(0)
        expect(page.get_by_label("Doel", exact=True)).to_have_value("Nog niet af")


def test_the_pupils_page_says_once_that_something_came(browser: Browser, served: Served) -> None:
    with person(browser, width=375, height=720) as phone, person(browser) as laptop:
        mentor, pupil = begin(laptop, served), phone.new_page()
        pupil.goto(served.open_url(AMIRA, ACTIVITY))
        line = pupil.locator("[data-live-words]")
        expect(line).to_have_attribute("role", "status")
        expect(line).to_have_text("")
        mentor.get_by_label("Doel", exact=True).fill("Een opleiding kiezen")
        mentor.get_by_label("Samen", exact=True).check()
        mentor.get_by_role("button", name="Doel toevoegen").click()
        expect(pupil.locator("#live")).to_contain_text("Een opleiding kiezen")
        expect(line).to_contain_text("Er kwam iets bij in jullie gesprek")


def test_a_hidden_page_asks_nothing(browser: Browser, served: Served) -> None:
    with person(browser) as context:
        page = begin(context, served)
        page.clock.install()
        go_to(page, "werk")
        asked: list[str] = []

        def hear(request: Request) -> None:
            if "/live?" in request.url:
                asked.append(request.url)

        page.on("request", hear)
        with page.expect_request("**/guide/werk/live?*"):
            page.clock.run_for(2000)
        page.evaluate(HIDE)
        asked.clear()
        page.clock.run_for(15_000)
        expect(page.locator(".lob-clock")).to_contain_text("min")
        assert asked == []
        page.evaluate(SHOW)
        with page.expect_request("**/guide/werk/live?*"):
            page.clock.run_for(2000)
