"""The mentor offers times in the LMS's frame; a pupil picks one on a phone, in two taps."""

import re
from datetime import timedelta

from playwright.sync_api import Browser, expect

from lti_tool.times import today
from tests.browser.conftest import Served
from tests.browser.test_two_rounds import AMIRA, FIRST, open_in_frame
from tests.support.chromium import person


def test_two_taps_on_a_phone(browser: Browser, served: Served) -> None:
    with served.app.app_context():
        next_week = today() + timedelta(days=7)
    with person(browser, width=375, height=720) as phone, person(browser, width=1000) as laptop:
        mentor = open_in_frame(laptop.new_page(), served, FIRST)
        mentor.get_by_role("link", name="Tijden voor gesprekken").click()
        mentor.get_by_role("link", name="Tijden aanbieden").click()
        mentor.get_by_label("Datum").fill(next_week.isoformat())
        mentor.get_by_label("Eerste gesprek begint om").fill("09:00")
        mentor.get_by_label("Laatste gesprek is klaar om").fill("12:00")
        mentor.get_by_label("Plaats").fill("lokaal 2.14")
        mentor.get_by_role("button", name="Bekijk de tijden").click()
        mentor.get_by_role("button", name="Aanbieden").click()
        expect(mentor.get_by_text("Weghalen")).to_have_count(5)

        pupil = phone.new_page()
        pupil.goto(served.open_url(AMIRA, FIRST))
        pupil.get_by_role("link", name="Kies een tijd voor je gesprek").click()
        free = pupil.get_by_role("link", name=re.compile(r", \d\d:\d\d$"))
        expect(free).to_have_count(5)
        free.nth(1).click()
        pupil.get_by_role("button", name="Ja, kies deze tijd").click()
        expect(pupil.get_by_role("heading", name="Je gesprek", exact=True)).to_be_visible()
        expect(pupil.get_by_text("09:35 tot 10:05 uur")).to_be_visible()
        with pupil.expect_download() as download:
            pupil.get_by_role("link", name="Zet in je agenda (.ics)").click()
        assert download.value.suggested_filename == "gesprek.ics"
