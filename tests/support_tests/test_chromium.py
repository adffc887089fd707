"""A page that asks something of a stranger fails its test, and the stranger hears nothing."""

import pytest
from playwright.sync_api import Browser

from tests.support.chromium import chromium, person


def test_a_page_that_calls_a_stranger_is_found_out() -> None:
    with (
        chromium() as browser,
        pytest.raises(AssertionError, match=r"asked for https://elders\.example/x\.png"),
    ):
        call_a_stranger(browser)


def call_a_stranger(browser: Browser) -> None:
    """A picture from elsewhere, on a page of a person."""
    with person(browser) as context:
        page = context.new_page()
        with page.expect_event("requestfailed") as failed:
            page.set_content('<img src="https://elders.example/x.png" alt="">')
        assert failed.value.failure == "net::ERR_NAME_NOT_RESOLVED"
