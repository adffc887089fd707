"""Line items, scores and results over HTTP: Assignment and Grade Services 2.0."""

from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, Response, abort, request

from lti_tool.demo.gradebook import LineItem, LineItemFields, Score, StaleScore
from lti_tool.demo.services import answer, needs_scope, page_of, sent_json
from lti_tool.demo.state import Lms, current_lms
from lti_tool.demo.vocabulary import (
    LINE_ITEM,
    LINE_ITEM_READ,
    LINE_ITEM_TYPE,
    LINE_ITEMS_TYPE,
    RESULT_READ,
    RESULTS_TYPE,
    SCORE,
    SCORE_TYPE,
)

grades = Blueprint("grades", __name__, url_prefix="/services/lineitems")

LIST_PATH = "/services/lineitems"
PAGE_SIZE = 50
LARGEST_NUMBER = 1e9
ACTIVITY_PROGRESS = frozenset({"Initialized", "Started", "InProgress", "Submitted", "Completed"})
GRADING_PROGRESS = frozenset({"FullyGraded", "Pending", "PendingManual", "Failed", "NotReady"})


@grades.get("")
@needs_scope(LINE_ITEM, LINE_ITEM_READ)
def list_line_items() -> Response:
    """The columns, optionally those of one resource link, tag or resource id."""
    lms, asked = current_lms(), request.args
    found = [
        item
        for item in lms.gradebook.line_items()
        if asked.get("resource_link_id", item.fields.resource_link_id)
        == item.fields.resource_link_id
        and asked.get("tag", item.fields.tag) == item.fields.tag
        and asked.get("resource_id", item.fields.resource_id) == item.fields.resource_id
    ]
    query = {
        name: asked[name]
        for name in ("type_id", "resource_link_id", "tag", "resource_id")
        if name in asked
    }
    part, next_link = page_of(found, LIST_PATH, PAGE_SIZE, **query)
    return _with_link(answer([_as_json(lms, item) for item in part], LINE_ITEMS_TYPE), next_link)


@grades.post("")
@needs_scope(LINE_ITEM)
def add_line_item() -> Response:
    """A new column for the tool."""
    lms = current_lms()
    item = lms.gradebook.add(_fields(lms, sent_json(LINE_ITEM_TYPE)))
    return answer(_as_json(lms, item), LINE_ITEM_TYPE, 201)


@grades.get("/<item_id>/lineitem")
@needs_scope(LINE_ITEM, LINE_ITEM_READ)
def show_line_item(item_id: str) -> Response:
    """One column."""
    lms = current_lms()
    return answer(_as_json(lms, _found(lms, item_id)), LINE_ITEM_TYPE)


@grades.put("/<item_id>/lineitem")
@needs_scope(LINE_ITEM)
def change_line_item(item_id: str) -> Response:
    """Replace what a column says; the activity it belongs to stays."""
    lms = current_lms()
    item = _found(lms, item_id)
    body = {**sent_json(LINE_ITEM_TYPE), "resourceLinkId": item.fields.resource_link_id}
    changed = lms.gradebook.change(item_id, _fields(lms, body))
    if changed is None:
        abort(404, "this line item does not exist")
    return answer(_as_json(lms, changed), LINE_ITEM_TYPE)


@grades.delete("/<item_id>/lineitem")
@needs_scope(LINE_ITEM)
def remove_line_item(item_id: str) -> Response:
    """Take a column away."""
    lms = current_lms()
    lms.gradebook.remove(_found(lms, item_id).id)
    return Response(status=204)


@grades.post("/<item_id>/lineitem/scores")
@needs_scope(SCORE)
def add_score(item_id: str) -> Response:
    """Keep a score. 409 when one of this second or later is known, as the standard asks."""
    lms = current_lms()
    item = _found(lms, item_id)
    score = _score(lms, sent_json(SCORE_TYPE))
    try:
        lms.gradebook.record(item.id, score)
    except StaleScore:
        abort(409, "a score with this timestamp or a later one is known")
    return Response(status=200, mimetype=SCORE_TYPE)


@grades.get("/<item_id>/lineitem/results")
@needs_scope(RESULT_READ)
def list_results(item_id: str) -> Response:
    """The grades of one column, optionally of one pupil (`user_id`)."""
    lms = current_lms()
    item = _found(lms, item_id)
    wanted = request.args.get("user_id")
    scores = [
        score
        for score in lms.gradebook.scores(item.id)
        if wanted is None or score.user_id == wanted
    ]
    query = {name: request.args[name] for name in ("type_id", "user_id") if name in request.args}
    part, next_link = page_of(scores, f"{LIST_PATH}/{item.id}/lineitem/results", PAGE_SIZE, **query)
    body = [_result(lms, item, score) for score in part]
    return _with_link(answer(body, RESULTS_TYPE), next_link)


def _found(lms: Lms, item_id: str) -> LineItem:
    item = lms.gradebook.line_item(item_id)
    if item is None:
        abort(404, "this line item does not exist")
    return item


def _with_link(response: Response, link: str | None) -> Response:
    if link:
        response.headers["Link"] = link
    return response


def _address(lms: Lms, item: LineItem, service: str = "") -> str:
    return lms.url(f"{LIST_PATH}/{item.id}/lineitem{service}?type_id=1")


def _as_json(lms: Lms, item: LineItem) -> dict[str, object]:
    fields = item.fields
    optional = {
        "resourceId": fields.resource_id,
        "tag": fields.tag,
        "resourceLinkId": fields.resource_link_id,
        "startDateTime": fields.starts,
        "endDateTime": fields.ends,
    }
    return {
        "id": _address(lms, item),
        "label": fields.label,
        "scoreMaximum": fields.maximum,
        **{name: value for name, value in optional.items() if value is not None},
    }


def _result(lms: Lms, item: LineItem, score: Score) -> dict[str, object]:
    """A score without a grade leaves only the pupil's id, as in Moodle."""
    result: dict[str, object] = {
        "id": f"{_address(lms, item, '/results')}&user_id={score.user_id}",
        "userId": score.user_id,
        "scoreOf": _address(lms, item),
    }
    grade = score.result(item.fields.maximum)
    if grade is not None:
        result |= {"resultScore": grade, "resultMaximum": item.fields.maximum}
        if score.comment is not None:
            result["comment"] = score.comment
    return result


def _fields(lms: Lms, body: dict[str, Any]) -> LineItemFields:
    """Read a line item; 400 when something about it is wrong."""
    label = _text(body, "label")
    maximum = _number(body, "scoreMaximum")
    if not label or not label.strip():
        abort(400, "label is needed")
    if not maximum:
        abort(400, "scoreMaximum must be more than 0")
    link_id = _text(body, "resourceLinkId")
    if link_id is not None and not lms.courses.has_activity(link_id):
        abort(404, "resourceLinkId is not known in this course")
    return LineItemFields(
        label=label,
        maximum=maximum,
        resource_id=_text(body, "resourceId"),
        tag=_text(body, "tag"),
        resource_link_id=link_id,
        starts=_text(body, "startDateTime"),
        ends=_text(body, "endDateTime"),
    )


def _score(lms: Lms, body: dict[str, Any]) -> Score:
    """Read a score; 400 when something about it is wrong. Only pupils have grades."""
    person = lms.courses.participant(_text(body, "userId") or "")
    if person is None or person.role != "pupil":
        abort(400, "userId must be a pupil of this course")
    activity_progress = _text(body, "activityProgress") or ""
    grading_progress = _text(body, "gradingProgress") or ""
    if activity_progress not in ACTIVITY_PROGRESS:
        abort(400, "activityProgress is not one of the standard's values")
    if grading_progress not in GRADING_PROGRESS:
        abort(400, "gradingProgress is not one of the standard's values")
    given, maximum = _number(body, "scoreGiven"), _number(body, "scoreMaximum")
    if given is not None and not maximum:
        abort(400, "scoreMaximum must be more than 0 when there is a scoreGiven")
    return Score(
        user_id=person.id,
        at=_timestamp(body),
        activity_progress=activity_progress,
        grading_progress=grading_progress,
        given=given,
        maximum=maximum,
        comment=_text(body, "comment"),
    )


def _timestamp(body: dict[str, Any]) -> datetime:
    try:
        moment = datetime.fromisoformat(_text(body, "timestamp") or "")
        if moment.tzinfo is None:
            abort(400, "timestamp must name its time zone")
        return moment.astimezone(UTC).replace(microsecond=0)
    except (ValueError, OverflowError):
        abort(400, "timestamp must be an ISO 8601 moment")


def _text(body: dict[str, Any], name: str) -> str | None:
    value = body.get(name)
    if value is not None and not isinstance(value, str):
        abort(400, f"{name} must be a text")
    return value


def _number(body: dict[str, Any], name: str) -> float | None:
    value = body.get(name)
    if value is None:
        return None
    if not isinstance(value, int | float) or isinstance(value, bool):
        abort(400, f"{name} must be a number")
    if not 0 <= value <= LARGEST_NUMBER:
        abort(400, f"{name} must be between 0 and {LARGEST_NUMBER:.0f}")
    return value
