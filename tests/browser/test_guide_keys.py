"""The guide by keyboard: a whole conversation, keys that never fire in a field, focus in sight."""

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

import instrument
from tests.browser.conftest import Served
from tests.support.chromium import person
from tests.support.guide_pages import (
    ACTIVITY,
    AMIRA,
    MENTOR,
    assert_all_in_sight,
    begin,
    go_to,
    ready,
    tab_to,
)

PHASES = tuple(one.key for one in instrument.load().phases if one.groups)[:-1]
"""All with questions but the last, which has a page of its own (`closing.py`)."""


def press(page: Page, wanted: Locator, key: str = "Enter") -> None:
    tab_to(page, wanted)
    page.keyboard.press(key)


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


def test_a_whole_conversation_without_a_mouse(browser: Browser, served: Served) -> None:
    with person(browser) as context:
        page = context.new_page()
        page.goto(served.open_url(AMIRA, ACTIVITY))
        page.goto(served.open_url(MENTOR, ACTIVITY))
        press(page, page.get_by_role("link", name="Voorbereiden"))
        press(page, button(page, "Begin het gesprek"))

        ready(page, "Eerst: Amira vertelt")
        page.keyboard.press("o")
        page.keyboard.type("Weten of zorg past")
        page.keyboard.press("Tab")
        page.keyboard.press("Space")
        press(page, button(page, "Doel toevoegen"))
        expect(page.locator("#goals")).to_contain_text("Weten of zorg past")
        ready(page, "Eerst: Amira vertelt")

        page.keyboard.press("n")
        ready(page, "Ervaringen")
        page.keyboard.press("o")
        page.keyboard.type("De laatste stagedag")
        page.keyboard.press("Tab")
        page.keyboard.press("Space")
        press(page, button(page, "Ervaring noteren"))
        expect(page.locator("#experiences")).to_contain_text("De laatste stagedag")
        ready(page, "Ervaringen")

        page.keyboard.press("4")
        ready(page, "Opbrengst")
        note_outcome(page, "Ik luister goed", doubt=False)

        page.keyboard.press("n")
        ready(page, "Reflectie op motieven")
        note_outcome(page, "Of geld telt", doubt=True)
        outcomes = page.locator("#outcomes")
        press(page, outcomes.get_by_role("link", name="Maak hier een opdracht van"))
        agree(page, "Mijn oom vragen")

        expect(outcomes).to_contain_text("Opdracht: Mijn oom vragen")
        page.keyboard.press("9")
        press(page, page.get_by_role("link", name="Afspraak voor de mentor"))
        agree(page, "Een adres zoeken")
        press(page, button(page, "Gesprek afsluiten"))
        expect(page.get_by_text("Het gesprek is afgesloten")).to_be_visible()
        for text in ("Ik luister goed", "Mijn oom vragen", "Een adres zoeken"):
            expect(page.get_by_text(text).first).to_be_visible()


def note_outcome(page: Page, text: str, *, doubt: bool) -> None:
    page.keyboard.press("o")
    page.keyboard.type(text)
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Space")
    if not doubt:  # going back, the last of the two is reached first
        page.keyboard.press("ArrowLeft")
    press(page, button(page, "Noteren"))
    expect(page.locator("#outcomes")).to_contain_text(text)
    said = page.locator("#outcomes .lob-panel").filter(has_text=text)
    expect(said).to_contain_text("Twijfel" if doubt else "Benoemd")


def agree(page: Page, what: str) -> None:
    tab_to(page, page.get_by_label("Wat spreken jullie af?"))
    page.keyboard.type(what)
    press(page, button(page, "Opslaan"))
    expect(page.get_by_text(what).first).to_be_visible()


def test_questions_are_walked_ticked_and_asked_on_by_keys(browser: Browser, served: Served) -> None:
    with person(browser) as context:
        page = begin(context, served)
        go_to(page, "kwaliteiten")
        page.keyboard.press("j")
        expect(page.locator("#q-kw-v01-1")).to_be_focused()
        page.keyboard.press("j")
        second = page.locator("#q-kw-v01-2")
        expect(second).to_be_focused()
        page.keyboard.press("g")
        expect(second.locator("[aria-pressed=true]")).to_be_visible()
        page.keyboard.press("d")
        expect(second.get_by_text("Wat vind jij zelf belangrijk?")).to_be_visible()
        page.keyboard.press("k")
        expect(page.locator("#q-kw-v01-1")).to_be_focused()
        page.keyboard.press("t")
        expect(page.locator("#explanation summary")).to_be_focused()
        expect(page.locator("#explanation")).to_have_attribute("open", "")

        page.keyboard.press("w")
        expect(page.get_by_text("Vraag 1 van 14")).to_be_visible()
        ready(page, "Reflectie op kwaliteiten")
        page.keyboard.press("j")
        expect(page.get_by_text("Vraag 2 van 14")).to_be_visible()
        expect(page.locator("#one-title")).to_be_focused()
        expect(page.locator(".lob-one [aria-pressed=true]")).to_be_visible()
        page.keyboard.press("k")
        expect(page.get_by_text("Vraag 1 van 14")).to_be_visible()
        page.reload()
        expect(page.get_by_text("Vraag 1 van 14")).to_be_visible()
        ready(page, "Reflectie op kwaliteiten")

        page.keyboard.press("p")
        ready(page, "Ervaringen")
        page.keyboard.press("?")
        expect(page.get_by_role("heading", name="Weergave en toetsen")).to_be_visible()


def test_keys_never_fire_in_a_field_or_when_turned_off(browser: Browser, served: Served) -> None:
    with person(browser) as context:
        page = begin(context, served)
        go_to(page, "kwaliteiten")
        address, words = page.url, page.get_by_label("In de woorden van Amira")
        page.keyboard.press("o")
        expect(words).to_be_focused()
        page.keyboard.type("nooit opgegeven? 10 keer door!")
        expect(words).to_have_value("nooit opgegeven? 10 keer door!")
        page.keyboard.press("Escape")
        expect(page.locator("#q-kw-v01-1")).to_be_focused()
        page.keyboard.press("Control+n")
        page.keyboard.press("Alt+p")
        assert page.url == address
        page.keyboard.press("?")
        page.get_by_role("button", name="Toetsen uitzetten").click()
        expect(page.get_by_text("De toetsen staan uit")).to_be_visible()
        page.get_by_role("link", name="Terug naar het gesprek").click()
        expect(words).to_be_visible()
        for key in ("j", "n", "4", "?"):
            page.keyboard.press(key)
        expect(page.locator("body")).to_be_focused()
        assert page.url == address


def test_the_clock_counts_minutes_quietly(browser: Browser, served: Served) -> None:
    with person(browser) as context:
        page = begin(context, served)
        page.clock.install()
        go_to(page, "werk")
        clock = page.locator(".lob-clock")
        expect(clock).to_have_text("0 min")
        page.clock.run_for(12 * 60_000 + 1000)
        expect(clock).to_have_text("12 min")
        assert (
            clock.evaluate("node => node.closest('[aria-live], [role=status], [role=timer]')")
            is None
        )


@pytest.mark.row("G4")
@pytest.mark.parametrize(
    ("width", "height", "phases"),
    [
        (900, 600, PHASES),
        (375, 720, ("doel", "kwaliteiten")),
        (1280, 720, ("doel", "kwaliteiten")),
        (320, 256, ("doel", "kwaliteiten")),  # 1280x1024 at 400 % (WCAG 1.4.10)
    ],
    ids=["frame", "phone", "laptop", "zoomed in"],
)
def test_what_stays_in_view_never_covers_the_focus(
    browser: Browser, served: Served, width: int, height: int, phases: tuple[str, ...]
) -> None:
    with person(browser, width=width, height=height) as context:
        page = begin(context, served)
        page.get_by_label("Doel", exact=True).fill("Weten of zorg bij mij past")
        page.get_by_label("Samen", exact=True).check()
        page.get_by_role("button", name="Doel toevoegen").click()
        expect(page.locator("#goals")).to_contain_text("Weten of zorg")
        for phase in phases:
            go_to(page, phase)
            assert_all_in_sight(page)


@pytest.mark.row("G4")
@pytest.mark.parametrize(("width", "height"), [(900, 600), (375, 720)])
def test_the_line_that_says_what_waits_covers_no_focus_either(
    browser: Browser, served: Served, width: int, height: int
) -> None:
    with person(browser, width=width, height=height) as context:
        page = begin(context, served)
        go_to(page, "kwaliteiten")
        context.set_offline(offline=True)
        for key in ("kw-v02", "kw-v03", "kw-v04", "kw-v05", "kw-v06"):
            page.locator(f"#tick-{key}").click()
        expect(page.locator("#unsent li")).to_have_count(5)
        expect(page.locator("#guide-status")).to_be_in_viewport()
        page.locator("body").click(position={"x": 1, "y": 1})
        assert_all_in_sight(page)
