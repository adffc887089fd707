"""What a pupil passed on: a conversation of one course, read along by the teachers of another."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.models.base import Base, UtcDateTime, now


class PassedOn(Base, kw_only=True):
    """A pupil's decision about one conversation for one other course they are in.

    No row: they were not asked yet, or did not answer. By whom it was decided is in `to_id`, and
    each change is a line of the access log.
    """

    __tablename__ = "passed_on"
    __table_args__ = (UniqueConstraint("conversation_id", "to_id"),)

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id"))
    to_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), index=True)
    """The same pupil in the other course: its teachers read the shared parts."""
    passed_at: Mapped[datetime] = mapped_column(UtcDateTime, default_factory=now)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    """Set when the pupil took it back, or chose not to pass it on when asked."""
