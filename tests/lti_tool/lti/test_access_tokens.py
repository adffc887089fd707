"""Access tokens: who we say we are, how long a token is kept, and when there is none."""

import time
from typing import Any

import jwt.algorithms
import pytest
import time_machine

from lti_tool.lti.connector import Connector
from lti_tool.lti.keys import key_set, signing_key
from lti_tool.lti.web import ServiceFailed
from lti_tool.models import Registration, now
from tests.support.calling import LINE_ITEM, MEMBERS, SCOPE, get, reason, stock
from tests.support.platform_web import (
    HTML,
    ROSTER_URL,
    TOKEN_URL,
    Said,
    Web,
    granted,
)


def test_the_assertion_says_who_we_are_for_five_minutes(
    registration: Registration, web: Web
) -> None:
    web.say("GET", ROSTER_URL, MEMBERS)
    registration.token_audience = "https://tokens.example/"
    get(stock())
    get(Connector(registration))
    by_stock, sent = web.assertions()
    assert "kid" not in by_stock["header"]
    claims = sent["claims"]
    assert (claims["iss"], claims["sub"]) == ("client-1", "client-1")
    assert claims["aud"] == "https://tokens.example/"
    assert claims["exp"] - claims["iat"] <= 300
    assert claims["iat"] <= time.time()
    assert sent["header"]["kid"] == signing_key()[0]
    assert sent["header"]["kid"] in {key["kid"] for key in key_set()["keys"]}


def test_the_audience_is_the_token_address_and_each_assertion_is_new(
    registration: Registration, web: Web
) -> None:
    web.say("GET", ROSTER_URL, MEMBERS)
    connector = Connector(registration)
    get(connector)
    connector.make_service_request(scopes=[LINE_ITEM], url=ROSTER_URL)
    first, second = web.assertions()
    assert first["claims"]["aud"] == TOKEN_URL
    assert first["claims"]["jti"] != second["claims"]["jti"]


def test_the_private_key_is_read_once(
    registration: Registration, web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    web.say("GET", ROSTER_URL, MEMBERS)
    reads: list[bytes] = []
    read = jwt.algorithms.load_pem_private_key  # type: ignore[attr-defined]

    def counting(data: bytes, password: None) -> Any:
        reads.append(data)
        return read(data, password=password)

    plain = stock()
    monkeypatch.setattr(jwt.algorithms, "load_pem_private_key", counting)
    plain.get_access_token(scopes=[SCOPE])
    plain.get_access_token(scopes=[LINE_ITEM])
    assert len(reads) == 2
    ours = Connector(registration)
    ours.get_access_token(scopes=[SCOPE])
    ours.get_access_token(scopes=[LINE_ITEM])
    assert len(reads) == 2
    assert signing_key()[1] is signing_key()[1]


def test_tokens_outlive_the_connector_and_end_in_time(registration: Registration, web: Web) -> None:
    web.say("GET", ROSTER_URL, MEMBERS)
    get(stock())
    get(stock())
    assert len(web.calls("POST", TOKEN_URL)) == 2
    with time_machine.travel(now(), tick=False) as clock:
        get(Connector(registration))
        get(Connector(registration))
        assert len(web.calls("POST", TOKEN_URL)) == 3
        clock.shift(3600 - 61)
        get(Connector(registration))
        assert len(web.calls("POST", TOKEN_URL)) == 3
        clock.shift(2)
        get(Connector(registration))
        assert len(web.calls("POST", TOKEN_URL)) == 4


def test_each_set_of_scopes_has_its_token(registration: Registration, web: Web) -> None:
    web.say("GET", ROSTER_URL, MEMBERS)
    connector = Connector(registration)
    get(connector)
    connector.make_service_request(scopes=[LINE_ITEM, SCOPE], url=ROSTER_URL)
    connector.make_service_request(scopes=[SCOPE, LINE_ITEM], url=ROSTER_URL)
    assert len(web.calls("POST", TOKEN_URL)) == 2


@pytest.mark.parametrize("seconds", [None, "soon", -5, True, 30])
def test_an_odd_lifetime_does_no_harm(
    registration: Registration, web: Web, seconds: object
) -> None:
    web.say("GET", ROSTER_URL, MEMBERS)
    web.tokens(granted(SCOPE, seconds=seconds))
    get(Connector(registration))
    with time_machine.travel(time.time() + 301):
        get(Connector(registration))
    assert len(web.calls("POST", TOKEN_URL)) == 2


def test_a_revoked_token_is_renewed_once(registration: Registration, web: Web) -> None:
    web.say("GET", ROSTER_URL, Said(status=401), MEMBERS)
    with pytest.raises(Exception, match="401"):
        get(stock())
    web.say("GET", ROSTER_URL, Said(status=401), MEMBERS)
    web.tokens(granted(SCOPE, value="old"), granted(SCOPE, value="new"))
    assert get(Connector(registration))["body"] == {"members": []}
    sent = [one.headers["Authorization"] for one in web.calls("GET", ROSTER_URL)]
    assert sent[-2:] == ["Bearer old", "Bearer new"]


def test_a_token_that_is_never_accepted_ends(registration: Registration, web: Web) -> None:
    web.say("GET", ROSTER_URL, Said(status=401))
    assert reason(Connector(registration)).reason == "unauthorized"
    assert len(web.calls("GET", ROSTER_URL)) == 2


def test_dropped_scopes_are_noticed(registration: Registration, web: Web) -> None:
    web.replay("moodle-tokens", "token-partial-scope")
    assert stock().get_access_token(scopes=[LINE_ITEM, SCOPE])
    with pytest.raises(ServiceFailed) as caught:
        Connector(registration).get_access_token(scopes=[LINE_ITEM, SCOPE])
    assert (caught.value.reason, caught.value.detail) == ("scope_missing", SCOPE)
    assert not caught.value.passes


@pytest.mark.parametrize(
    ("said", "expected", "detail"),
    [
        (Said({"error": "invalid_scope"}, 400), "scope_missing", "invalid_scope"),
        (Said({"error": "invalid_client"}, 401), "token_refused", "invalid_client"),
        (Said(HTML, 404), "token_refused", "404"),
        (Said([1], 400), "token_refused", "400"),
        (Said({"expires_in": 1}), "token_refused", "no access_token"),
        (Said({"access_token": "a\nb"}), "token_refused", "no access_token"),
        (Said(["x"]), "token_refused", "no access_token"),
        (Said(HTML), "not_json", "text/plain"),
        (Said("x" * (1024 * 1024 + 1)), "too_long", "more than 1048576 bytes"),
        (Said(status=503), "broken", "503"),
    ],
)
def test_no_token_no_call(
    registration: Registration, web: Web, said: Said, expected: str, detail: str
) -> None:
    web.tokens(said)
    failure = reason(Connector(registration))
    assert (failure.reason, failure.detail) == (expected, detail)
