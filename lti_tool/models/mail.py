"""Where mail to somebody goes, and what was mailed: never a text, never a copy of a message."""

import enum
from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.models.base import Base, EncryptedText, UtcDateTime, now, one_of


class MailKind(enum.StrEnum):
    """What a mail is for."""

    INVITATION = "invitation"
    REMINDER = "reminder"
    AGREEMENTS = "agreements"
    """Agreements stand ready: how many and by when, never which."""


class MailState(enum.StrEnum):
    """How far one mail is."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
    DROPPED = "dropped"
    """No longer wanted: they left, sent it meanwhile, or the school stopped mailing."""


class MailAddress(Base, kw_only=True):
    """Somebody's e-mail address; only where the school mails. No page shows it."""

    __tablename__ = "mail_address"

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), unique=True)
    address: Mapped[str] = mapped_column(EncryptedText)


class Mailing(Base, kw_only=True):
    """That a teacher mailed the pupils of a round; what is mailed again that day joins it."""

    __tablename__ = "mailing"
    __table_args__ = (UniqueConstraint("round_id", "kind", "day"),)

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    kind: Mapped[MailKind] = mapped_column(one_of(MailKind, "kind"))
    day: Mapped[date] = mapped_column(Date)
    """At school."""
    sent_by_id: Mapped[int | None] = mapped_column(ForeignKey("enrolment.id"), default=None)
    """The teacher, whose name is in the mail."""
    without_address: Mapped[int] = mapped_column(default=0)
    """How many it was meant for whom we had no address of."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default_factory=now)


class Mail(Base, kw_only=True):
    """One pupil's mail of a mailing."""

    __tablename__ = "mail"
    __table_args__ = (
        UniqueConstraint("mailing_id", "enrolment_id"),
        CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="sent_has_moment"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    mailing_id: Mapped[int] = mapped_column(ForeignKey("mailing.id"))
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), index=True)
    state: Mapped[MailState] = mapped_column(one_of(MailState, "state"), default=MailState.WAITING)
    reason: Mapped[str] = mapped_column(Text, default="")
    """One word: why it failed or was dropped."""
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default_factory=now)
