"""What a teacher takes along from looking back: which questions work, and steps of their own.

`QuestionTally` and `QuestionRemark` are about the instrument and hold no reference to a pupil, nor
to a conversation.
"""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lti_tool.models.base import (
    Base,
    EncryptedText,
    UtcDateTime,
    Visibility,
    now,
    one_of,
)
from lti_tool.models.conversation import Conversation


class QuestionTally(Base, kw_only=True):
    """How often a question worked for this teacher, over all conversations (re-p1).

    It keeps no moment on purpose: with one, a count could be laid beside a conversation.
    """

    __tablename__ = "question_tally"
    __table_args__ = (
        UniqueConstraint("person_id", "question_key"),
        CheckConstraint("worked >= 0 AND did_not_work >= 0", name="counts_from_nought"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    question_key: Mapped[str] = mapped_column(Text)
    """As in `QuestionMark`."""
    worked: Mapped[int] = mapped_column(default=0)
    did_not_work: Mapped[int] = mapped_column(default=0)


class QuestionRemark(Base, kw_only=True):
    """A teacher's remark at one question, over all conversations; about the question alone."""

    __tablename__ = "question_remark"
    __table_args__ = (
        UniqueConstraint("person_id", "question_key"),
        CheckConstraint("revision >= 1", name="revision_from_one"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    question_key: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(EncryptedText)
    revision: Mapped[int] = mapped_column(default=1)
    written_at: Mapped[datetime] = mapped_column(UtcDateTime, default_factory=now)
    visibility: Mapped[Visibility] = mapped_column(
        one_of(Visibility, "visibility", Visibility.TEACHER_INSTRUMENT),
        default=Visibility.TEACHER_INSTRUMENT,
    )


class NextStep(Base, kw_only=True):
    """What a teacher means to do next with this pupil (re-t1); theirs alone, until it is done."""

    __tablename__ = "next_step"

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id"), index=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), index=True)
    text: Mapped[str] = mapped_column(EncryptedText)
    due_on: Mapped[date | None] = mapped_column(Date, default=None)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default_factory=now)
    visibility: Mapped[Visibility] = mapped_column(
        one_of(Visibility, "visibility", Visibility.TEACHER_PUPIL),
        default=Visibility.TEACHER_PUPIL,
    )

    conversation: Mapped[Conversation] = relationship(init=False, lazy="raise_on_sql")
