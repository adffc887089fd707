"""A form that a device sends once more, because it never heard the answer to the first time.

`js/queue.js` says so with the field `again`. Forms that set something may simply come twice; those
that add something ask here whether it stands there already.
"""

from typing import Any

from flask import request
from sqlalchemy import select

from lti_tool.models import Conversation, db


def stands_already(kind: type[Any], conversation: Conversation, /, **values: object) -> bool:
    """Whether this form was sent again and a row of this conversation has just these values.

    Texts are encrypted, so rows are compared here and not by the database.
    """
    if not request.form.get("again"):
        return False
    rows = db.session.scalars(select(kind).where(kind.conversation_id == conversation.id))
    return any(all(getattr(row, name) == value for name, value in values.items()) for row in rows)
