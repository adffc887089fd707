"""From the LMS's "Activiteit toevoegen" to a pupil's form, and on to a copy of the course."""

import re

from playwright.sync_api import Browser, FrameLocator, Page, expect

from tests.browser.conftest import BOTH, Served
from tests.support.chromium import PATIENCE, person

pytestmark = BOTH

MENTOR, AMIRA = "3", "4"


def test_a_round_is_linked_used_and_taken_over_in_a_copy(browser: Browser, served: Served) -> None:
    with person(browser, width=1000) as laptop, person(browser, width=375, height=720) as phone:
        lms, pupil = laptop.new_page(), phone.new_page()
        link_a_new_round(lms, served)
        course, activity = the_new_activity(lms)

        pupil.goto(served.open_url(AMIRA, activity))
        goal = pupil.get_by_label("Wat is voor jou het doel van het gesprek?")
        goal.fill("Weten of techniek past")
        pupil.get_by_role("button", name="Opslaan en verder").click()
        topic = pupil.get_by_label("Waar wil jij dat het gesprek in ieder geval over gaat?")
        expect(topic).to_be_visible()
        pupil.get_by_role("button", name="Weet ik nog niet").click()
        expect(pupil.get_by_label("Wat vond je van de open dag?")).to_be_visible()

        mentor = open_as_mentor(lms, served, course, activity)
        expect(mentor.get_by_role("heading", name="Loopbaangesprek (najaar 2026)")).to_be_visible()
        expect(mentor.get_by_text("Amira Benali")).to_be_visible()

        lms.get_by_role("button", name="Cursus kopiëren").click()
        expect(lms.get_by_role("heading", name="Mentorles 3 mavo B (kopie)")).to_be_visible()
        copy, copied_activity = the_new_activity(lms)
        assert (copy, copied_activity) != (course, activity)

        pupil.goto(served.open_url(AMIRA, copied_activity, course=copy))
        waiting = pupil.get_by_role("heading", name="Je docent zet het gesprek klaar")
        expect(waiting).to_be_visible()

        mentor = open_as_mentor(lms, served, copy, copied_activity)
        expect(mentor.get_by_role("heading", name="Je cursus is een kopie")).to_be_visible()
        expect(mentor.get_by_text("Wat vond je van de open dag?")).to_be_visible()
        expect(mentor.get_by_text("Amira")).to_have_count(0)
        chosen = mentor.get_by_role("group", name="Loopbaangesprek (najaar 2026)")
        chosen.get_by_label("Periode").fill("najaar 2027")
        mentor.get_by_role("button", name="Overnemen", exact=True).click()
        expect(mentor.get_by_role("heading", name="Loopbaangesprek (najaar 2027)")).to_be_visible()
        expect(mentor.get_by_text("Amira Benali")).to_be_visible()

        pupil.get_by_role("link", name="Opnieuw kijken").click()
        expect(goal).to_have_value("")


def test_two_rounds_are_linked_at_once(browser: Browser, served: Served) -> None:
    with person(browser, width=1000) as laptop:
        lms = laptop.new_page()
        link_a_new_round(lms, served)
        # The course page opens the first activity as the mentor, which makes the second round.
        left = lms.frame_locator("iframe").first
        expect(left.get_by_role("heading", level=1)).to_be_visible()
        lms.get_by_role("link", name="Activiteit toevoegen").click()
        frame = lms.frame_locator("iframe")
        names = frame.get_by_role("checkbox")
        expect(names).not_to_have_count(0)
        frame.get_by_label("Loopbaangesprek (najaar 2026)").check()
        names.last.check()
        frame.get_by_role("button", name="Zet in de cursus").click()
        expect(frame.get_by_text("Toegevoegd: ")).to_contain_text(", ")


def test_without_scripts_a_button_takes_the_answer_back(browser: Browser, served: Served) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(f"{served.lms_url}/open?person={MENTOR}&activity=new")
    for _step in ("login", "launch"):
        page.get_by_role("button", name="Verder").click()
    page.get_by_role("link", name="Terug zonder iets toe te voegen").click()
    page.get_by_role("button", name="Verder naar je cursus").click()
    expect(page.get_by_text("Er is niets toegevoegd.")).to_be_visible()
    context.close()


def link_a_new_round(lms: Page, served: Served) -> None:
    """As the mentor, in the frame the LMS opens for it."""
    lms.goto(served.lms_url)
    lms.get_by_role("link", name="Activiteit toevoegen").click()
    frame = lms.frame_locator("iframe")
    frame.get_by_role("link", name="Nieuwe ronde maken").click()
    frame.get_by_label("Titel").fill("Loopbaangesprek")
    frame.get_by_label("Periode").fill("najaar 2026")
    frame.get_by_label("Eigen vraag 1").fill("Wat vond je van de open dag?")
    frame.get_by_label("Zet in het cijferboek").check()
    frame.get_by_role("button", name="Opslaan en in de cursus zetten").click()
    expect(frame.get_by_text("Toegevoegd: Loopbaangesprek (najaar 2026)")).to_be_visible()
    frame.get_by_role("link", name="Naar Mentorles 3 mavo B").click()
    expect(lms.get_by_role("heading", name="Mentorles 3 mavo B", exact=True)).to_be_visible()


def the_new_activity(lms: Page) -> tuple[str, str]:
    """Ids of the course that is shown and of its last activity made by deep linking."""
    address = lms.locator("iframe").first.get_attribute("src") or ""
    found = re.search(r"course=(\d+)&activity=(\d+)", address)
    assert found, address
    return found[1], found[2]


def open_as_mentor(lms: Page, served: Served, course: str, activity: str) -> FrameLocator:
    lms.goto(f"{served.lms_url}/?course={course}&left={MENTOR}&left_activity={activity}")
    return lms.frame_locator("iframe").first
