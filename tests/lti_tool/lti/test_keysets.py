"""Key sets: kept as long as they may be, renewed for a new kid, stood in for during an outage."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
import requests
import responses
from cryptography.hazmat.primitives.asymmetric import rsa
from hypothesis import given
from hypothesis import strategies as st
from jwt.algorithms import RSAAlgorithm

from lti_tool.lti import keysets
from lti_tool.lti.claims import LaunchRefused
from lti_tool.lti.keysets import KeySets
from lti_tool.lti.web import USER_AGENT
from tests.support.clock import Clock
from tests.support.launches import KID, public_jwk

ADDRESS = "https://platform.example/jwks"


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(keysets, "time", clock)
    return clock


@pytest.fixture
def web() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield mock


def answer(web: responses.RequestsMock, *kids: str, **options: Any) -> None:
    """From now on the platform has these keys."""
    document = {"keys": [{**public_jwk(), "kid": kid} for kid in kids]}
    web.upsert("GET", ADDRESS, **{"json": document, **options})


def refusal(sets: KeySets, kid: str = KID, address: str = ADDRESS) -> str:
    with pytest.raises(LaunchRefused) as caught:
        sets.key(address, kid)
    return caught.value.reason


@pytest.mark.parametrize(
    ("headers", "kept"),
    [
        ({}, 3600),
        ({"Cache-Control": "max-age=600"}, 600),
        ({"Cache-Control": "public, max-age=600"}, 600),
        ({"Cache-Control": "max-age=600", "Age": "200"}, 400),
        ({"Cache-Control": "max-age=864000"}, 3600),
        ({"Cache-Control": "max-age=0"}, 60),
        ({"Cache-Control": "no-store, no-cache, must-revalidate"}, 60),
        ({"Cache-Control": "max-age=soon"}, 3600),
    ],
)
def test_a_key_set_is_kept_as_long_as_its_header_allows(
    clock: Clock, web: responses.RequestsMock, headers: dict[str, str], kept: int
) -> None:
    answer(web, KID, headers=headers)
    sets = KeySets()
    sets.key(ADDRESS, KID)
    clock.moment += kept - 1
    sets.key(ADDRESS, KID)
    assert len(web.calls) == 1
    clock.moment += 1
    sets.key(ADDRESS, KID)
    assert len(web.calls) == 2


def test_a_new_key_of_the_platform_is_fetched_at_once(
    clock: Clock, web: responses.RequestsMock
) -> None:
    answer(web, "old")
    sets = KeySets()
    sets.key(ADDRESS, "old")
    clock.moment += 60
    answer(web, "old", "new")
    assert sets.key(ADDRESS, "new").key_id == "new"
    assert sets.key(ADDRESS, "old").key_id == "old"
    assert len(web.calls) == 2


def test_unknown_kids_fetch_once_in_ten_seconds(clock: Clock, web: responses.RequestsMock) -> None:
    answer(web, KID)
    sets = KeySets()
    assert refusal(sets, "junk-0") == "unknown_key"
    for number in range(20):
        assert refusal(sets, f"junk-{number}") == "unknown_key"
    assert len(web.calls) == 1
    clock.moment += 10
    assert refusal(sets, "junk") == "unknown_key"
    assert len(web.calls) == 2


def test_a_withdrawn_key_is_no_longer_accepted(clock: Clock, web: responses.RequestsMock) -> None:
    answer(web, "old")
    sets = KeySets()
    sets.key(ADDRESS, "old")
    clock.moment += 3600
    answer(web, "new")
    assert refusal(sets, "old") == "unknown_key"


@pytest.mark.parametrize(
    "outage",
    [
        {"status": 503},
        {"status": 404, "json": {"error": "no"}},
        {"status": 302, "headers": {"Location": "https://elsewhere.example/jwks"}},
        {"json": {"error": "overloaded"}},
        {"json": {"keys": []}},
        {"json": [1]},
        {"body": "<html>"},
        {"body": requests.ConnectionError()},
        {"body": requests.ReadTimeout()},
        {"body": "x" * (keysets.LONGEST_SET + 1)},
    ],
)
def test_an_outage_is_bridged_with_the_last_good_set(
    clock: Clock, web: responses.RequestsMock, outage: dict[str, Any]
) -> None:
    answer(web, KID)
    sets = KeySets()
    sets.key(ADDRESS, KID)
    clock.moment += 3600
    web.upsert("GET", ADDRESS, **outage)
    for _ in range(5):
        assert sets.key(ADDRESS, KID).key_id == KID
    assert len(web.calls) == 2
    assert refusal(sets, "unknown") == "unknown_key"
    clock.moment += 10
    answer(web, KID)
    sets.key(ADDRESS, KID)
    assert len(web.calls) == 3


def test_the_last_good_set_is_good_for_a_day(clock: Clock, web: responses.RequestsMock) -> None:
    answer(web, KID)
    sets = KeySets()
    sets.key(ADDRESS, KID)
    answer(web, status=503)
    clock.moment += 24 * 3600
    assert refusal(sets) == "platform_keys_unreachable"


def test_a_first_launch_during_an_outage_says_so(clock: Clock, web: responses.RequestsMock) -> None:
    answer(web, status=503)
    sets = KeySets()
    assert refusal(sets) == "platform_keys_unreachable"
    assert refusal(sets) == "platform_keys_unreachable"
    assert len(web.calls) == 1
    clock.moment += 10
    answer(web, KID)
    assert sets.key(ADDRESS, KID).key_id == KID


def test_calls_carry_a_user_agent_and_time_outs(web: responses.RequestsMock) -> None:
    answer(web, KID)
    KeySets().key(ADDRESS, KID)
    asked = web.calls[0].request
    assert asked.headers["User-Agent"] == USER_AGENT
    assert asked.req_kwargs["timeout"] == (3, 5)  # type: ignore[attr-defined]


def test_keys_that_cannot_sign_a_launch_are_left_out(web: responses.RequestsMock) -> None:
    short = rsa.generate_private_key(public_exponent=65537, key_size=1024).public_key()  # noqa: S505
    odd: list[object] = [
        7,
        {"kty": "EC", "kid": "curve", "crv": "P-256", "x": "AA", "y": "AA"},
        {"kty": "oct", "kid": "shared", "k": "c2VjcmV0"},
        {**public_jwk(), "kid": "encrypts", "use": "enc"},
        {**public_jwk(), "kid": 7},
        {**public_jwk(), "kid": "broken", "n": "%%"},
        {**json.loads(RSAAlgorithm.to_jwk(short)), "kid": "short"},
        public_jwk(),
    ]
    web.get(ADDRESS, json={"keys": odd})
    sets = KeySets()
    assert sets.key(ADDRESS, KID).key_id == KID
    for kid in ("curve", "shared", "encrypts", "broken", "short", "7"):
        assert refusal(sets, kid) == "unknown_key"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["keys", "kty", "kid", "n", "e", "use"]), inner, max_size=4
        )
    ),
    max_leaves=8,
)


@given(JSON)
def test_whatever_a_platform_answers_is_a_refusal(document: object) -> None:
    with responses.RequestsMock() as web:
        web.get(ADDRESS, json=document)
        assert refusal(KeySets()).startswith("platform_keys_un")
