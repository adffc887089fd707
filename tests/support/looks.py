"""The list of `make accessibility`: which pages axe looked at, when, in which looks."""

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple, cast

import pytest
from _pytest.terminal import TerminalReporter


class Look(NamedTuple):
    """One page as it was looked at once, and how many violations that showed."""

    page: str
    moment: str
    look: str
    violations: int


class LookedAt:
    """Gathers what the accessibility tests say they looked at, in whatever process."""

    def __init__(self) -> None:
        self.looked: list[Look] = []
        self.cut_short = 0

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take over what a test noted."""
        if report.when == "call":
            said = [value for name, value in report.user_properties if name == "looked"]
            self.looked += [Look(*one) for one in cast("list[Look]", said)]
        self.cut_short += report.failed

    @pytest.hookimpl(trylast=True)
    def pytest_terminal_summary(self, terminalreporter: TerminalReporter) -> None:
        """Print the list."""
        terminalreporter.section("accessibility")
        for line in self.lines():
            terminalreporter.write_line(line)

    def lines(self) -> Iterator[str]:
        """A line per page and look with its moments and violations, and the sum."""
        moments: dict[tuple[str, str], set[str]] = defaultdict(set)
        found: dict[tuple[str, str], int] = defaultdict(int)
        for page, moment, look, violations in self.looked:
            moments[page, look].add(moment)
            found[page, look] += violations
        yield "violations  page  look: moments"
        for page, look in sorted(moments):
            when = "; ".join(sorted(moments[page, look]))
            yield f"{found[page, look]:3}  {page}  {look}: {when}"
        pages = len({page for page, *_rest in self.looked})
        states = len({(page, moment) for page, moment, *_rest in self.looked})
        looks = len({look for _page, _moment, look, _violations in self.looked})
        yield (
            f"{pages} pages, {states} states of them, {looks} looks, {len(self.looked)} times "
            f"looked: {sum(found.values())} violations"
        )
        if self.cut_short:
            yield f"{self.cut_short} tests failed: what they did not come to is not in this list"
