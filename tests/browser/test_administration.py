"""The administrator's page, from the click after registering to what it says on a phone."""

from playwright.sync_api import Browser, expect

from lti_tool.background import do_what_is_due
from tests.browser.conftest import Served
from tests.support.chromium import person

ADMINISTRATOR, MENTOR, ROUND = "2", "3", "19"


def test_status_comes_first_and_fits_a_phone(browser: Browser, served: Served) -> None:
    with person(browser) as laptop, person(browser, width=375, height=720) as phone:
        mentor = laptop.new_page()
        mentor.goto(served.open_url(MENTOR, ROUND))
        with served.app.app_context():
            assert do_what_is_due()
        page = phone.new_page()
        page.goto(served.open_url(ADMINISTRATOR, ROUND))
        expect(page.get_by_role("heading", level=1)).to_have_text("Beheer")
        expect(page.get_by_role("heading", level=2).first).to_have_text("De koppeling werkt")
        expect(page.get_by_role("row").filter(has_text="Klassenlijst")).to_contain_text(
            "Goed Gelezen in 1 van 1 cursus."
        )
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= 375


def test_the_roster_of_a_copied_course_is_read_as_well(browser: Browser, served: Served) -> None:
    with person(browser) as laptop:
        mentor = laptop.new_page()
        mentor.goto(served.lms_url)
        mentor.get_by_role("button", name="Cursus kopiëren").click()
        expect(mentor.get_by_role("heading", level=1)).to_contain_text("(kopie)")
        course = mentor.url.split("course=")[1].split("&")[0]
        mentor.goto(f"{served.lms_url}/open?person={MENTOR}&course={course}&activity=menu")
        with served.app.app_context():
            assert do_what_is_due()
        mentor.goto(served.open_url(ADMINISTRATOR, "menu", course=course))
        expect(mentor.get_by_role("row").filter(has_text="Klassenlijst")).to_contain_text("Goed")
