"""The tool, listening, and the list of what was looked at."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from tests.browser.accessibility.looking import Looks
from tests.support.postgres import free_port
from tests.support.serving import listening


@pytest.fixture
def origin(app: Flask) -> Iterator[str]:
    """The tool, listening."""
    port = free_port()
    with listening("127.0.0.1", port, app):
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
def looks(record_property: Callable[[str, object], None]) -> Looks:
    """What this test looked at; `make accessibility` lists it."""
    return Looks(record_property)


@pytest.fixture(scope="module")
def skeletons() -> set[str]:
    """What was looked at: another page built of just the same has nothing new to find."""
    return set()
