"""The registration in the LMS's frame: third-party cookies blocked or not, nothing needs one."""

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import select

from lti_tool.models import Registration, db
from lti_tool.registration_links import new_link
from tests.browser.conftest import BOTH, Served
from tests.support.chromium import person

pytestmark = BOTH


@pytest.mark.parametrize("javascript", [True, False])
def test_an_administrator_adds_the_tool_in_a_frame(
    browser: Browser, served: Served, javascript: bool
) -> None:
    with served.app.app_context():
        link = new_link(name="Het Voorbeeldcollege")
    with person(browser) as context:
        page = context.new_page()
        if not javascript:
            context.route(
                f"{served.tool_url}/**/*.js",
                lambda route: route.fulfill(content_type="text/javascript"),
            )
        page.goto(f"{served.lms_url}/tools")
        page.get_by_label("Registratielink").fill(link)
        page.get_by_role("button", name="Tool toevoegen").click()
        frame = page.frame_locator("iframe")
        expect(frame.get_by_role("heading", level=1)).to_have_text("Loopbaangesprek koppelen")
        frame.get_by_role("button", name="Koppelen").click()
        expect(frame.get_by_role("heading", level=1)).to_have_text(
            "Gekoppeld, nog één stap te gaan"
        )
        close = frame.get_by_role("button", name="Sluiten")
        if javascript:
            close.click()
        else:
            expect(close).to_be_hidden()
            expect(frame.get_by_text("Je kunt dit venster nu sluiten.")).to_be_visible()
            page.get_by_role("link", name="Terug naar de externe tools").click()
        page.get_by_role("button", name="Activate").click()
        with page.expect_popup() as opened:
            page.get_by_role("link", name="Open als Marleen Hoekstra").click()
        expect(opened.value.get_by_role("heading", level=1)).to_contain_text("voorjaar")
        assert not [one for one in context.cookies() if "/lti/register" in one["path"]]
    with served.app.app_context():
        names = db.session.scalars(select(Registration.name).order_by(Registration.id)).all()
    assert names[-1] == "Het Voorbeeldcollege"
