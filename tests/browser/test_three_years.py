"""Three school years of one pupil, with two mentors, in Chromium: what comes back, and to whom."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from lti_tool.demo.courses import LmsCourse
from lti_tool.demo.school import Activity, LmsPerson
from tests.browser.conftest import Served, serve
from tests.support.chromium import person
from tests.support.guide_pages import AMIRA, ready
from tests.support.years_pass import a_year_passes

MARLEEN, FIRST, SECOND = "3", "12", "19"
PIET, NEXT_COURSE, THIRD = "30", "8", "31"
ELSEWHERE = LmsCourse(
    NEXT_COURSE,
    "Mentorles 4 mavo A",
    activities=(Activity(THIRD, "Loopbaangesprek klas 4", graded=False),),
    people=(
        LmsPerson(PIET, "Piet", "Zonneveld", "mentor"),
        LmsPerson(AMIRA, "Amira", "Benali", "pupil"),
    ),
)
DOUBT, QUALITY, ACTION = "Of ik druk werk aankan", "Ik blijf rustig", "Een folder halen"
ASSIGNMENT, EVIDENCE = "Een zaterdag meelopen", "Het was druk, en het ging goed"
SECOND_DOUBT, SECOND_ACTION = "Of ik ver wil reizen", "De reistijd uitzoeken"
GOAL = "Wat is voor jou het doel van het gesprek?"
TOPIC = "Waar wil jij dat het gesprek in ieder geval over gaat?"


@pytest.fixture
def served(address: str) -> Iterator[Served]:
    with serve(address, more_courses=[ELSEWHERE]) as both:
        yield both


@pytest.mark.row("V4", "V9")
def test_three_years_with_two_mentors(browser: Browser, served: Served) -> None:
    with person(browser, width=375, height=720) as phone, person(browser) as laptop:
        pupil, mentor = phone.new_page(), laptop.new_page()
        the_first_year(pupil, mentor, served)
        a_year_passes(served.app)
        the_second_year(pupil, mentor, served)
        a_year_passes(served.app)
        with person(browser) as other_laptop:
            the_third_year(pupil, other_laptop.new_page(), served)


def the_first_year(pupil: Page, mentor: Page, served: Served) -> None:
    """A doubt becomes an assignment; there is an action too."""
    pupil.goto(served.open_url(AMIRA, FIRST))
    send(pupil, goal="Weten of zorg bij mij past", topic="Mijn stage")
    begin(mentor, served.open_url(MARLEEN, FIRST), reads="Weten of zorg bij mij past")
    note(mentor, "kwaliteiten", "Benoemd", QUALITY)
    note(mentor, "motieven", "Twijfel", DOUBT)
    mentor.locator("#outcomes").get_by_role("link", name="Maak hier een opdracht van").click()
    agree(mentor, ASSIGNMENT, evidence=True)
    go_to(mentor, "closing/")
    mentor.get_by_role("link", name="Afspraak voor Amira").click()
    agree(mentor, ACTION)
    close(mentor, topic="Hoe het meelopen was")


def the_second_year(pupil: Page, mentor: Page, served: Served) -> None:
    """The same mentor: the doubt is on top at its phase, the agreements come with their status."""
    pupil.goto(served.open_url(AMIRA, SECOND))
    expect(pupil.get_by_role("heading", name="Terugkijken")).to_be_visible()
    for text in (ASSIGNMENT, ACTION, DOUBT):
        expect(pupil.get_by_text(text).first).to_be_visible()
    pupil.get_by_role("button", name="Verder").click()
    send(pupil, goal="Vertellen hoe het was", topic=None)
    begin(mentor, served.open_url(MARLEEN, SECOND), reads=ASSIGNMENT)

    go_to(mentor, "guide/motieven")
    carried = mentor.locator("#carried")
    expect(carried.get_by_text(DOUBT)).to_be_visible()
    first = mentor.locator("#carried, .lob-question__text, #outcomes").first
    expect(first).to_have_attribute("id", "carried")
    carried.get_by_role("button", name="Uitgezocht").click()
    expect(mentor.locator("#carried").get_by_text(DOUBT)).to_have_count(0)

    go_to(mentor, "closing/")
    mentor.get_by_role("link", name="Alle afspraken").click()
    found = card(mentor, ASSIGNMENT)
    expect(found).to_contain_text("Open")
    found.get_by_label("Bewijs: een tekst of een link").fill(EVIDENCE)
    found.get_by_role("button", name="Gedaan", exact=True).click()
    expect(card(mentor, ASSIGNMENT)).to_have_count(0)
    mentor.get_by_role("link", name="Naar de afronding").click()
    note(mentor, "motieven", "Twijfel", SECOND_DOUBT)
    go_to(mentor, "closing/")
    mentor.get_by_role("link", name="Afspraak voor Amira").click()
    agree(mentor, SECOND_ACTION)
    close(mentor, topic="Waar ik wil leren")


def the_third_year(pupil: Page, mentor: Page, served: Served) -> None:
    """Another mentor in another course: nothing, until the pupil passes it on."""
    third = served.open_url(PIET, THIRD, course=NEXT_COURSE)
    pupil.goto(served.open_url(AMIRA, THIRD, course=NEXT_COURSE))
    mentor.goto(third)
    mentor.get_by_role("link", name="Voorbereiden").click()
    expect(mentor.get_by_role("heading", name="Voorbereiden: Amira Benali")).to_be_visible()
    expect(mentor.get_by_role("heading", name="Vorig gesprek")).to_have_count(0)
    for text in (QUALITY, DOUBT, SECOND_DOUBT, ACTION, SECOND_ACTION):
        expect(mentor.get_by_text(text)).to_have_count(0)

    pupil.get_by_role("link", name="Bekijk en kies").click()
    expect(pupil.get_by_role("heading", name="Geef je eerdere gesprekken door")).to_be_visible()
    for box in pupil.get_by_role("checkbox").all():
        box.check()
    pupil.get_by_role("button", name="Opslaan", exact=True).click()
    expect(pupil.get_by_role("heading", name="Terugkijken")).to_be_visible()
    expect(pupil.get_by_text(SECOND_ACTION)).to_be_visible()

    mentor.goto(third)
    mentor.get_by_role("link", name="Amira Benali", exact=True).click()
    expect(mentor.get_by_text(QUALITY).first).to_be_visible()
    expect(card(mentor, ASSIGNMENT)).to_contain_text(EVIDENCE)
    expect(card(mentor, ASSIGNMENT)).to_contain_text("Gedaan")
    begin(mentor, third, reads=SECOND_ACTION)
    go_to(mentor, "guide/motieven")
    carried = mentor.locator("#carried")
    expect(carried.get_by_text(SECOND_DOUBT)).to_be_visible()
    expect(carried.get_by_text("Mentorles 3 mavo B")).to_be_visible()
    expect(carried.get_by_text(DOUBT)).to_have_count(0)


def send(pupil: Page, *, goal: str, topic: str | None) -> None:
    """Fill the preparation in and send it; None keeps the topic that was thought of before."""
    pupil.get_by_label(GOAL).fill(goal)
    pupil.get_by_role("button", name="Opslaan en verder").click()
    if topic is None:
        expect(pupil.get_by_label(TOPIC)).to_have_value("Hoe het meelopen was")
    else:
        pupil.get_by_label(TOPIC).fill(topic)
    pupil.get_by_role("button", name="Opslaan en verder").click()
    pupil.get_by_role("button", name="Versturen").click()
    expect(pupil.get_by_role("heading", name="Je voorbereiding is verstuurd")).to_be_visible()


def begin(mentor: Page, address: str, *, reads: str) -> None:
    """Read the pupil's page and begin the conversation."""
    mentor.goto(address)
    mentor.get_by_role("link", name="Voorbereiden").click()
    expect(mentor.get_by_text(reads).first).to_be_visible()
    mentor.get_by_role("button", name="Begin het gesprek").click()
    ready(mentor, "Eerst: Amira vertelt")


def note(mentor: Page, phase: str, kind: str, text: str) -> None:
    """Write an outcome down at a phase."""
    go_to(mentor, f"guide/{phase}")
    mentor.get_by_label(kind, exact=True).check()
    mentor.get_by_label("In de woorden van Amira").fill(text)
    mentor.get_by_role("button", name="Noteren").click()
    expect(mentor.locator("#outcomes").get_by_text(text)).to_be_visible()


def agree(mentor: Page, what: str, *, evidence: bool = False) -> None:
    """Fill the agreement in and save it."""
    mentor.get_by_label("Wat spreken jullie af?").fill(what)
    if evidence:
        mentor.get_by_label("Er hoort bewijs bij").check()
    mentor.get_by_role("button", name="Opslaan").click()
    expect(mentor.get_by_text(what).first).to_be_visible()


def close(mentor: Page, *, topic: str) -> None:
    """Close the conversation with a topic for the next."""
    go_to(mentor, "closing/")
    mentor.get_by_label("Waar wil Amira het in het volgende gesprek over hebben?").fill(topic)
    mentor.get_by_label("Mentor heeft geen afspraak: waarom niet?").fill("Amira kan het zelf")
    mentor.get_by_role("button", name="Gesprek afsluiten").click()
    expect(mentor.get_by_text("Het gesprek is afgesloten")).to_be_visible()


def card(page: Page, what: str) -> Locator:
    """The agreement, with its status."""
    heading = page.get_by_role("heading", name=what, exact=True)
    return page.get_by_role("article").filter(has=heading)


def go_to(mentor: Page, path: str) -> None:
    """Open a page of the conversation that is on."""
    found = re.match(r".*/conversations/\d+/", mentor.url)
    assert found, mentor.url
    mentor.goto(found[0] + path)
