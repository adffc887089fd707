"""A text that two windows may hold at once: every write names the revision it was based on.

So the second one never silently overwrites the first; it gets both texts back.
"""

from typing import Any, TypeVar

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from lti_tool.fields import LONGEST_TEXT, SHEET
from lti_tool.models import Entry, QuestionRemark, Remark, Visibility, db, now

Written = TypeVar("Written", Entry, Remark, QuestionRemark)

FILLED_IN_BEFOREHAND = frozenset(
    (key, Visibility.PUPIL_DRAFT) for key in ("prep.vb-v02", *(f"sheet.{one}" for one in SHEET))
)
"""Fields a page offers with a text of a conversation. That somebody emptied one has to be known, or
the text would come back on every visit."""


class TooLong(Exception):
    """More than LONGEST_TEXT characters."""


class Stale(Exception):
    """Somebody wrote since: `text` and `revision` are what stands there now."""

    def __init__(self, row: Entry | Remark | QuestionRemark) -> None:
        super().__init__(row.id)
        self.text, self.revision = row.text, row.revision


def write_text(
    kind: type[Written], place: dict[str, Any], text: str, revision: int, **also: Any
) -> Written:
    """Write `text` into the one row at `place`; `revision` is 0 for a text without a row.

    `also` goes into the row with the text. Flushes; the caller commits. Raises TooLong or Stale,
    and then nothing was written. An empty text makes no row, but for FILLED_IN_BEFOREHAND.
    """
    if len(text) > LONGEST_TEXT:
        raise TooLong
    query = select(kind).filter_by(**place).execution_options(populate_existing=True)
    row = db.session.scalars(query).one_or_none()
    if row is None:
        kept_empty = (place.get("key"), place.get("visibility")) in FILLED_IN_BEFOREHAND
        if not text and not kept_empty:
            return kind(**place, text=text, revision=0, **also)
        row = kind(**place, text=text, **also)
        try:
            with db.session.begin_nested():
                db.session.add(row)
        except IntegrityError as error:
            row = db.session.scalars(query).one()
            if row.text != text:
                raise Stale(row) from error
        return row
    if row.text == text:
        return row
    changed = db.session.execute(
        update(kind)
        .where(kind.id == row.id, kind.revision == revision)
        .values(text=text, revision=revision + 1, written_at=now(), **also)
        .returning(kind.id)
        .execution_options(synchronize_session=False)
    ).scalar_one_or_none()
    row = db.session.scalars(query).one()
    if changed is None:
        raise Stale(row)
    return row
