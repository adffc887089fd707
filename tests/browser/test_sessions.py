"""A session in a frame, whatever the browser keeps: cookies, storage, or nothing at all.

Each setting opens the tool in the LMS's frame as a pupil, types, reloads, and finds the text.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Frame, Page, expect
from sqlalchemy import delete, select

from lti_tool.demo.storage import TARGET
from lti_tool.models import LaunchSession, Proof, db
from tests.browser.conftest import BOTH, Served, serve
from tests.support.chromium import profile

AMIRA, DAAN, FIRST = "4", "5", "12"
GOAL = "Wat is voor jou het doel van het gesprek?"
Setting = Callable[[Browser, Served, Path], AbstractContextManager[BrowserContext]]


def everything_allowed(
    browser: Browser, _served: Served, folder: Path
) -> AbstractContextManager[BrowserContext]:
    """Chromium's own setting: allow third-party cookies, and with them storage in frames."""
    return profile(browser, folder, {"profile": {"cookie_controls_mode": 0}})


def no_third_party_cookies(
    browser: Browser, _served: Served, folder: Path
) -> AbstractContextManager[BrowserContext]:
    """Chromium's own setting: block third-party cookies, and with them storage in frames."""
    return profile(browser, folder, {"profile": {"cookie_controls_mode": 1}})


def nothing_in_this_frame(
    browser: Browser, served: Served, folder: Path
) -> AbstractContextManager[BrowserContext]:
    """Chromium's own setting: the tool may keep nothing inside the LMS, cookies nor storage."""
    pair = f"{served.tool_url},{served.lms_url}"
    exceptions = {"cookies": {pair: {"setting": 2}}}
    settings: dict[str, Any] = {"profile": {"content_settings": {"exceptions": exceptions}}}
    return profile(browser, folder, settings)


SETTINGS: dict[str, tuple[Setting, dict[str, Any], Proof]] = {
    "everything-allowed": (everything_allowed, {}, Proof.COOKIE),
    "no-third-party-cookies": (no_third_party_cookies, {}, Proof.COOKIE),
    "platform-storage": (
        no_third_party_cookies,
        {"storage_target": TARGET, "cookies_in_frames": False},
        Proof.PLATFORM_STORAGE,
    ),
    "platform-that-never-answers": (
        everything_allowed,
        {"storage_target": "nobody", "cookies_in_frames": False},
        Proof.FRAME_STORAGE,
    ),
    "frame-storage": (everything_allowed, {"cookies_in_frames": False}, Proof.FRAME_STORAGE),
    "new-tab": (nothing_in_this_frame, {}, Proof.NEW_TAB),
}


COOKIES = ("everything-allowed", "no-third-party-cookies")


@contextmanager
def browsing(
    browser: Browser, address: str, folder: Path, name: str
) -> Iterator[tuple[Served, BrowserContext]]:
    """A tool with its LMS, and a browser with one of the settings."""
    setting, options, _proof = SETTINGS[name]
    with serve(address, **options) as served, setting(browser, served, folder) as context:
        yield served, context


@contextmanager
def opened(
    browser: Browser, address: str, folder: Path, name: str
) -> Iterator[tuple[Served, BrowserContext, Page]]:
    """The LMS's page with Amira in the right frame, in a browser with one of the settings."""
    with browsing(browser, address, folder, name) as (served, context):
        page = context.new_page()
        page.goto(course_page(served, AMIRA))
        yield served, context, page


def course_page(served: Served, right: str, left: str = DAAN) -> str:
    """The LMS's address that shows two pupils beside each other."""
    return (
        f"{served.lms_url}/?left={left}&left_activity={FIRST}&right={right}&right_activity={FIRST}"
    )


def tool_frame(page: Page, number: int = 1) -> Frame:
    """The tool in the left (0) or right (1) frame."""
    handle = page.locator("section iframe").nth(number).element_handle()
    assert handle is not None
    frame = handle.content_frame()
    assert frame is not None
    return frame


def proofs(served: Served) -> set[Proof]:
    """How the sessions of this tool came to be."""
    with served.app.app_context():
        return set(db.session.scalars(select(LaunchSession.proof)))


@pytest.mark.parametrize("name", SETTINGS)
def test_what_a_pupil_types_is_there_after_a_reload(
    browser: Browser, address: str, tmp_path: Path, name: str
) -> None:
    with opened(browser, address, tmp_path / "profile", name) as (served, context, page):
        place: Frame | Page = tool_frame(page)
        if name == "new-tab":
            with context.expect_page() as tab:
                place.get_by_role("link", name="Open in een nieuw tabblad").click()
            place = tab.value
            expect(place.get_by_text("Je opent dit als Amira Benali")).to_be_visible()
            place.get_by_role("button", name="Ja, dat ben ik").click()
        place.get_by_label(GOAL).fill("Weten of zorg bij mij past")
        expect(place.get_by_text("Opgeslagen om")).to_be_visible()
        place.evaluate("location.reload()")
        expect(place.get_by_label(GOAL)).to_have_value("Weten of zorg bij mij past")
        assert proofs(served) == {SETTINGS[name][2]}


def test_the_setting_really_blocks_third_party_cookies(
    browser: Browser, address: str, tmp_path: Path
) -> None:
    seen = {}
    for name in ("everything-allowed", "no-third-party-cookies"):
        with opened(browser, address, tmp_path / name, name) as (_served, _context, page):
            frame = tool_frame(page)
            expect(frame.get_by_label(GOAL)).to_be_visible()
            frame.evaluate("document.cookie = 'plain=1; SameSite=None; Secure'")
            seen[name] = "plain=1" in frame.evaluate("document.cookie")
    assert seen == {"everything-allowed": True, "no-third-party-cookies": False}


@BOTH
@pytest.mark.parametrize("name", COOKIES)
def test_two_people_beside_each_other_never_mix(
    browser: Browser, address: str, tmp_path: Path, name: str
) -> None:
    with browsing(browser, address, tmp_path / "profile", name) as (served, context):
        page, other = context.new_page(), context.new_page()
        page.goto(course_page(served, left=DAAN, right=AMIRA))
        other.goto(course_page(served, left=AMIRA, right=DAAN))
        for place, text in ((page, "Van Amira"), (other, "Van Daan")):
            frame = tool_frame(place)
            frame.get_by_label(GOAL).fill(text)
            expect(frame.get_by_text("Opgeslagen om")).to_be_visible()
        for place, text in ((page, "Van Amira"), (other, "Van Daan")):
            twin = other if place is page else page
            for number, tab in ((1, place), (0, twin)):
                tab.reload()
                expect(tool_frame(tab, number).get_by_label(GOAL)).to_have_value(text)


@pytest.mark.parametrize("name", COOKIES)
def test_back_and_forward_and_a_double_click(
    browser: Browser, address: str, tmp_path: Path, name: str
) -> None:
    with browsing(browser, address, tmp_path / "profile", name) as (served, context):
        page = context.new_page()
        page.goto(f"{served.lms_url}/")
        page.goto(served.open_url(AMIRA, FIRST))
        page.get_by_label(GOAL).fill("Een doel")
        page.get_by_role("button", name="Opslaan en verder").click()
        topic = page.get_by_label("Waar wil jij dat het gesprek in ieder geval over gaat?")
        expect(topic).to_be_visible()
        page.go_back()
        expect(page.get_by_label(GOAL)).to_have_value("Een doel")
        page.go_forward()
        expect(topic).to_be_visible()
        page.go_back()
        page.go_back()
        page.wait_for_url(f"{served.lms_url}/**")
        page.goto(f"{served.lms_url}/?right={AMIRA}&right_activity={FIRST}")
        page.get_by_role("button", name="Open").nth(1).dblclick()
        expect(
            page.frame_locator("section iframe").nth(1).get_by_text("Stap 2 van 3")
        ).to_be_visible()


@pytest.mark.parametrize("name", COOKIES)
def test_a_session_that_ends_in_the_frame_keeps_what_is_typed(
    browser: Browser, address: str, tmp_path: Path, name: str
) -> None:
    with opened(browser, address, tmp_path / "profile", name) as (served, _context, page):
        frame = tool_frame(page)
        frame.get_by_label(GOAL).fill("Eerste zin.")
        expect(frame.get_by_text("Opgeslagen om")).to_be_visible()
        with served.app.app_context():
            db.session.execute(delete(LaunchSession))
            db.session.commit()
        frame.get_by_label(GOAL).fill("Eerste zin. Tweede zin.")
        keeps = name == "everything-allowed"  # else the browser keeps nothing of a frame
        words = "Je tekst is op dit apparaat bewaard" if keeps else "Kopieer eerst je tekst"
        expect(frame.get_by_text("Je sessie is afgelopen").first).to_contain_text(words)
        expect(frame.get_by_label(GOAL)).to_have_value("Eerste zin. Tweede zin.")
        if keeps:
            page.reload()
            again = tool_frame(page).get_by_label(GOAL)
            expect(again).to_have_value("Eerste zin. Tweede zin.")
