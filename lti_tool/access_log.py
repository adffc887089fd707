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


def record_view(*conversation_ids: int) -> None:
    """Note that this person read conversations, apart from the page's own transaction."""
    recent = db.session.scalars(
        select(AccessLog.conversation_id).where(
            AccessLog.enrolment_id == visit().enrolment.id,
            AccessLog.conversation_id.in_(conversation_ids),
            AccessLog.act == Act.VIEWED,
            AccessLog.at > now() - SAME_VIEW,
        )
    ).all()
    unseen = [one for one in conversation_ids if one not in recent]
    if unseen:
        line = {"enrolment_id": visit().enrolment.id, "act": Act.VIEWED, "at": now()}
        write_aside(insert(AccessLog).values([{**line, "conversation_id": one} for one in unseen]))


def record_export(*conversation_ids: int) -> None:
    """Note that this person takes conversations along as a file, apart from any transaction."""
    if conversation_ids:
        line = {"enrolment_id": visit().enrolment.id, "act": Act.EXPORTED, "at": now()}
        lines = [{**line, "conversation_id": one} for one in conversation_ids]
        write_aside(insert(AccessLog).values(lines))
