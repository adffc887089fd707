"""How PyLTI1p3 fetches and keeps key sets, shown on its own classes and closed in ours.

Every test has two halves: `stock` is the library as its example uses it, `moodle` launches ours.
"""

import pytest
from flask import Flask

from lti_tool.lti import keysets
from lti_tool.lti.web import USER_AGENT
from tests.support.clock import Clock
from tests.support.launches import Platform, load, public_jwk
from tests.support.stock_tool import DictStorage, StockPlatform, create_stock_tool

STUDENT = load("valid", "moodle-student")
NAMES = {"issuer": STUDENT["claims"]["iss"], "client_id": STUDENT["claims"]["aud"]}


@pytest.fixture
def stock_tool() -> Flask:
    return create_stock_tool(**NAMES)


@pytest.fixture
def stock() -> StockPlatform:
    return StockPlatform(**NAMES)


def test_the_key_set_is_fetched_once(
    app: Flask, moodle: Platform, stock_tool: Flask, stock: StockPlatform
) -> None:
    for _ in range(2):
        stock.launch(stock_tool.test_client(), STUDENT)
        assert stock.fetched_last == 1
        asked = stock.calls_last[0].request
        assert asked.req_kwargs["timeout"] is None

    fetched = []
    for _ in range(3):
        moodle.launch(app.test_client(), STUDENT)
        fetched.append(moodle.fetched_last)
        if moodle.fetched_last:
            asked = moodle.calls_last[0].request
            assert asked.req_kwargs["timeout"] == (3, 5)
            assert asked.headers["User-Agent"] == USER_AGENT
    assert fetched == [1, 0, 0]


def test_a_key_set_that_comes_with_an_error_is_not_used(
    app: Flask, moodle: Platform, stock_tool: Flask, stock: StockPlatform
) -> None:
    answer = {"json": {"keys": [public_jwk()]}, "status": 500}
    stock.key_set = moodle.key_set = answer
    assert stock.launch(stock_tool.test_client(), STUDENT).status_code == 200
    assert moodle.launch(app.test_client(), STUDENT).status_code == 503


def test_an_error_of_the_platform_is_not_kept(
    app: Flask, moodle: Platform, stock: StockPlatform, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock()
    monkeypatch.setattr(keysets, "time", clock)
    tool, good = create_stock_tool(**NAMES, keys=DictStorage()), stock.key_set
    stock.key_set = moodle.key_set = {"json": {"error": "busy"}, "status": 503}
    assert stock.launch(tool.test_client(), STUDENT).status_code == 500
    stock.key_set = good
    assert stock.launch(tool.test_client(), STUDENT).status_code == 500
    assert stock.fetched_last == 0

    assert moodle.launch(app.test_client(), STUDENT).status_code == 503
    moodle.key_set = good
    clock.moment += 10
    assert moodle.launch(app.test_client(), STUDENT).status_code == 303


def test_a_new_key_of_the_platform_is_found(
    app: Flask, moodle: Platform, stock: StockPlatform, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock()
    monkeypatch.setattr(keysets, "time", clock)
    tool, good = create_stock_tool(**NAMES, keys=DictStorage()), stock.key_set
    old = {"json": {"keys": [{**public_jwk(), "kid": "old"}]}}
    stock.key_set = moodle.key_set = old
    before = {**STUDENT, "header": {"kid": "old"}}
    assert stock.launch(tool.test_client(), before).status_code == 200
    assert moodle.launch(app.test_client(), before).status_code == 303
    stock.key_set = moodle.key_set = good
    clock.moment += 60
    assert stock.launch(tool.test_client(), STUDENT).status_code == 400
    assert stock.fetched_last == 0
    assert moodle.launch(app.test_client(), STUDENT).status_code == 303
    assert moodle.fetched_last == 1
