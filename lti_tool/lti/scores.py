"""Telling the gradebook that something is completed: Assignment and Grade Services 2.0.

One score is ever sent: 1 of 1, `Completed` and `FullyGraded` (a score without the latter erases
the grade in Moodle). It says nothing about what was written, and carries no comment. In Moodle
leaving the comment out erases one a teacher wrote before; sending our own would be text where
none belongs. A pupil is reported once per round, so what a teacher writes later stays.
"""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from lti_tool.lti.connector import Connector
from lti_tool.lti.web import ServiceFailed

SCOPES = "https://purl.imsglobal.org/spec/lti-ags/scope/"
SCORE, LINE_ITEM = SCOPES + "score", SCOPES + "lineitem"
LINE_ITEM_TYPE = "application/vnd.ims.lis.v2.lineitem+json"
LINE_ITEMS_TYPE = "application/vnd.ims.lis.v2.lineitemcontainer+json"
SCORE_TYPE = "application/vnd.ims.lis.v1.score+json"
TAG_PREFIX = "loopbaangesprek-"
MAXIMUM = 1
LINK_REFUSED = frozenset({"refused", "not_found"})
"""Not every link may carry a column (Canvas: only an assignment's); then it stands alone."""


def may_report(scopes: Iterable[str], *, has_column: bool) -> bool:
    """Whether a course that offers these scopes lets us report, into a column there is or not."""
    return SCORE in scopes and (has_column or LINE_ITEM in scopes)


def find_or_make_column(
    connector: Connector, lineitems_url: str, *, key: str, label: str, resource_link_id: str | None
) -> str:
    """Return the address of the round's gradebook column.

    Our own is found back by its tag, so that a repeated call makes no second one; the activity's
    own column is used when it has one. A new one is tied to the activity where that is allowed.
    """
    tag = TAG_PREFIX + key
    searches = [("tag", tag)]
    if resource_link_id:
        searches.append(("resource_link_id", resource_link_id))
    for name, value in searches:
        found = _find(connector, lineitems_url, name, value)
        if found:
            return found
    item = {"label": label, "scoreMaximum": MAXIMUM, "tag": tag, "resourceId": key}
    if resource_link_id:
        try:
            return _make(connector, lineitems_url, {**item, "resourceLinkId": resource_link_id})
        except ServiceFailed as failure:
            if failure.reason not in LINK_REFUSED:
                raise
    return _make(connector, lineitems_url, item)


def send_completed(
    connector: Connector, lineitem_url: str, *, sub: str, completed_at: datetime
) -> bool:
    """Report a pupil's preparation as completed at that moment, which must not be ahead.

    False when the platform already knows something as new: our own report whose answer was lost,
    or what a teacher entered since. Both may stay.
    """
    score = {
        "userId": sub,
        "timestamp": completed_at.isoformat(timespec="milliseconds"),
        "activityProgress": "Completed",
        "gradingProgress": "FullyGraded",
        "scoreGiven": MAXIMUM,
        "scoreMaximum": MAXIMUM,
    }
    try:
        connector.make_service_request(
            scopes=[SCORE],
            url=scores_address(lineitem_url),
            is_post=True,
            data=json.dumps(score),
            content_type=SCORE_TYPE,
            accept="*/*",
        )
    except ServiceFailed as failure:
        if failure.reason == "conflict":
            return False
        raise
    return True


def _make(connector: Connector, lineitems_url: str, item: dict[str, object]) -> str:
    made = connector.make_service_request(
        scopes=[LINE_ITEM],
        url=lineitems_url,
        is_post=True,
        data=json.dumps(item),
        content_type=LINE_ITEM_TYPE,
        accept=LINE_ITEM_TYPE,
    )
    return _address(made["body"])


def scores_address(lineitem_url: str) -> str:
    """Put `/scores` where it belongs: before the query (Moodle)."""
    parts = urlsplit(lineitem_url)
    return urlunsplit(parts._replace(path=parts.path.rstrip("/") + "/scores"))


def _find(connector: Connector, lineitems_url: str, name: str, value: str) -> str:
    """Look through all columns: not every platform filters, so each is compared again."""
    parts = urlsplit(lineitems_url)
    query = [*parse_qsl(parts.query, keep_blank_values=True), (name, value)]
    url = urlunsplit(parts._replace(query=urlencode(query)))
    field = {"tag": "tag", "resource_link_id": "resourceLinkId"}[name]
    for page in connector.pages([LINE_ITEM], url, accept=LINE_ITEMS_TYPE):
        if not isinstance(page.body, list):
            raise ServiceFailed("malformed", "line items")
        for item in page.body:
            if isinstance(item, dict) and str(item.get(field, "")) == value:
                return _address(item)
    return ""


def _address(item: Any) -> str:
    """A column's id is its address."""
    address = item.get("id") if isinstance(item, dict) else None
    if not isinstance(address, str) or urlsplit(address).scheme not in {"http", "https"}:
        raise ServiceFailed("malformed", "line item")
    return address
