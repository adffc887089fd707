"""Times a teacher offers for the conversations of a round, and who has them."""

from datetime import datetime, timedelta

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lti_tool.models.base import Base, EncryptedText, UtcDateTime, Visibility, one_of
from lti_tool.models.conversation import Conversation
from lti_tool.models.course import Enrolment

SHORTEST, LONGEST = 5, 240
"""Minutes of one conversation."""


class OfferedTime(Base, kw_only=True):
    """One time for one conversation: free, booked, or called off.

    A conversation is of one pupil in one round, so that it stands here once means that a pupil has
    one time in a round. When a pupil is erased, their time is free again: the reference is emptied.
    """

    __tablename__ = "offered_time"
    __table_args__ = (
        UniqueConstraint("conversation_id"),
        CheckConstraint(
            f"minutes BETWEEN {SHORTEST} AND {LONGEST}", name="minutes_of_a_conversation"
        ),
        CheckConstraint(
            "called_off_at IS NULL OR conversation_id IS NULL", name="called_off_is_nobodys"
        ),
        CheckConstraint(
            "called_off_for_id IS NULL OR called_off_at IS NOT NULL", name="called_off_has_moment"
        ),
        Index("ix_offered_time_round_id_starts_at", "round_id", "starts_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    teacher_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), index=True)
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    minutes: Mapped[int] = mapped_column()
    place: Mapped[str] = mapped_column(EncryptedText, default="")
    """Short: "lokaal 2.14"; may be empty."""
    conversation_id: Mapped[int | None] = mapped_column(ForeignKey("conversation.id"), default=None)
    """Whose it is; None while it is free."""
    booked_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    called_off_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    """When the teacher called a booked time off; nobody can choose it any more."""
    called_off_for_id: Mapped[int | None] = mapped_column(
        ForeignKey("conversation.id"), default=None, index=True
    )
    """Who had it then: they are told, until they choose another."""
    visibility: Mapped[Visibility] = mapped_column(
        one_of(Visibility, "visibility", Visibility.SHARED), default=Visibility.SHARED
    )

    teacher: Mapped[Enrolment] = relationship(init=False, lazy="raise_on_sql")
    conversation: Mapped[Conversation | None] = relationship(
        init=False, lazy="raise_on_sql", foreign_keys="OfferedTime.conversation_id"
    )

    @property
    def ends_at(self) -> datetime:
        """When it is over."""
        return self.starts_at + timedelta(minutes=self.minutes)
