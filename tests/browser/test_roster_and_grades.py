"""Roster and gradebook of the demo LMS, over real HTTP: tokens, pages, scores."""

from playwright.sync_api import Browser, Page, expect

from lti_tool.background import do_what_is_due
from tests.browser.conftest import BOTH, Served
from tests.support.chromium import person

pytestmark = BOTH

MENTOR, AMIRA, ROUND = "3", "4", "19"


def work(served: Served) -> None:
    """Let the worker do what is due."""
    with served.app.app_context():
        assert do_what_is_due()


def test_who_never_opened_the_tool_appears_and_what_is_sent_arrives(
    browser: Browser, served: Served
) -> None:
    with person(browser) as laptop, person(browser, width=375, height=720) as phone:
        mentor, pupil = laptop.new_page(), phone.new_page()
        mentor.goto(served.open_url(MENTOR, ROUND))
        expect(mentor.get_by_text("We zijn bezig de klassenlijst op te halen")).to_be_visible()
        work(served)
        mentor.get_by_role("link", name="Ververs de pagina").click()
        expect(mentor.get_by_text("De klassenlijst is gelezen op")).to_be_visible()
        expect(mentor.get_by_text("Niet geopend", exact=True)).to_have_count(8)
        expect(mentor.get_by_role("link", name="Zofia Kowalska", exact=True)).to_be_visible()

        mentor.get_by_role("link", name="Ronde instellen").click()
        mentor.get_by_label("Zet in het cijferboek wie de voorbereiding heeft verstuurd").check()
        mentor.get_by_role("button", name="Opslaan").click()
        expect(mentor.get_by_text("Er is nog niets gemeld")).to_be_visible()

        send(pupil, served)
        mentor.reload()
        expect(mentor.get_by_text("1 melding is onderweg")).to_be_visible()
        work(served)
        mentor.reload()
        expect(mentor.get_by_text("Van 1 leerling is gemeld")).to_be_visible()

        mentor.goto(f"{served.lms_url}/gradebook")
        amira = mentor.get_by_role("row").filter(has_text="Amira")
        expect(amira).to_contain_text("100")
        expect(mentor.get_by_role("row").filter(has_text="Daan")).not_to_contain_text("100")


def test_the_button_asks_again(browser: Browser, served: Served) -> None:
    with person(browser, width=900, height=600) as laptop:
        mentor = laptop.new_page()
        mentor.goto(served.open_url(MENTOR, ROUND))
        work(served)
        mentor.reload()
        mentor.get_by_role("button", name="Klassenlijst ophalen").click()
        expect(mentor.get_by_text("We zijn bezig")).to_be_visible()
        work(served)
        mentor.reload()
        expect(mentor.get_by_text("De klassenlijst is gelezen op")).to_be_visible()


def send(pupil: Page, served: Served) -> None:
    """Amira writes and sends her preparation."""
    pupil.goto(served.open_url(AMIRA, ROUND))
    pupil.get_by_label("Wat is voor jou het doel van het gesprek?").fill("Kiezen")
    pupil.get_by_role("button", name="Opslaan en verder").click()
    pupil.get_by_label("Waar wil jij dat het gesprek in ieder geval over gaat?").fill("Stage")
    pupil.get_by_role("button", name="Opslaan en verder").click()
    pupil.get_by_role("button", name="Versturen").click()
    expect(pupil.get_by_role("heading", name="Je voorbereiding is verstuurd")).to_be_visible()
