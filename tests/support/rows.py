"""The acceptance table: which tests prove which row, and how they ended.

`make acceptance` runs the tests that carry `@pytest.mark.row(...)` and prints a line per row. A row
without a test, or with one that did not pass, fails that run.
"""

from pathlib import Path

import pytest
import yaml
from _pytest.terminal import TerminalReporter

ROWS: dict[str, str] = yaml.safe_load(
    (Path(__file__).parents[1] / "acceptance" / "rows.yaml").read_text(encoding="utf-8")
)


class Acceptance:
    """Gathers the verdict of each row while the tests run."""

    def __init__(self) -> None:
        self.rows_of: dict[str, list[str]] = {}
        self.outcomes: dict[str, list[bool]] = {row: [] for row in ROWS}

    def pytest_collection_modifyitems(
        self, config: pytest.Config, items: list[pytest.Item]
    ) -> None:
        """Keep the tests that prove a row."""
        proofs: list[pytest.Item] = []
        others: list[pytest.Item] = []
        for item in items:
            rows = rows_of(item)
            (proofs if rows else others).append(item)
            self.rows_of[item.nodeid] = rows
        config.hook.pytest_deselected(items=others)
        items[:] = proofs

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note how a test ended; a test that was skipped proves nothing."""
        if report.when == "call" or not report.passed:
            for row in self.rows_of.get(report.nodeid, []):
                self.outcomes[row].append(report.passed)

    @pytest.hookimpl(trylast=True)
    def pytest_terminal_summary(self, terminalreporter: TerminalReporter) -> None:
        """Print the table."""
        terminalreporter.section("acceptance")
        for line in self.lines():
            terminalreporter.write_line(line)

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Fail the run when a row is not proved."""
        if not all(map(self.passed, ROWS)) and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def passed(self, row: str) -> bool:
        """Whether the row has tests, and all of them passed."""
        return bool(self.outcomes[row]) and all(self.outcomes[row])

    def lines(self) -> list[str]:
        """A line per row, and the sum."""
        verdicts = {
            row: "pass" if self.passed(row) else "FAIL" if self.outcomes[row] else "no test"
            for row in ROWS
        }
        lines = [f"{row:4} {verdicts[row]:8} {text}" for row, text in ROWS.items()]
        passed = list(verdicts.values()).count("pass")
        return [*lines, f"{passed} of {len(ROWS)} rows pass"]


def rows_of(item: pytest.Item) -> list[str]:
    """The rows a test proves; UsageError for one that is not in the table."""
    rows = [row for mark in item.iter_markers("row") for row in mark.args]
    for row in rows:
        if row not in ROWS:
            raise pytest.UsageError(f"{item.nodeid}: there is no row {row}")
    return rows
