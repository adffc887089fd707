"""What a conversation is about and what came out of it: goals, experiences, outcomes."""

import enum
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.models.base import (
    Base,
    EncryptedText,
    UtcDateTime,
    Visibility,
    now,
    one_of,
)
from lti_tool.models.conversation import Party


class GoalOwner(enum.StrEnum):
    """Whose goal it is (gd-t3)."""

    PUPIL = "pupil"
    TEACHER = "teacher"
    TOGETHER = "together"


class Goal(Base, kw_only=True):
    """A goal people chose or typed for this conversation; never filled in by us."""

    __tablename__ = "goal"
    __table_args__ = (
        CheckConstraint("parked_because IS NULL OR parked_at IS NOT NULL", name="parked_reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id"), index=True)
    owner: Mapped[GoalOwner] = mapped_column(one_of(GoalOwner, "owner"))
    text: Mapped[str] = mapped_column(EncryptedText)
    parked_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    """Set when something else weighed more (gd-t2); it returns at Afronding and next time."""
    parked_because: Mapped[str | None] = mapped_column(EncryptedText, default=None)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default_factory=now)
    visibility: Mapped[Visibility] = mapped_column(
        one_of(Visibility, "visibility", Visibility.SHARED), default=Visibility.SHARED
    )


class Experience(Base, kw_only=True):
    """A concrete experience of the pupil; the anchor is the one this conversation starts from."""

    __tablename__ = "experience"
    __table_args__ = (
        CheckConstraint("brought_by IN ('pupil', 'teacher')", name="pupil_or_teacher"),
        Index(
            "uq_experience_anchor",
            "conversation_id",
            unique=True,
            sqlite_where=text("anchor"),
            postgresql_where=text("anchor"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id"), index=True)
    text: Mapped[str] = mapped_column(EncryptedText)
    brought_by: Mapped[Party] = mapped_column(one_of(Party, "brought_by"))
    anchor: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default_factory=now)
    visibility: Mapped[Visibility] = mapped_column(
        one_of(Visibility, "visibility", Visibility.SHARED), default=Visibility.SHARED
    )


class OutcomeKind(enum.StrEnum):
    """Named, or in doubt: both are normal (kw-t4)."""

    NAMED = "named"
    DOUBT = "doubt"


class Settled(enum.StrEnum):
    """How an open point was closed, by people."""

    DONE = "done"
    NOT_DONE = "not_done"
    DROPPED = "dropped"


class Outcome(Base, kw_only=True):
    """A quality, motive or other outcome of one phase, in the pupil's words."""

    __tablename__ = "outcome"
    __table_args__ = (
        CheckConstraint("(settled IS NULL) = (settled_at IS NULL)", name="settled_has_moment"),
        CheckConstraint("settled IS NULL OR kind = 'doubt'", name="only_doubts_settle"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id"), index=True)
    phase_key: Mapped[str] = mapped_column(Text)
    kind: Mapped[OutcomeKind] = mapped_column(one_of(OutcomeKind, "kind"))
    text: Mapped[str] = mapped_column(EncryptedText, default="")
    """May be empty for a doubt."""
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    """When it was ticked as "zo gezegd door" the pupil (kw-t3)."""
    repeated_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    """When the teacher repeated it aloud (kw-p1, mo-p1)."""
    settled: Mapped[Settled | None] = mapped_column(one_of(Settled, "settled"), default=None)
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("enrolment.id"), default=None)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default_factory=now)
    visibility: Mapped[Visibility] = mapped_column(
        one_of(Visibility, "visibility", Visibility.SHARED), default=Visibility.SHARED
    )


class Verdict(enum.StrEnum):
    """Whether a question did its work, says the teacher afterwards (re-p1); none is no opinion."""

    WORKED = "worked"
    DID_NOT_WORK = "did_not_work"


class QuestionMark(Base, kw_only=True):
    """That a question of the guide was asked in this conversation, and in which words (Q1).

    Only the instrument's and the teacher's own words about it; never what the pupil said.
    """

    __tablename__ = "question_mark"
    __table_args__ = (
        UniqueConstraint("conversation_id", "question_key"),
        CheckConstraint("verdict IS NULL OR NOT counted", name="counted_once"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id"))
    question_key: Mapped[str] = mapped_column(Text)
    """A key of the instrument, "own-<id>" for a question of the teacher's own, or "school-<id>"."""
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime, default_factory=now)
    verdict: Mapped[Verdict | None] = mapped_column(one_of(Verdict, "verdict"), default=None)
    """Only until it is counted: what stays behind is the teacher's tally, without this talk."""
    counted: Mapped[bool] = mapped_column(default=False)
    """Its verdict is in the tally and does not go in again."""
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("enrolment.id"), default=None)
    """The teacher who asked it; None where that was not kept yet."""
    words: Mapped[str | None] = mapped_column(EncryptedText, default=None)
    """As it read then: later changes to the question do not reach it. None: not kept yet."""
    visibility: Mapped[Visibility] = mapped_column(
        one_of(Visibility, "visibility", Visibility.TEACHER_PUPIL),
        default=Visibility.TEACHER_PUPIL,
    )
