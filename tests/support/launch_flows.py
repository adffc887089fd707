"""What else can be done with a launch than posting it once: the flows that data files name.

Each takes the platform, a browser and the file, and returns the answer that is to be judged.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import time_machine
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from lti_tool.lti.state import LIFETIME
from lti_tool.models import now
from tests.support.launches import Platform, token

PATH = "/lti/launch"
Flow = Callable[[Platform, FlaskClient, dict[str, Any]], TestResponse]
FLOWS: dict[str, Flow] = {}


def attempt(platform: Platform, client: FlaskClient, data: dict[str, Any]) -> TestResponse:
    """Do what the file says."""
    flow = FLOWS.get(data.get("flow", ""), Platform.launch)
    assert flow is not Platform.launch or "flow" not in data, data["flow"]
    return flow(platform, client, data)


def named(name: str) -> Callable[[Flow], Flow]:
    """Make a flow known under the name that data files use."""

    def add(flow: Flow) -> Flow:
        FLOWS[name] = flow
        return flow

    return add


def state_cookie(client: FlaskClient, state: str) -> tuple[str, str]:
    """Name and value of the cookie that a login left."""
    cookie = client.get_cookie(f"lob-state-{state[:16]}", path=PATH)
    assert cookie is not None
    return cookie.key, cookie.value


@named("replayed")
def _replayed(platform: Platform, client: FlaskClient, data: dict[str, Any]) -> TestResponse:
    state, nonce = platform.login(client)
    id_token, (name, value) = token(data, nonce), state_cookie(client, state)
    assert platform.post(client, state, id_token).status_code == 303
    client.set_cookie(name, value, path=PATH)
    return platform.post(client, state, id_token)


@named("replayed-without-cookies")
def _replayed_bare(platform: Platform, client: FlaskClient, data: dict[str, Any]) -> TestResponse:
    state, nonce = platform.login(client)
    id_token = token(data, nonce)
    assert platform.post(client, state, id_token).status_code == 303
    bare = client.application.test_client(use_cookies=False)
    return platform.post(bare, state, id_token)


@named("old-nonce-with-a-new-state")
def _old_nonce(platform: Platform, client: FlaskClient, data: dict[str, Any]) -> TestResponse:
    state, nonce = platform.login(client)
    assert platform.post(client, state, token(data, nonce)).status_code == 303
    state, _nonce = platform.login(client)
    return platform.post(client, state, token(data, nonce))


@named("unused-nonce-of-another-state")
def _other_nonce(platform: Platform, client: FlaskClient, data: dict[str, Any]) -> TestResponse:
    _state, nonce = platform.login(client)
    state, _nonce = platform.login(client)
    return platform.post(client, state, token(data, nonce))


@named("state-of-another-browser")
def _other_browser(platform: Platform, client: FlaskClient, data: dict[str, Any]) -> TestResponse:
    state, nonce = platform.login(client.application.test_client())
    platform.login(client)
    return platform.post(client, state, token(data, nonce))


@named("cookie-of-another-value")
def _other_cookie(platform: Platform, client: FlaskClient, data: dict[str, Any]) -> TestResponse:
    state, nonce = platform.login(client)
    name, _value = state_cookie(client, state)
    client.set_cookie(name, "guessed", path=PATH)
    return platform.post(client, state, token(data, nonce))


@named("consumed-state-with-a-new-token")
def _consumed(platform: Platform, client: FlaskClient, data: dict[str, Any]) -> TestResponse:
    state, nonce = platform.login(client)
    name, value = state_cookie(client, state)
    assert platform.post(client, state, token(data, nonce)).status_code == 303
    _state, other = platform.login(client)
    client.set_cookie(name, value, path=PATH)
    return platform.post(client, state, token(data, other))


@named("state-we-never-gave")
def _made_up(platform: Platform, client: FlaskClient, data: dict[str, Any]) -> TestResponse:
    return platform.post(client, "state-made-up", token(data, "nonce"))


@named("state-of-eleven-minutes-ago")
def _late(platform: Platform, client: FlaskClient, data: dict[str, Any]) -> TestResponse:
    state, nonce = platform.login(client)
    client.set_cookie(*state_cookie(client, state), path=PATH)
    with time_machine.travel(now() + LIFETIME + timedelta(minutes=1)):
        return platform.post(client, state, token(data, nonce))


@named("post-without-token")
def _no_token(platform: Platform, client: FlaskClient, data: dict[str, Any]) -> TestResponse:
    state, _nonce = platform.login(client)
    return platform.post_fields(client, {"state": state})


@named("post-without-state")
def _no_state(platform: Platform, client: FlaskClient, data: dict[str, Any]) -> TestResponse:
    _state, nonce = platform.login(client)
    return platform.post_fields(client, {"id_token": token(data, nonce)})


@named("post-of-nothing")
def _nothing(platform: Platform, client: FlaskClient, data: dict[str, Any]) -> TestResponse:
    return platform.post_fields(client, {})


@named("post-of-the-platform-error")
def _error(platform: Platform, client: FlaskClient, data: dict[str, Any]) -> TestResponse:
    state, _nonce = platform.login(client)
    return platform.post_fields(client, {**data["form"], "state": state})


@named("junk")
def _junk(platform: Platform, client: FlaskClient, data: dict[str, Any]) -> TestResponse:
    state, _nonce = platform.login(client)
    return platform.post(client, state, "x" * data["length"])


@named("megabyte-of-junk")
def _megabyte(platform: Platform, client: FlaskClient, data: dict[str, Any]) -> TestResponse:
    return _junk(platform, client, {"length": 1024 * 1024})


@named("platform-keys-out-of-reach")
def _unreachable(platform: Platform, client: FlaskClient, data: dict[str, Any]) -> TestResponse:
    platform.reachable = False
    return platform.launch(client, data)
