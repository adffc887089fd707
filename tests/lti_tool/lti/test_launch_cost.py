"""A returning person's launch: few statements, one commit, and the platform is left alone."""

import pytest
from flask import Flask

from tests.support.launch_cost import MOST_COMMITS, MOST_IN_LAUNCH, MOST_IN_PAGE, launch_cost
from tests.support.launches import load, platform_for


def test_a_returning_pupil_commits_once_and_fetches_no_keys(app: Flask) -> None:
    data = load("valid", "moodle-student")
    cost = launch_cost(app, platform_for(app, data), data)
    assert cost.commits == MOST_COMMITS
    assert cost.key_set_fetches == 0


@pytest.mark.parametrize(("name", "more"), [("moodle-student", -1), ("moodle-teacher", 1)])
def test_a_returning_person_costs_few_statements(app: Flask, name: str, more: int) -> None:
    """The class page of a teacher also says what was mailed, in one statement; a pupil who had no
    conversation yet is not asked for a history."""
    data = load("valid", name)
    cost = launch_cost(app, platform_for(app, data), data)
    assert len(cost.launch) <= MOST_IN_LAUNCH, cost.launch
    assert len(cost.page) <= MOST_IN_PAGE + more, cost.page
