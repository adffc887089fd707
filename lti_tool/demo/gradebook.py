"""The gradebook: line items and scores, by the rules of Assignment and Grade Services 2.0."""

from dataclasses import dataclass, replace
from datetime import datetime
from threading import Lock

from lti_tool.demo.school import School

DEFAULT_MAXIMUM = 100


class StaleScore(Exception):
    """A score is not newer than the one that is kept."""


@dataclass(frozen=True)
class LineItemFields:
    """What a tool may say about a column."""

    label: str
    maximum: float
    resource_id: str | None = None
    tag: str | None = None
    resource_link_id: str | None = None
    starts: str | None = None
    ends: str | None = None


@dataclass(frozen=True)
class LineItem:
    """A column of the gradebook."""

    id: str
    fields: LineItemFields
    made_for_activity: bool = False
    """The LMS made it together with a graded activity; that one is named in the launch."""


@dataclass(frozen=True)
class Score:
    """What a tool last said about a pupil."""

    user_id: str
    at: datetime
    """In UTC, whole seconds: like Moodle we refuse a second score within the same second."""
    activity_progress: str
    grading_progress: str
    given: float | None
    maximum: float | None
    comment: str | None

    def result(self, line_item_maximum: float) -> float | None:
        """Return the grade on the column's scale; only a fully graded score is one."""
        if self.grading_progress != "FullyGraded" or self.given is None or not self.maximum:
            return None
        return round(self.given / self.maximum * line_item_maximum, 5)


class Gradebook:
    """Columns and the newest score of each pupil in each of them."""

    def __init__(self, school: School) -> None:
        self._lock = Lock()
        self._last_id = 0
        self._items: dict[str, LineItem] = {}
        self._scores: dict[str, dict[str, Score]] = {}
        for activity in school.activities:
            if activity.graded:
                self._add(
                    LineItemFields(
                        label=activity.title,
                        maximum=DEFAULT_MAXIMUM,
                        resource_link_id=activity.id,
                    ),
                    made_for_activity=True,
                )

    def line_items(self) -> list[LineItem]:
        """All columns, in the order they were made."""
        with self._lock:
            return list(self._items.values())

    def line_item(self, item_id: str) -> LineItem | None:
        """One column."""
        return self._items.get(item_id)

    def line_item_of_activity(self, activity_id: str) -> LineItem | None:
        """The column that came with a graded activity."""
        return next(
            (
                item
                for item in self.line_items()
                if item.made_for_activity and item.fields.resource_link_id == activity_id
            ),
            None,
        )

    def add(self, fields: LineItemFields) -> LineItem:
        """Make a column for the tool."""
        with self._lock:
            return self._add(fields)

    def add_for_activity(self, activity_id: str, fields: LineItemFields) -> LineItem:
        """Make the column that comes with a graded activity."""
        with self._lock:
            return self._add(replace(fields, resource_link_id=activity_id), made_for_activity=True)

    def change(self, item_id: str, fields: LineItemFields) -> LineItem | None:
        """Replace what a column says; None when it is gone."""
        with self._lock:
            item = self._items.get(item_id)
            if item is None:
                return None
            self._items[item_id] = changed = replace(item, fields=fields)
            return changed

    def remove(self, item_id: str) -> None:
        """Take a column away, with its scores."""
        with self._lock:
            self._items.pop(item_id, None)
            self._scores.pop(item_id, None)

    def record(self, item_id: str, score: Score) -> None:
        """Keep a score; it replaces the former one whole. Raises StaleScore."""
        with self._lock:
            column = self._scores.get(item_id)
            if column is None:
                return
            former = column.get(score.user_id)
            if former and score.at <= former.at:
                raise StaleScore
            column[score.user_id] = score

    def scores(self, item_id: str) -> list[Score]:
        """The scores of one column."""
        with self._lock:
            return list(self._scores.get(item_id, {}).values())

    def score(self, item_id: str, user_id: str) -> Score | None:
        """One pupil's score in one column."""
        with self._lock:
            return self._scores.get(item_id, {}).get(user_id)

    def _add(self, fields: LineItemFields, *, made_for_activity: bool = False) -> LineItem:
        self._last_id += 1
        item = LineItem(str(self._last_id), fields, made_for_activity)
        self._items[item.id] = item
        self._scores[item.id] = {}
        return item
