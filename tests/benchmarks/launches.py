"""Launches against ltijs and against the limit, in alternating rounds: part of `make bench`.

A thousand people have launched each tool before; one in twenty launches is by somebody new. Other
work on the machine disturbs all three alike, so quotients are taken within a round. Everything
stays on loopback. The exit code says whether the limits were met.
"""

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import count, cycle, islice
from pathlib import Path

import requests

from tests.benchmarks import table
from tests.benchmarks.cost import print_cost
from tests.benchmarks.load import Outcome, Platform, drive
from tests.benchmarks.measure import cpu_seconds, pss_mb
from tests.benchmarks.people import PEOPLE, Person
from tests.benchmarks.platform_stub import make_key
from tests.benchmarks.tools import Tool, limit, ltijs, ours, platform_stub
from tests.support.postgres import PostgresServer, free_port

TOOLS = {"ours": ours, "ltijs": ltijs, "limit": limit}
AT_ONCE = (8, 32)
ROUNDS, LAUNCHES, MOST_SECONDS = 5, 400, 15.0
WARM_UP_SECONDS = 180.0
NEW_EACH = 20
newcomers = count(PEOPLE)


def say(line: str) -> None:
    """One line, at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> int:
    """Print the table and the verdicts; 0 when every limit was met."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--launches", type=int, default=LAUNCHES)
    parser.add_argument("--only", choices=sorted(TOOLS), help="one tool, without a verdict")
    options = parser.parse_args()
    names = [options.only] if options.only else list(TOOLS)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        postgres = stack.enter_context(PostgresServer(durable=True))
        key = make_key(folder / "key.pem")
        issuer = stack.enter_context(platform_stub(free_port(), folder / "key.pem", folder))
        platform = Platform(issuer, key)
        tools = [stack.enter_context(TOOLS[name](postgres, issuer, folder)) for name in names]
        for tool in tools:
            warm_up(platform, tool)
        phases, fetched = measure(platform, tools, postgres.pid, options.rounds, options.launches)
        cheap = print_cost(say, postgres)
    summaries = table.summarise(phases)
    say(f"Python {sys.version.split()[0]} of {sys.base_prefix}")
    for line in table.lines(summaries):
        say(line)
    say(f"key-set fetches by ours in steady state: {fetched}")
    if options.only:
        return 0
    verdicts = list(table.verdicts(phases, summaries))
    for verdict in verdicts:
        say(str(verdict))
    failed = any(one.failures for one in summaries)
    return 0 if all(one.met for one in verdicts) and cheap and not fetched and not failed else 1


def warm_up(platform: Platform, tool: Tool) -> None:
    """Everybody launches once."""
    outcome = _drive(platform, tool, map(Person, range(PEOPLE)), 8, WARM_UP_SECONDS)
    if outcome.failures or len(outcome.times) < PEOPLE:
        raise SystemExit(f"bench: {tool.name}: {len(outcome.times)} launched; {outcome.failures}")


def measure(
    platform: Platform, tools: list[Tool], database: int, rounds: int, launches: int
) -> tuple[list[table.Phase], int]:
    """All phases, and how often our tool fetched the key set meanwhile."""
    phases, fetched = [], 0
    returning = cycle(range(PEOPLE))
    for _ in range(rounds):
        for at_once in AT_ONCE:
            for tool in tools:
                people = _people(returning, launches)
                before = _fetched(platform)
                server, data = cpu_seconds(tool.pid), cpu_seconds(database)
                outcome = _drive(platform, tool, people, at_once, MOST_SECONDS)
                if not outcome.times:
                    raise SystemExit(f"bench: {tool.name}: {outcome.failures}")
                phases.append(
                    table.Phase(
                        tool=tool.name,
                        at_once=at_once,
                        outcome=outcome,
                        server_cpu=cpu_seconds(tool.pid) - server,
                        database_cpu=cpu_seconds(database) - data,
                        pss_mb=pss_mb(tool.pid),
                    )
                )
                if tool.name == "ours":
                    fetched += _fetched(platform) - before
    return phases, fetched


def _people(returning: Iterator[int], launches: int) -> Iterator[Person]:
    """Known people, and each twentieth a new one."""
    for number, known in enumerate(islice(returning, launches)):
        yield Person(next(newcomers) if number % NEW_EACH == NEW_EACH - 1 else known)


def _drive(
    platform: Platform, tool: Tool, people: Iterator[Person], at_once: int, most_seconds: float
) -> Outcome:
    return asyncio.run(
        drive(platform, tool.target, people, at_once=at_once, most_seconds=most_seconds)
    )


def _fetched(platform: Platform) -> int:
    answer = requests.get(f"{platform.issuer}/fetched", timeout=5)
    number: int = answer.json()["fetched"]
    return number


if __name__ == "__main__":
    raise SystemExit(main())
