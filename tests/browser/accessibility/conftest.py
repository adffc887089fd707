"""The tool, listening, and the list of what was looked at."""

import hashlib
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
def new(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, worker_id: str
) -> Callable[[str], bool]:
    """Whether nobody looked at a page built of just this: another has nothing new to find.

    What one process of the run looks at, the others need not.
    """
    own = tmp_path_factory.getbasetemp()
    folder = (own if worker_id == "master" else own.parent) / f"seen-{request.path.stem}"
    folder.mkdir(exist_ok=True)

    def claim(built_of: str) -> bool:
        try:
            (folder / hashlib.sha256(built_of.encode()).hexdigest()).touch(exist_ok=False)
        except FileExistsError:
            return False
        return True

    return claim
