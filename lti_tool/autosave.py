"""What the script in the page gets back from saving one field."""

from collections.abc import Callable

from flask import Response, jsonify

from lti_tool.entries import NotNow
from lti_tool.field_views import not_now_message, too_long_message
from lti_tool.models import Entry, QuestionRemark, Remark, db
from lti_tool.revisions import Stale, TooLong
from lti_tool.times import clock


def autosave_answer(write: Callable[[], Entry | QuestionRemark | Remark]) -> Response:
    """Write, commit, and answer JSON.

    200 {revision, saved_at} · 409 {error: "stale", text, revision} when somebody wrote since ·
    409 {error: "closed", message} when the field is closed · 422 {error: "too_long", message}.
    """
    try:
        row = write()
    except Stale as stale:
        db.session.rollback()
        return _json(409, error="stale", text=stale.text, revision=stale.revision)
    except NotNow:
        return _json(409, error="closed", message=not_now_message())
    except TooLong:
        return _json(422, error="too_long", message=too_long_message())
    db.session.commit()
    return _json(200, revision=row.revision, saved_at=clock(row.written_at))


def _json(status: int, **answer: object) -> Response:
    response = jsonify(answer)
    response.status_code = status
    return response
