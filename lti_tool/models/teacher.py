"""What belongs to one teacher: questions for this conversation, and the grown instrument.

`OwnQuestion` and `Remark` are about the instrument and hold no reference to a pupil.
"""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.models.base import (
    Base,
    EncryptedText,
    UtcDateTime,
    Visibility,
    now,
    one_of,
)


class MustAnswer(Base, kw_only=True):
    """A question this conversation has to answer (vb-t1c), pinned in the guide."""

    __tablename__ = "must_answer"
    __table_args__ = (
        CheckConstraint("question_key IS NOT NULL OR text IS NOT NULL", name="question_or_text"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id"), index=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    question_key: Mapped[str | None] = mapped_column(Text, default=None)
    """Picked from the source; else `text` holds the words it was picked or typed in."""
    text: Mapped[str | None] = mapped_column(EncryptedText, default=None)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    visibility: Mapped[Visibility] = mapped_column(
        one_of(Visibility, "visibility", Visibility.TEACHER_DRAFT, Visibility.SHARED),
        default=Visibility.TEACHER_DRAFT,
    )


OWN = "own-"
"""What the key of a teacher's own question begins with, at a mark and in the bank."""


class OwnQuestion(Base, kw_only=True):
    """A question a teacher added to a group ("aan te vullen"), or their wording of one."""

    __tablename__ = "own_question"

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    phase_key: Mapped[str] = mapped_column(Text)
    group_key: Mapped[str] = mapped_column(Text)
    replaces_key: Mapped[str | None] = mapped_column(Text, default=None)
    """The question of the source it is another wording of; None for a new question."""
    text: Mapped[str] = mapped_column(EncryptedText)
    copied_from_id: Mapped[int | None] = mapped_column(ForeignKey("own_question.id"), default=None)
    """The colleague's question this one was taken over from."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default_factory=now)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    visibility: Mapped[Visibility] = mapped_column(
        one_of(
            Visibility, "visibility", Visibility.TEACHER_INSTRUMENT, Visibility.SCHOOL_INSTRUMENT
        ),
        default=Visibility.TEACHER_INSTRUMENT,
    )
    """The school's while it is shared with colleagues; that takes nothing from their copies."""

    @property
    def mark_key(self) -> str:
        """What a conversation notes down when it was asked."""
        return f"{OWN}{self.id}"

    @property
    def bank_key(self) -> str:
        """What it is arranged under: a wording stands in the source question's place."""
        return self.replaces_key or self.mark_key


class Remark(Base, kw_only=True):
    """A teacher's own remark at a phase, over all conversations ("Eigen opmerkingen")."""

    __tablename__ = "remark"
    __table_args__ = (
        UniqueConstraint("person_id", "phase_key"),
        CheckConstraint("revision >= 1", name="revision_from_one"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    phase_key: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(EncryptedText)
    revision: Mapped[int] = mapped_column(default=1)
    written_at: Mapped[datetime] = mapped_column(UtcDateTime, default_factory=now)
    visibility: Mapped[Visibility] = mapped_column(
        one_of(Visibility, "visibility", Visibility.TEACHER_INSTRUMENT),
        default=Visibility.TEACHER_INSTRUMENT,
    )
