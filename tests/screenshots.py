"""The README's pictures: `make screenshots` invents the school anew and looks at it.

The demo with its seed is started in an empty folder, a browser opens the tool from the LMS as a
pupil and as a mentor, in both looks, and the demo is stopped. The same seed gives the same people.
"""

import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page

from tests.support.chromium import chromium, person
from tests.support.postgres import free_port

FOLDER = Path(__file__).parents[1] / "config" / "screenshots"
LOOKS = ("light", "dark")
LAPTOP, PHONE = (1280, 800), (390, 760)
PUPIL, ADMINISTRATOR, ROUND, COURSE = "4", "2", "19", "7"
"""Of the demo's class: Amira, the administrator, this spring's conversations."""


def main() -> int:
    """Take them all."""
    FOLDER.mkdir(exist_ok=True)
    with demo() as lms, chromium() as browser:
        for look in LOOKS:
            take(browser, lms, look)
    return 0


@contextmanager
def demo() -> Iterator[str]:
    """Serve the demo with years behind it; give the address of its LMS."""
    port, lms_port = free_port(), free_port()
    command = [sys.executable, "-m", "lti_tool.commands", "demo", "--seed"]
    command += ["--port", str(port), "--lms-port", str(lms_port)]
    with tempfile.TemporaryDirectory() as folder:
        process = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, text=True)
        try:
            assert process.stdout
            opened = next(line for line in process.stdout if line.startswith("Open http"))
            yield opened.split()[1].rstrip("/")
        finally:
            process.terminate()
            process.wait(timeout=30)


def take(browser: Browser, lms: str, look: str) -> None:
    """Look as a pupil on a phone, and as a mentor on a laptop."""

    def opened(
        page: Page,
        who: str,
        course: str = COURSE,
        activity: str = ROUND,
        ready: str = ".lob-header__course",
    ) -> None:
        page.emulate_media(color_scheme="dark" if look == "dark" else "light")
        page.goto(
            f"{lms}/open?person={who}&activity={activity}&pane=left&target=window&course={course}"
        )
        page.locator(ready).wait_for()

    def keep(page: Page, name: str) -> None:
        page.screenshot(path=FOLDER / f"{name}-{look}.png")

    with person(browser, width=PHONE[0], height=PHONE[1]) as context:
        page = context.new_page()
        opened(page, PUPIL)
        keep(page, "pupil")
    with person(browser, width=LAPTOP[0], height=LAPTOP[1]) as context:
        page = context.new_page()
        opened(page, ADMINISTRATOR, ready=".lob-checks")
        keep(page, "administration")
        page.goto(lms)
        seeded = page.get_by_role("link", name=re.compile("^Naar ")).first
        course = re.search(r"course=([^&]+)", seeded.get_attribute("href") or "")
        assert course
        seeded.click()
        mentor = page.locator("select[name=left] option", has_text="(mentor)").first
        activity = page.locator("select[name=left_activity] option").nth(-2)
        opened(
            page,
            mentor.get_attribute("value") or "",
            course[1],
            activity.get_attribute("value") or "",
        )
        keep(page, "class")
        pupils = page.get_by_role("table", name="Leerlingen")
        pupils.locator("tbody th a").first.click()
        page.locator(".lob-timeline").wait_for()
        keep(page, "years")
        page.go_back()
        pupils.get_by_role("link", name="Voorbereiden").first.click()
        page.get_by_role("button", name="Begin het gesprek").click()
        page.goto(page.url.replace("/guide/doel", "/guide/kwaliteiten"))
        page.locator(".lob-question").first.wait_for()
        keep(page, "guide")


if __name__ == "__main__":
    raise SystemExit(main())
