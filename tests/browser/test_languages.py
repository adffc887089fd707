"""The switch at the foot of a page: without a script too, and without losing what was typed."""

from playwright.sync_api import Browser, expect

from tests.browser.conftest import Served
from tests.browser.test_nothing_is_lost import open_form, wait_for_drafts
from tests.support.chromium import person
from tests.support.guide_pages import ACTIVITY, AMIRA, MENTOR


def test_what_a_pupil_typed_is_still_there_in_english(browser: Browser, served: Served) -> None:
    with person(browser) as context:
        page, goal = open_form(context, served)
        goal.fill("Kiezen wat ik na de zomer doe")
        page.get_by_role("button", name="English").click()
        english = page.get_by_label("What is the goal of the conversation for you?")
        expect(english).to_have_value("Kiezen wat ik na de zomer doe")
        expect(page.locator("html")).to_have_attribute("lang", "en")
        page.get_by_role("button", name="Nederlands").click()
        expect(goal).to_have_value("Kiezen wat ik na de zomer doe")


def test_what_a_mentor_typed_in_a_short_form_is_still_there(
    browser: Browser, served: Served
) -> None:
    with person(browser) as context:
        _pupil, goal = open_form(context, served)
        expect(goal).to_be_visible()
        page = context.new_page()
        page.goto(served.open_url(MENTOR, ACTIVITY))
        page.get_by_role("link", name="Voorbereiden").first.click()
        page.get_by_role("button", name="Begin het gesprek").click()
        page.locator("[name=goal]").first.fill("Samen kiezen")
        wait_for_drafts(page, 1)
        page.get_by_role("button", name="English").click()
        expect(page.locator("html")).to_have_attribute("lang", "en")
        expect(page.locator("[name=goal]").first).to_have_value("Samen kiezen")


def test_the_switch_needs_no_script_and_fits_a_phone(browser: Browser, served: Served) -> None:
    context = browser.new_context(
        java_script_enabled=False, locale="nl-NL", viewport={"width": 375, "height": 720}
    )
    page = context.new_page()
    page.goto(served.open_url(AMIRA, ACTIVITY))
    for _step in ("login", "launch"):
        page.get_by_role("button", name="Verder", exact=True).click()
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("button", name="Save and continue")).to_be_visible()
    button = page.get_by_role("button", name="Nederlands").bounding_box()
    assert button
    assert button["height"] >= 44
    assert button["x"] + button["width"] <= 375
    context.close()


def test_the_demo_lms_shows_itself_in_english_to_one_of_two(
    browser: Browser, served: Served
) -> None:
    with person(browser) as context:
        page = context.new_page()
        page.goto(served.lms_url)
        page.get_by_label("Taal").nth(1).select_option("English")
        page.get_by_role("button", name="Open", exact=True).nth(1).click()
        panes = page.locator("iframe[title^=Loopbaangesprek]")
        expect(panes.nth(1).content_frame.locator("html")).to_have_attribute("lang", "en")
        expect(panes.nth(0).content_frame.locator("html")).to_have_attribute("lang", "nl")
