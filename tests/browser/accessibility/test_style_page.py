"""`/stijl` holds every component in every state: axe looks at all of them there, in both looks."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from lti_tool import create_app
from lti_tool.demo.style_page import style_page
from tests.conftest import make_settings
from tests.support.postgres import free_port
from tests.support.serving import listening
from tests.support.tools import let_go


@pytest.mark.parametrize("look", ["light", "dark"])
def test_every_component_in_every_state(tmp_path: Path, browser: Browser, look: str) -> None:
    tool = create_app(make_settings(f"sqlite:///{tmp_path / 'lob.sqlite3'}"))
    tool.register_blueprint(style_page)
    port = free_port()
    with listening("127.0.0.1", port, tool):
        context = browser.new_context(color_scheme="dark" if look == "dark" else "light")
        page = context.new_page()
        page.goto(f"http://127.0.0.1:{port}/stijl")
        found = Axe().run(page)
        context.close()
    let_go(tool)
    assert not found.response["violations"], found.generate_report()
