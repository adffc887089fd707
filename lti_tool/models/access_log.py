"""Who did what with whose record, and when: rows are added, never changed; no content."""

import enum
from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.models.base import Base, UtcDateTime, now, one_of


class Act(enum.StrEnum):
    """What somebody did."""

    VIEWED = "viewed"
    CHANGED = "changed"
    SENT = "sent"
    STARTED = "started"
    CLOSED = "closed"
    REOPENED = "reopened"
    PASSED_ON = "passed_on"
    """By the pupil, to the teachers of the course the line's enrolment is in."""
    TAKEN_BACK = "taken_back"
    EXPORTED = "exported"
    """Taken along as a file or on paper."""


class AccessLog(Base, kw_only=True):
    """One act of one enrolled person on one conversation."""

    __tablename__ = "access_log"

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), index=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id"), index=True)
    act: Mapped[Act] = mapped_column(one_of(Act, "act"))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default_factory=now)
