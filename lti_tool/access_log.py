"""Writing the access log: who did what with which conversation. Rows are only ever added."""

from datetime import timedelta

from sqlalchemy import insert, select

from lti_tool.access import visit
from lti_tool.models import AccessLog, Act, db, now, write_aside

SAME_VIEW = timedelta(hours=1)
"""Views of one conversation by one person within this time are one line."""


def record(conversation_id: int, act: Act) -> None:
    """Add a line to the present transaction; the caller commits."""
    db.session.add(
        AccessLog(enrolment_id=visit().enrolment.id, conversation_id=conversation_id, act=act)
    )


def record_view(conversation_id: int) -> None:
    """Note that this person read a conversation, apart from the page's own transaction."""
    recent = select(AccessLog.id).where(
        AccessLog.enrolment_id == visit().enrolment.id,
        AccessLog.conversation_id == conversation_id,
        AccessLog.act == Act.VIEWED,
        AccessLog.at > now() - SAME_VIEW,
    )
    if db.session.scalar(recent.limit(1)) is not None:
        return
    write_aside(
        insert(AccessLog).values(
            enrolment_id=visit().enrolment.id,
            conversation_id=conversation_id,
            act=Act.VIEWED,
            at=now(),
        )
    )
