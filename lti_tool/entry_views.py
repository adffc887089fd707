"""The autosave endpoint: one field, one write, a few bytes back."""

from flask import Blueprint, Response, jsonify, request
from werkzeug.exceptions import NotFound

from lti_tool.access import Right, own_or_course_conversation, requires, visit
from lti_tool.entries import (
    NotNow,
    Stale,
    TooLong,
    not_now_message,
    posted_revision,
    too_long_message,
    write,
)
from lti_tool.fields import field
from lti_tool.models import db
from lti_tool.times import clock

entries = Blueprint("entries", __name__, url_prefix="/s/<session_id>/conversations")


@entries.post("/<int:conversation_id>/entries/<key>")
@requires(Right.ENTRY)
def save(conversation_id: int, key: str) -> tuple[Response, int]:
    """Write one field.

    Form: the text under the field's key, its revision under "revision.<key>". Answers JSON:
    200 {revision, saved_at} · 409 {error, text, revision} when stale · 409 {error, message} when
    the field is closed · 422 {error, message} when too long.
    """
    conversation = own_or_course_conversation(conversation_id)
    one = field(key, visit().role)
    if one is None or key not in request.form:
        raise NotFound("no_such_field")
    try:
        entry = write(conversation, one, request.form[key], posted_revision(key))
    except Stale as stale:
        db.session.rollback()
        return jsonify(error="stale", text=stale.entry.text, revision=stale.entry.revision), 409
    except NotNow:
        return jsonify(error="closed", message=not_now_message()), 409
    except TooLong:
        return jsonify(error="too_long", message=too_long_message()), 422
    db.session.commit()
    return jsonify(revision=entry.revision, saved_at=clock(entry.written_at)), 200
