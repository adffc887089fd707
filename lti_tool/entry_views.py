"""The autosave endpoint: one field, one write, a few bytes back."""

from flask import Blueprint, Response, request
from werkzeug.exceptions import NotFound

from lti_tool.access import Right, requires, visit
from lti_tool.autosave import autosave_answer
from lti_tool.entries import write
from lti_tool.field_views import posted_revision
from lti_tool.fields import field
from lti_tool.form_questions import exists
from lti_tool.records import own_or_course_conversation

entries = Blueprint("entries", __name__, url_prefix="/s/<session_id>/conversations")


@entries.post("/<int:conversation_id>/entries/<key>")
@requires(Right.ENTRY)
def save(conversation_id: int, key: str) -> Response:
    """Write one field: the text stands under its key, its revision under "revision.<key>"."""
    conversation = own_or_course_conversation(conversation_id)
    one = field(key, visit().role)
    if one is None or key not in request.form or not exists(conversation.round, key):
        raise NotFound("no_such_field")
    return autosave_answer(
        lambda: write(conversation, one, request.form[key], posted_revision(key))
    )
