"""The mentor writes on the laptop; the pupil's phone shows it by itself."""

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import delete

from lti_tool.models import LaunchSession, db
from tests.browser.conftest import Served
from tests.browser.test_two_rounds import (
    AMIRA,
    FIRST,
    open_in_frame,
    prepare_as_mentor,
    prepare_as_pupil,
)
from tests.support.chromium import person


@pytest.mark.row("G41")
def test_a_goal_appears_on_the_pupils_phone_by_itself(browser: Browser, served: Served) -> None:
    with person(browser, width=375, height=720) as phone, person(browser, width=1000) as laptop:
        pupil = phone.new_page()
        prepare_as_pupil(pupil, served)
        mentor = open_in_frame(laptop.new_page(), served, FIRST)
        prepare_as_mentor(mentor)
        pupil.goto(served.open_url(AMIRA, FIRST))
        expect(pupil.get_by_role("link", name="Vernieuwen")).to_be_visible()
        question = pupil.get_by_label("Heb je een eigen vraag?")
        question.press_sequentially("Moet ik ver")
        mentor.get_by_label("Doel", exact=True).fill("Een open dag kiezen")
        mentor.get_by_label("Samen", exact=True).check()
        mentor.get_by_role("button", name="Doel toevoegen").click()
        live = pupil.locator("#live")
        expect(live).to_have_attribute("hx-trigger", "every 1500ms")
        expect(live.get_by_text("Een open dag kiezen")).to_be_visible()
        expect(question).to_be_focused()
        question.press_sequentially("huizen?")
        expect(question).to_have_value("Moet ik verhuizen?")

        with served.app.app_context():
            db.session.execute(delete(LaunchSession))
            db.session.commit()
        expect(live).to_have_attribute("data-ended", "true")
