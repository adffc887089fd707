"""Two rounds in Chromium: the mentor in the LMS's frame on a laptop, the pupil on a phone."""

from playwright.sync_api import Browser, FrameLocator, Page, expect

from tests.browser.conftest import BOTH, Served
from tests.support.chromium import person

pytestmark = BOTH

MENTOR, AMIRA, FIRST, SECOND = "3", "4", "12", "19"


def test_what_was_agreed_comes_back(browser: Browser, served: Served) -> None:
    with person(browser, width=375, height=720) as phone, person(browser, width=1000) as laptop:
        pupil, lms = phone.new_page(), laptop.new_page()
        prepare_as_pupil(pupil, served)
        mentor = open_in_frame(lms, served, FIRST)
        prepare_as_mentor(mentor)
        hold(mentor)
        close(mentor)
        see_the_result(pupil, served)

        pupil.goto(served.open_url(AMIRA, SECOND))
        expect(pupil.get_by_role("heading", name="Terugkijken")).to_be_visible()
        expect(pupil.get_by_text("Een middag meelopen")).to_be_visible()
        pupil.get_by_role("button", name="Verder").click()
        pupil.get_by_role("button", name="Weet ik nog niet").click()
        topic = pupil.get_by_label("Waar wil jij dat het gesprek in ieder geval over gaat?")
        expect(topic).to_have_value("Hoe het meelopen was")
        pupil.get_by_role("button", name="Opslaan en verder").click()
        pupil.get_by_role("button", name="Versturen").click()

        mentor = open_in_frame(lms, served, SECOND)
        mentor.get_by_role("link", name="Voorbereiden").click()
        expect(mentor.get_by_role("heading", name="Vorig gesprek")).to_be_visible()
        expect(mentor.get_by_text("Een middag meelopen")).to_be_visible()
        expect(mentor.get_by_text("Alleen voor mij")).to_be_visible()
        mentor.get_by_role("button", name="Begin het gesprek").click()
        mentor.get_by_role("link", name="Reflectie op motieven").click()
        expect(mentor.get_by_text("Vorige keer nog een twijfel")).to_be_visible()
        mentor.get_by_role("button", name="Uitgezocht").click()
        expect(mentor.get_by_text("Vorige keer nog een twijfel")).to_be_hidden()


def prepare_as_pupil(pupil: Page, served: Served) -> None:
    """The form: goal, subject, check, send; autosave says that it saved."""
    pupil.goto(served.open_url(AMIRA, FIRST))
    goal = pupil.get_by_label("Wat is voor jou het doel van het gesprek?")
    goal.fill("Weten of zorg bij mij past")
    expect(pupil.get_by_text("Opgeslagen om")).to_be_visible()
    pupil.reload()
    expect(goal).to_have_value("Weten of zorg bij mij past")
    pupil.get_by_role("button", name="Opslaan en verder").click()
    topic = pupil.get_by_label("Waar wil jij dat het gesprek in ieder geval over gaat?")
    topic.fill("Mijn stage")
    pupil.get_by_role("button", name="Opslaan en verder").click()
    expect(pupil.get_by_text("Je vertelt dit zelf aan het begin van het gesprek")).to_be_visible()
    pupil.get_by_role("button", name="Versturen").click()
    expect(pupil.get_by_role("heading", name="Je voorbereiding is verstuurd")).to_be_visible()


def open_in_frame(lms: Page, served: Served, activity: str) -> FrameLocator:
    """Open the course page of the LMS with the mentor in its left frame."""
    lms.goto(f"{served.lms_url}/?left={MENTOR}&left_activity={activity}")
    return lms.frame_locator("iframe").first


def prepare_as_mentor(mentor: FrameLocator) -> None:
    """Goal, choices, share, start."""
    expect(mentor.get_by_text("Verstuurd", exact=True)).to_be_visible()
    mentor.get_by_role("link", name="Voorbereiden").click()
    expect(mentor.get_by_text("Weten of zorg bij mij past")).to_be_visible()
    mentor.get_by_label("Wat is voor jou het doel van het gesprek?").fill("Horen over de stage")
    mentor.get_by_label("Begeleiding", exact=True).check()
    mentor.get_by_role("button", name="Delen met Amira").click()
    expect(mentor.get_by_text("Klaar: gedeeld op")).to_be_visible()
    mentor.get_by_role("button", name="Begin het gesprek").click()
    expect(mentor.get_by_role("heading", name="Eerst: Amira vertelt")).to_be_visible()


def hold(mentor: FrameLocator) -> None:
    """Goals, a named quality, a doubt, a private note that saves itself."""
    mentor.get_by_role("link", name="Neem over van Amira").click()
    expect(mentor.get_by_label("Doel", exact=True)).to_have_value("Weten of zorg bij mij past")
    mentor.get_by_role("button", name="Doel toevoegen").click()
    turn_to(mentor, "Reflectie op kwaliteiten")
    mentor.get_by_label("Benoemd").check()
    mentor.get_by_label("In de woorden van Amira").fill("Ik blijf rustig")
    mentor.get_by_label("Zo gezegd door Amira").check()
    mentor.get_by_role("button", name="Noteren").click()
    expect(mentor.get_by_text("zo gezegd door Amira", exact=True)).to_be_visible()
    mentor.get_by_role("button", name="Gesteld?").first.click()
    expect(mentor.get_by_role("button", name="Gesteld ✓")).to_be_visible()
    mentor.get_by_label("Privé-aantekening").fill("Alleen voor mij")
    expect(mentor.get_by_text("Opgeslagen om")).to_be_visible()
    turn_to(mentor, "Reflectie op motieven")
    mentor.get_by_label("Twijfel").check()
    mentor.get_by_label("In de woorden van Amira").fill("Of ik druk werk aankan")
    mentor.get_by_role("button", name="Noteren").click()
    expect(mentor.get_by_text("Of ik druk werk aankan").first).to_be_visible()


def turn_to(mentor: FrameLocator, phase: str) -> None:
    """Go to a phase and wait for it: the fields of the one before have the same labels."""
    mentor.get_by_role("link", name=phase).first.click()
    expect(mentor.get_by_role("heading", name=phase, exact=True)).to_be_visible()


def close(mentor: FrameLocator) -> None:
    """Nobody leaves without an agreement or a reason."""
    mentor.get_by_role("link", name="Afronding").first.click()
    mentor.get_by_label("Waar wil Amira het in het volgende gesprek over hebben?").fill(
        "Hoe het meelopen was"
    )
    mentor.get_by_role("button", name="Gesprek afsluiten").click()
    expect(mentor.locator("#error-summary")).to_be_focused()
    mentor.get_by_role("link", name="Afspraak voor Amira").click()
    mentor.get_by_label("Wat spreken jullie af?").fill("Een middag meelopen")
    mentor.get_by_label("Wanneer is het klaar?").fill("2027-03-01")
    mentor.get_by_role("button", name="Opslaan").click()
    mentor.get_by_label("Mentor heeft geen afspraak: waarom niet?").fill("Amira kan het zelf")
    mentor.get_by_role("button", name="Gesprek afsluiten").click()
    expect(mentor.get_by_text("Het gesprek is afgesloten")).to_be_visible()


def see_the_result(pupil: Page, served: Served) -> None:
    """The pupil sees it at once, without what is private, and answers on the phone."""
    pupil.goto(served.open_url(AMIRA, FIRST))
    expect(pupil.get_by_text("Een middag meelopen")).to_be_visible()
    expect(pupil.get_by_text("Ik blijf rustig")).to_be_visible()
    expect(pupil.get_by_text("Alleen voor mij")).to_have_count(0)
    pupil.get_by_label("Hoe vond je de sfeer in het gesprek?").fill("Gezellig")
    expect(pupil.get_by_text("Opgeslagen om")).to_be_visible()
