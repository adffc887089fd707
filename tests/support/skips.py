"""Under `CI=true` a skipped test is a failure: what lands was tested, not passed over."""

import os

import pytest
from _pytest.terminal import TerminalReporter


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail a run that passed, but not in full."""
    if hasattr(session.config, "workerinput"):
        return  # one of several processes: the first one hears of all tests and says it
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    assert isinstance(reporter, TerminalReporter)
    skipped = reporter.stats.get("skipped", [])
    if os.environ.get("CI", "").lower() != "true" or not skipped:
        return
    reporter.write_line("")
    reporter.write_line(f"CI: {len(skipped)} skipped; a skipped test is a failure", red=True)
    if session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
