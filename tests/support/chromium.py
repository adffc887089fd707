"""Debian's Chromium, driven by Playwright, watched for errors and for strangers on the network."""

import json
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Request,
    expect,
    sync_playwright,
)

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
]
PATIENCE = 20_000
"""Milliseconds until a page that does not show what is expected has failed: a busy machine is slow,
and a test that succeeds never waits for it."""
expect.set_options(timeout=PATIENCE)
LOOPBACK = {"127.0.0.1", "localhost"}
EXPECTED = (
    "net::ERR_INTERNET_DISCONNECTED",
    "htmx:sendError",
    "htmx:afterRequest",
    "status of 401",
    "Status Error Code 401",
    "status of 409",
    "status of 422",
    "Blocked autofocusing",
)
"""What the console says when a test itself cuts the line or has something refused; and that
`autofocus`, there for people without JavaScript, does not work in a stranger's frame."""


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start the browser; `make test` installs it."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program("chromium-headless-shell", "chromium"), args=ARGUMENTS
        )
        yield browser
        browser.close()


def program(*names: str) -> str:
    """Where the first of these is that this machine has.

    The headless shell is the same engine without windows to draw, which takes half the time; it has
    no settings of a person, such as who may leave cookies.
    """
    found = next(filter(None, map(shutil.which, names)), None)
    if found is None:
        raise RuntimeError("Chromium is missing; `make test` installs it")
    return found


@contextmanager
def person(browser: Browser, *, width: int = 1280, height: int = 800) -> Iterator[BrowserContext]:
    """A browser of one person; fails at the end when a page complained or called a stranger."""
    context = browser.new_context(viewport={"width": width, "height": height}, locale="nl-NL")
    with watched(context), closing(context):
        yield context


@contextmanager
def profile(
    browser: Browser, folder: Path, preferences: dict[str, Any]
) -> Iterator[BrowserContext]:
    """A browser of one person who changed its settings; watched like any other."""
    (folder / "Default").mkdir(parents=True)
    (folder / "Default" / "Preferences").write_text(json.dumps(preferences), encoding="utf-8")
    context = browser.browser_type.launch_persistent_context(
        folder, executable_path=program("chromium"), args=ARGUMENTS, locale="nl-NL"
    )
    with watched(context), closing(context):
        yield context


@contextmanager
def watched(context: BrowserContext) -> Iterator[None]:
    """Fail at the end when a page complained or called a stranger."""
    context.set_default_timeout(PATIENCE)
    complaints: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type == "error" and not any(one in message.text for one in EXPECTED):
            complaints.append(message.text)

    def watch(request: Request) -> None:
        if urlsplit(request.url).hostname not in LOOPBACK:
            complaints.append(f"asked for {request.url}")

    context.on("console", hear)
    context.on("weberror", lambda error: complaints.append(str(error.error)))
    context.on("request", watch)
    yield
    assert not complaints, complaints
