"""From measured phases to the table, and the verdict against the limits of the issue."""

import statistics
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tests.benchmarks.load import Outcome
from tests.benchmarks.measure import percentile


@dataclass(frozen=True)
class Phase:
    """One tool, one round, so many at once."""

    tool: str
    at_once: int
    outcome: Outcome
    server_cpu: float
    """Seconds, of the tool's processes."""
    database_cpu: float
    pss_mb: float

    @property
    def launches(self) -> int:
        """How many ended on their page."""
        return len(self.outcome.times)

    @property
    def per_second(self) -> float:
        """Launches a second."""
        return self.launches / self.outcome.seconds

    @property
    def server_ms(self) -> float:
        """Server CPU a launch."""
        return self.server_cpu * 1000 / self.launches

    @property
    def database_ms(self) -> float:
        """Database CPU a launch."""
        return self.database_cpu * 1000 / self.launches


@dataclass(frozen=True)
class Summary:
    """Medians over the rounds of one tool at one number at once; memory is the largest seen."""

    tool: str
    at_once: int
    per_second: float
    p50_ms: float
    p95_ms: float
    server_ms: float
    database_ms: float
    requests: float
    pss_mb: float
    failures: int


@dataclass(frozen=True)
class Verdict:
    """A quotient held against its limit and its aim; `most` when it may not be larger."""

    what: str
    value: float
    limit: float
    aim: float
    most: bool = False

    @property
    def met(self) -> bool:
        """Whether the limit was met."""
        return self.value <= self.limit if self.most else self.value >= self.limit

    def __str__(self) -> str:
        reached = self.value <= self.aim if self.most else self.value >= self.aim
        said = "aim reached" if reached else "ok" if self.met else "NOT MET"
        sign = "<=" if self.most else ">="
        return (
            f"{self.what:38} {self.value:6.2f}  limit {sign} {self.limit:<5g}"
            f" aim {sign} {self.aim:<5g} {said}"
        )


def summarise(phases: Iterable[Phase]) -> list[Summary]:
    """One line for each tool and number at once, in the order of the phases."""
    groups: dict[tuple[str, int], list[Phase]] = {}
    for phase in phases:
        groups.setdefault((phase.tool, phase.at_once), []).append(phase)
    return [_summary(tool, at_once, group) for (tool, at_once), group in groups.items()]


def _summary(tool: str, at_once: int, phases: list[Phase]) -> Summary:
    times = [seconds * 1000 for phase in phases for seconds in phase.outcome.times]
    return Summary(
        tool=tool,
        at_once=at_once,
        per_second=statistics.median(phase.per_second for phase in phases),
        p50_ms=percentile(times, 50),
        p95_ms=percentile(times, 95),
        server_ms=statistics.median(phase.server_ms for phase in phases),
        database_ms=statistics.median(phase.database_ms for phase in phases),
        requests=sum(phase.outcome.requests for phase in phases) / len(times),
        pss_mb=max(phase.pss_mb for phase in phases),
        failures=sum(phase.outcome.failures.total() for phase in phases),
    )


def lines(summaries: list[Summary]) -> Iterator[str]:
    """The table."""
    yield (
        "tool      at once  launches/s     p50 ms   p95 ms   server ms  database ms"
        "  requests  PSS MB  failed"
    )
    for one in sorted(summaries, key=lambda one: one.at_once):
        yield (
            f"{one.tool:9} {one.at_once:7}  {one.per_second:10.1f} {one.p50_ms:10.1f}"
            f" {one.p95_ms:8.1f} {one.server_ms:11.2f} {one.database_ms:12.2f}"
            f" {one.requests:9.2f} {one.pss_mb:7.0f} {one.failures:7}"
        )


def verdicts(phases: list[Phase], summaries: list[Summary]) -> Iterator[Verdict]:
    """What the issue asks of us, at each number at once."""
    found = {(one.tool, one.at_once): one for one in summaries}
    for at_once in sorted({one.at_once for one in summaries}):
        own, other = found["ours", at_once], found["ltijs", at_once]
        for peer, least, aim in (("ltijs", 1.5, 2), ("limit", 0.5, 0.7)):
            quotient = _speed(phases, at_once, peer)
            yield Verdict(f"launches/s to {peer}, {at_once} at once", quotient, least, aim)
        quotient = own.server_ms / other.server_ms
        yield Verdict(f"server CPU to ltijs, {at_once} at once", quotient, 0.75, 0.5, most=True)
    memory = {
        tool: max(one.pss_mb for one in summaries if one.tool == tool) for tool in ("ours", "ltijs")
    }
    yield Verdict("memory (PSS) to ltijs", memory["ours"] / memory["ltijs"], 1.25, 1, most=True)


def _speed(phases: list[Phase], at_once: int, peer: str) -> float:
    """The median over the rounds of our speed to the peer's in the same round."""
    own, others = (
        [phase.per_second for phase in phases if (phase.tool, phase.at_once) == (tool, at_once)]
        for tool in ("ours", peer)
    )
    return statistics.median(a / b for a, b in zip(own, others, strict=True))
