"""Calls to a platform: each weak spot of the library first shown on it, then closed here."""

from typing import Any

import pytest
import requests
import urllib3

from lti_tool.lti import connector as connector_module
from lti_tool.lti.connector import MOST_PAGES, Connector
from lti_tool.lti.web import ServiceFailed
from lti_tool.models import Registration, now
from tests.support.calling import MEMBERS, SCOPE, get, reason, stock
from tests.support.platform_web import (
    HTML,
    LINE_ITEMS_URL,
    ROSTER_URL,
    Said,
    Web,
)


def test_every_call_has_a_time_limit_and_says_who_we_are(
    registration: Registration, web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    web.say("GET", ROSTER_URL, MEMBERS)
    limits: list[object] = []
    send = requests.Session.send

    def noting(self: requests.Session, request: Any, **options: Any) -> requests.Response:
        limits.append(options.get("timeout"))
        return send(self, request, **options)

    monkeypatch.setattr(requests.Session, "send", noting)
    get(stock())
    assert limits == [None, None]
    limits.clear()
    get(Connector(registration))
    assert limits == [(5, 10), (5, 10)]
    assert all("Loopbaangesprek/" in one.headers["User-Agent"] for one in web.asked[2:])


def test_a_redirect_is_not_followed(registration: Registration, web: Web) -> None:
    away = Said(status=302, headers={"Location": "http://localhost:8080/inside"})
    web.say("GET", "http://localhost:8080/inside", Said({"members": ["stolen"]}))
    web.say("GET", ROSTER_URL, away)
    assert get(stock())["body"] == {"members": ["stolen"]}
    assert reason(Connector(registration)).reason == "redirected"


def test_a_token_called_html_is_read_and_a_page_is_not(
    registration: Registration, web: Web
) -> None:
    web.say("GET", ROSTER_URL, Said(HTML, headers={"Content-Type": "text/html"}))
    with pytest.raises(requests.JSONDecodeError):
        get(stock())
    failure = reason(Connector(registration))
    assert (failure.reason, failure.detail) == ("not_json", "text/html")
    assert failure.passes


@pytest.mark.parametrize(
    ("said", "expected", "wait"),
    [
        (Said(status=400), "refused", None),
        (Said(status=403), "forbidden", None),
        (Said("403 Forbidden (Rate Limit Exceeded)", 403), "rate_limited", None),
        (Said(status=404), "not_found", None),
        (Said(status=409), "conflict", None),
        (Said(status=410), "gone", None),
        (Said(status=429, headers={"Retry-After": "120"}), "rate_limited", 120),
        (Said(status=429, headers={"Retry-After": "9" * 30}), "rate_limited", 86400),
        (Said(status=429, headers={"Retry-After": "soon"}), "rate_limited", None),
        (
            Said(status=429, headers={"Retry-After": f"Mon, 01 Jan 2024 00:00:00 +{'9' * 14}"}),
            "rate_limited",
            None,
        ),
        (
            Said(status=429, headers={"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"}),
            "rate_limited",
            0,
        ),
        (Said(status=500), "broken", None),
        (Said(status=503, headers={"Retry-After": "7"}), "broken", 7),
        (Said("[" * 100_000), "not_json", None),
        (Said(error=requests.ConnectionError("no route")), "unreachable", None),
        (Said(error=requests.ConnectTimeout("no answer")), "unreachable", None),
        (Said(error=requests.ReadTimeout("no answer")), "slow", None),
        (Said(error=requests.exceptions.ChunkedEncodingError("cut")), "unreachable", None),
        (
            Said(
                error=requests.ConnectionError(
                    urllib3.exceptions.ReadTimeoutError(
                        urllib3.HTTPConnectionPool("localhost"), "/", "late"
                    )
                )
            ),
            "slow",
            None,
        ),
        (Said("x" * (8 * 1024 * 1024 + 1)), "too_long", None),
    ],
)
def test_every_failure_is_one_word(
    registration: Registration, web: Web, said: Said, expected: str, wait: float | None
) -> None:
    web.say("GET", ROSTER_URL, said)
    failure = reason(Connector(registration))
    assert (failure.reason, failure.retry_after) == (expected, wait)


def test_the_next_link_keeps_its_case_and_reads_moodle(
    registration: Registration, web: Web
) -> None:
    following = "http://localhost:8080/Members?Bookmark=AbC"
    web.say("GET", ROSTER_URL, Said({}, headers={"Link": f'<{following}>; rel="next"'}))
    assert get(stock())["next_page_url"] == following.lower()
    assert get(Connector(registration))["next_page_url"] == following
    web.replay("moodle-grades", "lineitems-limit1")
    assert get(stock(), LINE_ITEMS_URL)["next_page_url"] is None
    second = LINE_ITEMS_URL + "&limit=1&from=1"
    assert get(Connector(registration), LINE_ITEMS_URL)["next_page_url"] == second


def pages(connector: Connector) -> list[Any]:
    return [one.body for one in connector.pages([SCOPE], ROSTER_URL, accept="application/json")]


def linked(address: str) -> Said:
    return Said({}, headers={"Link": f'<{address}>; rel="next"'})


@pytest.mark.parametrize(
    ("links", "expected"),
    [
        (["https://evil.example/"], "foreign_address"),
        (["https://localhost:8080/x"], "foreign_address"),
        (["http://[bad"], "malformed"),
        ([ROSTER_URL], "loop"),
        ([ROSTER_URL + "?2", ROSTER_URL], "loop"),
    ],
)
def test_a_list_that_leaves_or_goes_in_circles_fails(
    registration: Registration, web: Web, links: list[str], expected: str
) -> None:
    for page, link in zip([ROSTER_URL, *links], links, strict=False):
        web.say("GET", page, linked(link))
    with pytest.raises(ServiceFailed) as caught:
        pages(Connector(registration))
    assert caught.value.reason == expected


def test_a_list_without_end_fails(registration: Registration, web: Web) -> None:
    web.say("GET", ROSTER_URL, linked(f"{ROSTER_URL}?1"))
    for number in range(1, MOST_PAGES + 1):
        web.say("GET", f"{ROSTER_URL}?{number}", linked(f"{ROSTER_URL}?{number + 1}"))
    with pytest.raises(ServiceFailed, match="too_many_pages"):
        pages(Connector(registration))


def test_a_list_that_takes_too_long_fails(
    registration: Registration, web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connector_module, "LIST_SECONDS", -1)
    with pytest.raises(ServiceFailed, match="slow"):
        pages(Connector(registration))
    assert not web.asked


@pytest.mark.parametrize(
    "address",
    [
        "https://lms.example/members",
        "http://lms.example/members",
        "ftp://localhost:8080/members",
        "",
    ],
)
def test_a_token_goes_to_the_platform_only(
    registration: Registration, web: Web, address: str
) -> None:
    if address.startswith("ftp"):
        registration.auth_token_url = "https://lms.example/token"
    assert reason(Connector(registration), address).reason == "insecure_address"
    assert not web.asked


@pytest.mark.parametrize("address", ["https://127.0.0.1/x", "http://localhost/x", "https://[::1]/"])
def test_a_platform_elsewhere_does_not_send_us_to_this_machine(
    registration: Registration, web: Web, address: str
) -> None:
    registration.auth_token_url = "https://lms.example/token"
    assert reason(Connector(registration), address).reason == "insecure_address"
    assert not web.asked


def test_a_disabled_platform_is_not_called(registration: Registration, web: Web) -> None:
    registration.disabled_at = now()
    with pytest.raises(ServiceFailed, match="disabled"):
        Connector(registration)
    assert not web.asked


def test_nothing_said_is_nothing(registration: Registration, web: Web) -> None:
    web.say("GET", ROSTER_URL, Said("", 204), Said("  ", 200))
    connector = Connector(registration)
    assert get(connector)["body"] is None
    assert get(connector)["body"] is None
