"""The question bank beyond a teacher's own questions: how they arranged it, and the school's set.

Nothing here holds a reference to a pupil or a conversation.
"""

from datetime import datetime

from sqlalchemy import ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.models.base import (
    Base,
    EncryptedText,
    UtcDateTime,
    Visibility,
    now,
    one_of,
)


class QuestionPlace(Base, kw_only=True):
    """Where a teacher put one question in its group, and whether they hid it; no text.

    No row means as it comes: the source's order, then the school's, then one's own.
    """

    __tablename__ = "question_place"
    __table_args__ = (UniqueConstraint("person_id", "question_key"),)

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    question_key: Mapped[str] = mapped_column(Text)
    """A key of the instrument, "own-<id>" or "school-<id>"."""
    place: Mapped[int | None] = mapped_column(default=None)
    """From 0 within the group; None: after those that have one."""
    hidden: Mapped[bool] = mapped_column(default=False)


SCHOOL = "school-"
"""What the key of a question of the school's set begins with, at a mark and in the bank."""


class SchoolQuestion(Base, kw_only=True):
    """A question of the school's set, for all its teachers; the wording never changes.

    A copy of the question a teacher shared, so what that teacher does with theirs later changes
    nothing for the school.
    """

    __tablename__ = "school_question"

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"), index=True)
    phase_key: Mapped[str] = mapped_column(Text)
    group_key: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(EncryptedText)
    chosen_from_id: Mapped[int | None] = mapped_column(ForeignKey("own_question.id"), default=None)
    chosen_at: Mapped[datetime] = mapped_column(UtcDateTime, default_factory=now)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    """Set when the administrator took it out of the set; conversations still name it."""
    visibility: Mapped[Visibility] = mapped_column(
        one_of(Visibility, "visibility", Visibility.SCHOOL_INSTRUMENT),
        default=Visibility.SCHOOL_INSTRUMENT,
    )

    @property
    def bank_key(self) -> str:
        """What it is arranged under, and what a conversation notes down when it was asked."""
        return f"{SCHOOL}{self.id}"


class SchoolHidden(Base, kw_only=True):
    """A question of the source that no teacher of this school meets."""

    __tablename__ = "school_hidden"
    __table_args__ = (UniqueConstraint("registration_id", "question_key"),)

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"))
    question_key: Mapped[str] = mapped_column(Text)
