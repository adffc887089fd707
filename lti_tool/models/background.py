"""What waits to be done in the background, and what the gradebook was told.

Rows carry ids and never content. An `Outbox` row is written in the transaction that makes the
work necessary, so nothing is queued for what was rolled back and nothing is lost after a commit.
"""

import enum
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.models.base import Base, UtcDateTime, now, one_of


class Task(enum.StrEnum):
    """What the background does."""

    READ_ROSTER = "read_roster"
    """`record_id` is a course."""
    MAKE_COLUMN = "make_column"
    """`record_id` is a round whose reports wait for a column in the gradebook."""
    REPORT_GRADE = "report_grade"
    """`record_id` is a `GradeReport`."""
    SEND_MAIL = "send_mail"
    """`record_id` is a `Mail`."""


class Outbox(Base, kw_only=True):
    """One piece of work that waits: which task, on which record, from when."""

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("task", "record_id"),
        Index("ix_outbox_due_at", "due_at"),
        CheckConstraint("attempts >= 0", name="attempts_from_zero"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    task: Mapped[Task] = mapped_column(one_of(Task, "task"))
    record_id: Mapped[int]
    due_at: Mapped[datetime] = mapped_column(UtcDateTime, default_factory=now)
    taken_until: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    """While this lies ahead, a worker has it in hand."""
    attempts: Mapped[int] = mapped_column(default=0)
    """How often it failed since it was asked for."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default_factory=now)


class ReportState(enum.StrEnum):
    """How far a report to the gradebook is."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"


class GradeReport(Base, kw_only=True):
    """That a pupil's preparation of a round is completed, told to the gradebook. No judgement."""

    __tablename__ = "grade_report"
    __table_args__ = (
        UniqueConstraint("round_id", "enrolment_id"),
        CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="sent_has_moment"),
        CheckConstraint("attempts >= 0", name="attempts_from_zero"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), index=True)
    completed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """When the pupil sent the preparation."""
    state: Mapped[ReportState] = mapped_column(
        one_of(ReportState, "state"), default=ReportState.WAITING
    )
    attempts: Mapped[int] = mapped_column(default=0)
    reason: Mapped[str] = mapped_column(Text, default="")
    """One word: why the last attempt failed."""
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
