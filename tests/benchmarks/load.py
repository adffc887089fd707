"""Launches at a number at once: login, signed token, launch, page; each by a browser of its own.

A launch's time is the sum of the tool's answers: what our own signing takes is not in it.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.benchmarks.browser import Answer, Browser
from tests.benchmarks.people import CLIENT_ID, DEPLOYMENT_ID, Person
from tests.benchmarks.platform_stub import KID

REDIRECTS = frozenset({301, 302, 303})
MOST_REDIRECTS = 5


class LaunchFailed(Exception):
    """A launch that did not end on the person's page."""


@dataclass(frozen=True)
class Target:
    """Where a tool listens."""

    login: str
    launch: str


@dataclass
class Outcome:
    """What a phase gave. Times in seconds."""

    seconds: float = 0.0
    times: list[float] = field(default_factory=list)
    requests: int = 0
    failures: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class Platform:
    """Who signs."""

    issuer: str
    key: rsa.RSAPrivateKey

    def token(self, person: Person, nonce: str, target: str) -> str:
        """A signed id_token."""
        claims = person.claims(issuer=self.issuer, nonce=nonce, target=target)
        return jwt.encode(claims, self.key, algorithm="RS256", headers={"kid": KID})


async def launch(platform: Platform, target: Target, person: Person) -> list[Answer]:
    """Launch once; return the tool's answers. Raises LaunchFailed."""
    parts = urlsplit(target.login)
    async with Browser(parts.hostname or "", parts.port or 0) as browser:
        query = {
            "iss": platform.issuer,
            "client_id": CLIENT_ID,
            "login_hint": str(person.number),
            "lti_message_hint": f'{{"cmid":{person.course}}}',
            "lti_deployment_id": DEPLOYMENT_ID,
            "target_link_uri": target.launch,
        }
        answer = await browser.ask("POST", target.login, urlencode(query).encode())
        asked = dict(parse_qsl(urlsplit(answer.headers.get("location", "")).query))
        if answer.status not in REDIRECTS or "nonce" not in asked:
            raise LaunchFailed(f"login answered {answer.status}")
        answers = [answer]
        token = platform.token(person, asked["nonce"], target.launch)
        body = urlencode({"id_token": token, "state": asked["state"]}).encode()
        answers.append(await browser.ask("POST", asked["redirect_uri"], body))
        address = asked["redirect_uri"]
        while answers[-1].status in REDIRECTS:
            if len(answers) > MOST_REDIRECTS:
                raise LaunchFailed("too many redirects")
            address = urljoin(address, answers[-1].headers["location"])
            answers.append(await browser.ask("GET", address))
    page = answers[-1]
    if page.status != 200 or person.course_title.encode() not in page.body:
        raise LaunchFailed(f"page answered {page.status}")
    return answers


async def drive(
    platform: Platform,
    target: Target,
    people: Iterator[Person],
    *,
    at_once: int,
    most_seconds: float,
) -> Outcome:
    """Let `people` launch, so many at once; stop when they are all in or the time is over."""
    outcome, begin = Outcome(), time.perf_counter()

    async def one_after_the_other() -> None:
        for person in people:
            if time.perf_counter() - begin > most_seconds:
                return
            try:
                answers = await launch(platform, target, person)
            except (LaunchFailed, OSError, EOFError, TimeoutError, ValueError) as error:
                outcome.failures[f"{type(error).__name__}: {error}"[:80]] += 1
                continue
            outcome.times.append(sum(answer.seconds for answer in answers))
            outcome.requests += len(answers)

    await asyncio.gather(*(one_after_the_other() for _ in range(at_once)))
    outcome.seconds = time.perf_counter() - begin
    return outcome
