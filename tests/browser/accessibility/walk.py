"""Every page somebody can reach by clicking, once each."""

from collections import deque
from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

from flask import Flask
from playwright.sync_api import BrowserContext, Page
from werkzeug.routing import RequestRedirect
from werkzeug.exceptions import HTTPException

from tests.support.school import Visitor

SAME_PAGE = ("phase_key", "slug")
"""Parts of a path that make another page; other parts only name another record."""
ELSEWHERE = {"deep_linking.cancel"}
"""Links that lead out of the tool, back to the LMS."""
HREFS = "links => links.map(link => link.href)"


def sign_in(context: BrowserContext, visitor: Visitor, origin: str) -> None:
    """Give the browser the cookies of a visitor."""
    context.add_cookies(
        [
            {"name": cookie.key, "value": cookie.value, "url": origin + cookie.path}
            for cookie in visitor.client._cookies.values()  # noqa: SLF001
        ]
    )


def walk(page: Page, app: Flask, origin: str, begin: str) -> Iterator[str]:
    """Go to each kind of page below the session of `begin`, and yield its name while there."""
    root = "/".join(begin.split("/")[:3])
    seen: set[str] = set()
    queue = deque([origin + begin])
    while queue:
        address = queue.popleft()
        kind = kind_of(app, address)
        if kind is None or kind in seen:
            continue
        seen.add(kind)
        answer = page.goto(address)
        assert answer is not None
        assert answer.ok, (address, answer.status)
        arrived = kind_of(app, page.url)
        assert arrived is not None, page.url
        if arrived == kind or arrived not in seen:
            seen.add(arrived)
            yield arrived
        links = page.locator("a[href]:not([download])").evaluate_all(HREFS)
        queue.extend(
            link
            for link in (urljoin(page.url, one).partition("#")[0] for one in links)
            if link.startswith(f"{origin}{root}/")
        )


def kind_of(app: Flask, address: str) -> str | None:
    """The endpoint of an address with what makes it another page; None for one that is no page."""
    parts = urlsplit(address)
    try:
        endpoint, values = app.url_map.bind("").match(parts.path)
    except (HTTPException, RequestRedirect):
        return None
    if endpoint in ELSEWHERE:
        return None
    chosen = [str(values[name]) for name in SAME_PAGE if name in values]
    return " ".join([endpoint, *chosen])
