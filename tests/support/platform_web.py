"""A platform's web as the tool meets it: tokens, and whatever answers a test lays down.

`tests/exchanges/` holds what a real Moodle answered, and the shape of Canvas' roster.
"""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import jwt
import requests
import responses

FOLDER = Path(__file__).parents[1] / "exchanges"
MOODLE = "http://localhost:8080/mod/lti"
TOKEN_URL = f"{MOODLE}/token.php"
ROSTER_URL = f"{MOODLE}/services.php/CourseSection/2/bindings/1/memberships"
LINE_ITEMS_URL = f"{MOODLE}/services.php/2/lineitems?type_id=1"
LINE_ITEM_URL = f"{MOODLE}/services.php/2/lineitems/2/lineitem?type_id=1"
SCORES_URL = f"{MOODLE}/services.php/2/lineitems/2/lineitem/scores?type_id=1"
AGS = "https://purl.imsglobal.org/spec/lti-ags/scope/"
GRADE_SCOPES = [AGS + "lineitem", AGS + "score"]
HTML = "<html><body>Onderhoud</body></html>"


def exchange(file: str, name: str) -> dict[str, Any]:
    """The response of one recorded exchange."""
    data = json.loads((FOLDER / f"{file}.json").read_text("utf-8"))
    found: dict[str, Any] = next(one for one in data["exchanges"] if one["name"] == name)
    return found


@dataclass
class Said:
    """One answer: a status with a body, or an exception instead."""

    body: Any = ""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    error: Exception | None = None


@dataclass
class Web:
    """Answers by method and full address; the last one of a list is repeated."""

    token_url: str = TOKEN_URL
    answers: dict[tuple[str, str], list[Said]] = field(default_factory=dict)
    asked: list[requests.PreparedRequest] = field(default_factory=list)

    def say(self, method: str, address: str, *said: Said) -> None:
        """Lay down what this address answers, in turn."""
        self.answers[method, address] = list(said)

    def replay(self, file: str, name: str) -> None:
        """Lay down a recorded exchange."""
        one = exchange(file, name)
        answer = one["response"]
        headers = {
            key: as_sent(value)
            for key, value in answer["headers"].items()
            if key in {"Content-Type", "Link"}
        }
        said = Said(answer["body"], answer["status"], headers)
        self.say(one["request"]["method"], one["request"]["url"], said)

    def tokens(self, *said: Said) -> None:
        """Lay down what the token address answers."""
        self.say("POST", self.token_url, *said)

    def calls(self, method: str, address: str) -> list[requests.PreparedRequest]:
        """What was asked of one address."""
        return [one for one in self.asked if (one.method, one.url) == (method, address)]

    def assertions(self) -> list[dict[str, Any]]:
        """Header and claims of every client assertion."""
        found = []
        for one in self.calls("POST", self.token_url):
            sent = parse_qs(str(one.body))["client_assertion"][0]
            claims = jwt.decode(sent, options={"verify_signature": False})
            found.append({"header": jwt.get_unverified_header(sent), "claims": claims})
        return found

    def answer(self, request: requests.PreparedRequest) -> tuple[int, dict[str, str], str]:
        """Answer one request; an address without an answer fails the test."""
        self.asked.append(request)
        laid_down = self.answers.get((str(request.method), str(request.url)))
        if laid_down is None and request.url == self.token_url:
            laid_down = [granted(parse_qs(str(request.body))["scope"][0])]
        assert laid_down, f"nobody answers {request.method} {request.url}"
        said = laid_down.pop(0) if len(laid_down) > 1 else laid_down[0]
        if said.error:
            raise said.error
        body = said.body if isinstance(said.body, str) else json.dumps(said.body)
        return said.status, said.headers, body


def as_sent(header: str) -> str:
    """A header's UTF-8 as HTTP libraries hand it over: as Latin-1."""
    return header.encode().decode("latin-1")


def granted(scope: str, *, seconds: object = 3600, value: str = "one") -> Said:
    """A token answer as Moodle gives it: JSON called text/html."""
    body = {"access_token": value, "token_type": "Bearer", "expires_in": seconds, "scope": scope}
    return Said(body, headers={"Content-Type": "text/html; charset=utf-8"})


@contextmanager
def platform_web(token_url: str = TOKEN_URL) -> Iterator[Web]:
    """Catch every request of this block."""
    web = Web(token_url)
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        for method in ("GET", "POST", "PUT", "DELETE"):
            mock.add_callback(method, re.compile(".*"), callback=web.answer)
        yield web
