"""Every page somebody can reach by clicking, once each."""

from collections import deque
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import urldefrag, urlsplit

from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

from tests.support.pages import Page, parsed
from tests.support.school import Visitor

SAME_PAGE = ("phase_key", "slug")
"""Parts of a path that make another page; other parts only name another record."""
ELSEWHERE = {"deep_linking.cancel"}
"""Links that lead out of the tool, back to the LMS."""


class Found(NamedTuple):
    """A page that was reached: of which kind, by which path, and as it came."""

    kind: str
    path: str
    answer: TestResponse


def walk(app: Flask, visitor: Visitor, begin: str = "/", *, files: bool = False) -> Iterator[Found]:
    """Each page below a session, from `begin` on by following links.

    With `files` what is downloaded as well; each is fetched either way.
    """
    seen: set[str] = set()
    queue = deque([visitor.root + begin])
    while queue:
        path = queue.popleft()
        if not (kind := kind_of(app, path)) or kind in seen:
            continue
        answer = visitor.get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        arrived = answer.request.path
        seen |= {kind, kind_of(app, arrived)}
        if answer.mimetype != "text/html":
            if files:
                yield Found(kind, path, answer)
            continue
        yield Found(kind_of(app, arrived), path, answer)
        links = Page(parsed(answer.text)).all("a")
        targets = (urldefrag(one.attrib.get("href", "")).url for one in links)
        queue.extend(one for one in targets if one.startswith(visitor.root + "/"))


def kind_of(app: Flask, address: str) -> str:
    """The endpoint of an address with what makes it another page; "" for one that is no page."""
    try:
        endpoint, values = app.url_map.bind("").match(urlsplit(address).path)
    except HTTPException:
        return ""
    if endpoint in ELSEWHERE:
        return ""
    return " ".join([endpoint, *(str(values[name]) for name in SAME_PAGE if name in values)])
