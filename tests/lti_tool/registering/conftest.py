"""The platforms' side of a registration."""

from collections.abc import Iterator

import pytest
import responses


@pytest.fixture
def web() -> Iterator[responses.RequestsMock]:
    """Whatever is fetched is answered here, or fails."""
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield mock
