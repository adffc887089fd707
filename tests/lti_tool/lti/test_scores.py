"""What the gradebook is told, byte for byte, and how Moodle answers."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from pylti1p3.assignments_grades import AssignmentsGradesService as StockGrades
from pylti1p3.service_connector import ServiceConnector as StockConnector

from lti_tool.lti.connector import AccessTokens, Connector
from lti_tool.lti.scores import (
    LINE_ITEM_TYPE,
    LINE_ITEMS_TYPE,
    SCORE_TYPE,
    find_or_make_column,
    may_report,
    scores_address,
    send_completed,
)
from lti_tool.lti.web import ServiceFailed
from lti_tool.models import Registration
from tests.support.platform_web import (
    AGS,
    HTML,
    LINE_ITEM_URL,
    LINE_ITEMS_URL,
    SCORES_URL,
    TOKEN_URL,
    Said,
    Web,
    as_sent,
    exchange,
    platform_web,
)

SENT_AT = datetime(2026, 11, 24, 0, 12, 33, 237_411, tzinfo=UTC)
BY_TAG = LINE_ITEMS_URL + "&tag=loopbaangesprek-key-1"
BY_LINK = LINE_ITEMS_URL + "&resource_link_id=1"


@pytest.fixture
def web() -> Iterator[Web]:
    with platform_web() as found:
        yield found


@pytest.fixture
def moodle(app: Flask) -> Iterator[Connector]:
    with app.app_context():
        app.extensions["lob_tokens"] = AccessTokens()
        yield Connector(
            Registration(
                issuer="http://localhost:8080",
                client_id="client-1",
                auth_login_url="http://localhost:8080/auth",
                auth_token_url=TOKEN_URL,
                jwks_url="http://localhost:8080/jwks",
            )
        )


def column(moodle: Connector, link: str | None = "1") -> str:
    return find_or_make_column(
        moodle, LINE_ITEMS_URL, key="key-1", label="Gesprek & meer", resource_link_id=link
    )


def test_a_score_is_a_fact_without_judgement_or_text(moodle: Connector, web: Web) -> None:
    web.replay("moodle-grades", "score-s1")
    assert send_completed(moodle, LINE_ITEM_URL, sub="4", completed_at=SENT_AT)
    (request,) = web.calls("POST", SCORES_URL)
    assert json.loads(request.body or "") == {
        "userId": "4",
        "timestamp": "2026-11-24T00:12:33.237+00:00",
        "activityProgress": "Completed",
        "gradingProgress": "FullyGraded",
        "scoreGiven": 1,
        "scoreMaximum": 1,
    }
    assert request.headers["Content-Type"] == SCORE_TYPE
    (asked,) = web.calls("POST", TOKEN_URL)
    assert "lineitem" not in str(asked.body)


@pytest.mark.parametrize(
    ("line_item", "expected"),
    [
        ("https://a/b/lineitem?type_id=1", "https://a/b/lineitem/scores?type_id=1"),
        ("https://a/b/line_items/5", "https://a/b/line_items/5/scores"),
        ("https://a/b/5/", "https://a/b/5/scores"),
    ],
)
def test_scores_come_before_the_query(line_item: str, expected: str) -> None:
    assert scores_address(line_item) == expected


def test_an_equal_or_newer_score_is_enough(moodle: Connector, web: Web) -> None:
    web.replay("moodle-grades", "score-s1-same-second")
    assert not send_completed(moodle, LINE_ITEM_URL, sub="4", completed_at=SENT_AT)


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (Said([], 400), "refused"),
        (Said(status=403), "forbidden"),
        (Said(status=404), "not_found"),
        (Said(HTML, 200), "not_json"),
        (Said(status=429, headers={"Retry-After": "5"}), "rate_limited"),
    ],
)
def test_a_score_that_does_not_arrive(moodle: Connector, web: Web, said: Said, reason: str) -> None:
    web.say("POST", SCORES_URL, said)
    with pytest.raises(ServiceFailed) as caught:
        send_completed(moodle, LINE_ITEM_URL, sub="4", completed_at=SENT_AT)
    assert caught.value.reason == reason


def test_moodle_refuses_a_teachers_score(moodle: Connector, web: Web) -> None:
    web.replay("moodle-grades", "score-teacher")
    with pytest.raises(ServiceFailed, match="refused"):
        send_completed(moodle, LINE_ITEM_URL, sub="3", completed_at=SENT_AT)


def test_the_activitys_own_column_is_found(moodle: Connector, web: Web) -> None:
    web.say("GET", BY_TAG, Said([]))
    answer = exchange("moodle-grades", "lineitems-filter-link")["response"]["body"]
    web.say("GET", BY_LINK, Said(answer))
    assert column(moodle) == LINE_ITEM_URL
    (request,) = web.calls("GET", BY_LINK)
    assert request.headers["Accept"] == LINE_ITEMS_TYPE


def test_our_own_column_is_found_back_also_where_nothing_is_filtered(
    moodle: Connector, web: Web
) -> None:
    ours = {"id": "http://localhost:8080/ours", "tag": "loopbaangesprek-key-1"}
    answer = exchange("moodle-grades", "lineitems-get-all")["response"]["body"]
    following = BY_TAG + "&from=2"
    link = as_sent(f"<{following.replace('&', '&amp;')}>; rel=“next”")
    web.say("GET", BY_TAG, Said(answer, headers={"Link": link}))
    web.say("GET", following, Said([ours]))
    web.say("GET", LINE_ITEMS_URL, Said(answer, headers={"Link": link}))
    grades = StockGrades(
        service_connector=StockConnector(registration=moodle._registration),
        service_data={"scope": [AGS + "lineitem"], "lineitems": LINE_ITEMS_URL},
    )
    assert grades.find_lineitem_by_tag(tag=ours["tag"]) is None
    assert column(moodle, None) == ours["id"]


def test_a_column_is_made_when_there_is_none(moodle: Connector, web: Web) -> None:
    web.say("GET", BY_TAG, Said([]))
    web.say("GET", BY_LINK, Said([]))
    made = exchange("moodle-grades", "lineitems-post-coupled")["response"]
    web.say("POST", LINE_ITEMS_URL, Said(made["body"], 201))
    assert column(moodle) == made["body"]["id"]
    (request,) = web.calls("POST", LINE_ITEMS_URL)
    assert json.loads(request.body or "") == {
        "label": "Gesprek & meer",
        "scoreMaximum": 1,
        "tag": "loopbaangesprek-key-1",
        "resourceId": "key-1",
        "resourceLinkId": "1",
    }
    assert request.headers["Content-Type"] == LINE_ITEM_TYPE


@pytest.mark.parametrize("status", [400, 404, 412, 422])
def test_a_link_that_may_have_no_column_gets_one_beside_it(
    moodle: Connector, web: Web, status: int
) -> None:
    web.say("GET", BY_TAG, Said([]))
    web.say("GET", BY_LINK, Said([]))
    web.say("POST", LINE_ITEMS_URL, Said(status=status), Said({"id": LINE_ITEM_URL}, 201))
    assert column(moodle) == LINE_ITEM_URL
    tied, alone = (json.loads(one.body or "") for one in web.calls("POST", LINE_ITEMS_URL))
    assert tied.pop("resourceLinkId") == "1"
    assert tied == alone


def test_a_platform_that_is_down_gets_no_second_column(moodle: Connector, web: Web) -> None:
    web.say("GET", BY_TAG, Said([]))
    web.say("GET", BY_LINK, Said([]))
    web.say("POST", LINE_ITEMS_URL, Said(status=503))
    with pytest.raises(ServiceFailed, match="broken"):
        column(moodle)
    assert len(web.calls("POST", LINE_ITEMS_URL)) == 1


@pytest.mark.parametrize("body", ["", {}, {"id": 5}, {"id": "javascript:alert(1)"}, []])
def test_a_column_without_an_address_is_none(moodle: Connector, web: Web, body: Any) -> None:
    web.say("GET", BY_TAG, Said([]))
    web.say("POST", LINE_ITEMS_URL, Said(body, 201))
    with pytest.raises(ServiceFailed, match="malformed"):
        column(moodle, None)


def test_columns_that_are_no_list_are_none(moodle: Connector, web: Web) -> None:
    web.say("GET", BY_TAG, Said({"items": []}))
    with pytest.raises(ServiceFailed, match="malformed"):
        column(moodle, None)


@pytest.mark.parametrize(
    ("scopes", "has_column", "expected"),
    [
        ([AGS + "score"], True, True),
        ([AGS + "score"], False, False),
        ([AGS + "score", AGS + "lineitem"], False, True),
        ([AGS + "lineitem"], True, False),
        ([], True, False),
    ],
)
def test_what_the_scopes_allow(scopes: list[str], has_column: bool, expected: bool) -> None:
    assert may_report(scopes, has_column=has_column) is expected
