"""Each weak spot of PyLTI1p3's launch, shown on its own classes and closed in ours.

Every test has two halves: `stock` is the library as its example uses it, `moodle` launches ours.
"""

import base64
import zlib
from typing import Any

import pytest
from flask import Flask
from pylti1p3.tool_config import ToolConfDict
from structlog.testing import capture_logs

from lti_tool.lti.library import ToolConfiguration
from tests.support.launch_flows import state_cookie
from tests.support.launches import Platform, load, token
from tests.support.stock_tool import StockPlatform, create_stock_tool

STUDENT = load("valid", "moodle-student")
NAMES = {"issuer": STUDENT["claims"]["iss"], "client_id": STUDENT["claims"]["aud"]}


@pytest.fixture
def stock_tool() -> Flask:
    return create_stock_tool(**NAMES)


@pytest.fixture
def stock() -> StockPlatform:
    return StockPlatform(**NAMES)


def with_claims(**claims: Any) -> dict[str, Any]:
    return {**STUDENT, "set": claims}


def reason_of(app: Flask, moodle: Platform, data: dict[str, Any]) -> str:
    with capture_logs() as logs:
        assert moodle.launch(app.test_client(), data).status_code == 400
    reason: str = logs[-1]["reason"]
    return reason


def test_a_launch_is_good_once(
    app: Flask, moodle: Platform, stock_tool: Flask, stock: StockPlatform
) -> None:
    client = stock_tool.test_client()
    state, nonce = stock.login(client)
    for _ in range(2):
        assert stock.post(client, state, token(STUDENT, nonce)).status_code == 200

    client = app.test_client()
    state, nonce = moodle.login(client)
    name, value = state_cookie(client, state)
    assert moodle.post(client, state, token(STUDENT, nonce)).status_code == 303
    client.set_cookie(name, value, path="/lti/launch")
    assert moodle.post(client, state, token(STUDENT, nonce)).status_code == 400


def test_a_nonce_belongs_to_its_state(
    app: Flask, moodle: Platform, stock_tool: Flask, stock: StockPlatform
) -> None:
    client = stock_tool.test_client()
    _state, nonce = stock.login(client)
    state, _nonce = stock.login(client)
    assert stock.post(client, state, token(STUDENT, nonce)).status_code == 200

    client = app.test_client()
    _state, nonce = moodle.login(client)
    state, _nonce = moodle.login(client)
    assert moodle.post(client, state, token(STUDENT, nonce)).status_code == 400


def test_the_state_cookie_is_asked_for_each_time(
    app: Flask, moodle: Platform, stock_tool: Flask, stock: StockPlatform
) -> None:
    client = stock_tool.test_client()
    state, nonce = stock.login(client)
    id_token = token(STUDENT, nonce)
    assert stock.post(client, state, id_token).status_code == 200
    client.delete_cookie(f"lti1p3-{state}")
    assert stock.post(client, state, id_token).status_code == 200

    client = app.test_client()
    state, nonce = moodle.login(client)
    id_token = token(STUDENT, nonce)
    assert moodle.post(client, state, id_token).status_code == 303
    client.delete_cookie(f"lob-state-{state[:16]}", path="/lti/launch")
    assert moodle.post(client, state, id_token).status_code == 400


def test_no_cookie_tells_who_somebody_is(
    app: Flask, moodle: Platform, stock_tool: Flask, stock: StockPlatform
) -> None:
    answer = stock.launch(stock_tool.test_client(), STUDENT)
    assert "Sam Student" in _readable(answer.headers["Set-Cookie"])

    answer = moodle.launch(app.test_client(), STUDENT)
    cookies = answer.headers.getlist("Set-Cookie")
    assert cookies
    for cookie in cookies:
        for fact in ("Sam", "Student", "student1@example.test"):
            assert fact not in cookie.removesuffix("; SameSite=None; Partitioned")
            assert fact not in _readable(cookie)


def _readable(cookie: str) -> str:
    """What anybody can read of a signed session cookie of Flask."""
    value = cookie.split("=", 1)[1].split(";", maxsplit=1)[0].lstrip(".").split(".")[0]
    packed = base64.urlsafe_b64decode(value + "=" * (-len(value) % 4))
    try:
        return zlib.decompress(packed).decode("utf-8", "replace")
    except zlib.error:
        return packed.decode("utf-8", "replace")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"remove": ["exp"]}, "missing_exp"),
        ({"remove": ["iat"]}, "missing_iat"),
        ({"seconds": {"iat": -10 * 365 * 86400}}, "old_token"),
    ],
)
def test_a_token_has_a_beginning_and_an_end(  # noqa: PLR0917
    app: Flask,
    moodle: Platform,
    stock_tool: Flask,
    stock: StockPlatform,
    changes: dict[str, Any],
    reason: str,
) -> None:
    data = {**STUDENT, **changes}
    assert stock.launch(stock_tool.test_client(), data).status_code == 200
    assert reason_of(app, moodle, data) == reason


@pytest.mark.parametrize("seconds", [{"iat": 2}, {"nbf": 2}, {"iat": -90, "exp": -30}])
def test_a_clock_may_be_a_little_off(
    app: Flask,
    moodle: Platform,
    stock_tool: Flask,
    stock: StockPlatform,
    seconds: dict[str, float],
) -> None:
    data = {**STUDENT, "seconds": seconds}
    assert stock.launch(stock_tool.test_client(), data).status_code == 400
    assert moodle.launch(app.test_client(), data).status_code == 303


@pytest.mark.parametrize(
    "claims",
    [
        {"azp": "somebody-else"},
        {"aud": [NAMES["client_id"], "another"]},
        {"aud": [NAMES["client_id"], "another"], "azp": "another"},
    ],
)
def test_the_authorized_party_is_us(
    app: Flask,
    moodle: Platform,
    stock_tool: Flask,
    stock: StockPlatform,
    claims: dict[str, Any],
) -> None:
    assert stock.launch(stock_tool.test_client(), with_claims(**claims)).status_code == 200
    assert reason_of(app, moodle, with_claims(**claims)) in {"wrong_audience", "unknown_platform"}


def test_we_may_stand_anywhere_among_the_audiences(
    app: Flask, moodle: Platform, stock_tool: Flask, stock: StockPlatform
) -> None:
    data = with_claims(aud=["another", NAMES["client_id"]], azp=NAMES["client_id"])
    assert stock.launch(stock_tool.test_client(), data).status_code == 400
    assert moodle.launch(app.test_client(), data).status_code == 303


CRASHES = (
    "audience-empty-list",
    "header-and-payload-a-number",
    "header-and-payload-null",
    "issuer-a-list",
    "nonce-a-list",
    "nonce-a-number",
    "payload-a-list",
    "resource-link-a-list",
    "resource-link-a-word",
    "resource-link-null",
)
LETS_IN = (
    "context-a-word",
    "roles-of-numbers",
    "resource-link-number",
    "roles-a-word",
)


@pytest.mark.parametrize(
    ("name", "status"),
    [*((name, 500) for name in CRASHES), *((name, 200) for name in LETS_IN)],
)
def test_what_is_malformed_gets_a_page(  # noqa: PLR0917
    app: Flask,
    moodle: Platform,
    stock_tool: Flask,
    stock: StockPlatform,
    name: str,
    status: int,
) -> None:
    data = load("bad", name)
    assert stock.launch(stock_tool.test_client(), data).status_code == status
    assert reason_of(app, moodle, data) == data["reason"]


def test_an_anonymous_launch_gets_a_friendly_page(
    app: Flask, moodle: Platform, stock_tool: Flask, stock: StockPlatform
) -> None:
    data = load("bad", "anonymous")
    assert stock.launch(stock_tool.test_client(), data).text == "refused: Must have a user (sub)"
    page = moodle.launch(app.test_client(), data)
    assert "We weten niet wie je bent" in page.text


def test_an_unknown_issuer_gets_a_friendly_page(app: Flask, stock_tool: Flask) -> None:
    login = {"iss": "https://unknown.example", "login_hint": "4", "client_id": "x"}
    assert stock_tool.test_client().post("/login", data=login).status_code == 500
    page = app.test_client().post("/lti/login", data=login)
    assert page.status_code == 400
    assert "Deze leeromgeving kennen we niet" in page.text


def test_the_state_cookie_comes_back_in_a_frame(
    app: Flask, moodle: Platform, stock_tool: Flask, stock: StockPlatform
) -> None:
    login = {"iss": NAMES["issuer"], "client_id": NAMES["client_id"], "login_hint": "4"}
    options: dict[str, Any] = {"data": login, "base_url": "https://tool.example"}
    answer = stock_tool.test_client().post("/login", **options)
    cookies = answer.headers.getlist("Set-Cookie")
    assert any(one.startswith("lti1p3-state") for one in cookies)
    assert not any("Partitioned" in one for one in cookies)

    (cookie,) = app.test_client().post("/lti/login", **options).headers.getlist("Set-Cookie")
    assert {"Secure", "HttpOnly", "SameSite=None", "Partitioned"} <= set(cookie.split("; "))


def test_one_tool_does_not_decide_for_another_how_issuers_are_keyed() -> None:
    client: dict[str, Any] = {
        "client_id": "a",
        "auth_login_url": "x",
        "auth_token_url": "x",
        "key_set_file": "x",
    }
    client |= {"deployment_ids": ["1"]}
    one = ToolConfDict({"https://shared.example": [client]})
    assert one.check_iss_has_many_clients("https://shared.example")
    ToolConfDict({"https://shared.example": client})
    assert not one.check_iss_has_many_clients("https://shared.example")

    ours = ToolConfiguration()
    assert not ours.check_iss_has_one_client("https://shared.example")
    assert ours.check_iss_has_many_clients("https://shared.example")
