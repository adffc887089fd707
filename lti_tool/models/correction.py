"""What was put right in a closed conversation, with the words that stood there before."""

from datetime import datetime

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lti_tool.models.base import Base, EncryptedText, UtcDateTime, Visibility, now, one_of
from lti_tool.models.course import Enrolment


class Correction(Base, kw_only=True):
    """One change of one part after closing; nothing that was said is lost."""

    __tablename__ = "correction"

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id"), index=True)
    part: Mapped[str] = mapped_column(Text)
    """The key of an entry, or "goal-<id>", "experience-<id>", "outcome-<id>", "agreement-<id>"."""
    before: Mapped[str] = mapped_column(EncryptedText)
    after: Mapped[str] = mapped_column(EncryptedText)
    written_by_id: Mapped[int | None] = mapped_column(ForeignKey("enrolment.id"))
    written_at: Mapped[datetime] = mapped_column(UtcDateTime, default_factory=now)
    visibility: Mapped[Visibility] = mapped_column(
        one_of(Visibility, "visibility", Visibility.SHARED), default=Visibility.SHARED
    )

    written_by: Mapped[Enrolment | None] = relationship(init=False, lazy="raise_on_sql")
