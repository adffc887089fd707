"""Agreements per party, and the reason where a party has none."""

import enum
from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lti_tool.models.base import (
    Base,
    EncryptedText,
    UtcDateTime,
    Visibility,
    now,
    one_of,
)
from lti_tool.models.conversation import Conversation, Party
from lti_tool.models.outcome import Outcome, Settled

SHARED_OR_PARTY = (Visibility.SHARED, Visibility.PARTY)


class AgreementKind(enum.StrEnum):
    """What sort of action it is; the first five are af-t3's for the teacher."""

    LOOK_UP = "look_up"
    JOIN = "join"
    ARRANGE = "arrange"
    MAKE_ASSIGNMENT = "make_assignment"
    OTHER = "other"
    ACTION = "action"
    ASSIGNMENT = "assignment"
    """Finding something out: from a doubt (kw-t5), or about work (we-t3)."""
    EVIDENCE = "evidence"
    CONTACT = "contact"


class Agreement(Base, kw_only=True):
    """One small agreement (af-i1): what, by whom, by when, and how we see that it is done."""

    __tablename__ = "agreement"
    __table_args__ = (
        CheckConstraint("(settled IS NULL) = (settled_at IS NULL)", name="settled_has_moment"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id"), index=True)
    party: Mapped[Party] = mapped_column(one_of(Party, "party"))
    kind: Mapped[AgreementKind] = mapped_column(one_of(AgreementKind, "kind"))
    what: Mapped[str] = mapped_column(EncryptedText)
    party_description: Mapped[str] = mapped_column(EncryptedText, default="")
    """Who, when the party is not the pupil or the teacher: by role, a name is optional."""
    informed_by: Mapped[Party | None] = mapped_column(one_of(Party, "informed_by"), default=None)
    """Who tells an absent party about this agreement."""
    due_on: Mapped[date | None] = mapped_column(Date, default=None)
    done_when: Mapped[str] = mapped_column(EncryptedText, default="")
    how: Mapped[str] = mapped_column(EncryptedText, default="")
    """How and where, inside or outside school (ls-v02)."""
    why: Mapped[str] = mapped_column(EncryptedText, default="")
    outcome_id: Mapped[int | None] = mapped_column(ForeignKey("outcome.id"), default=None)
    """The quality, motive or doubt it builds on (af-t1)."""
    on_own_question: Mapped[bool] = mapped_column(default=False)
    """It builds on the pupil's own question (ls-v04) instead."""
    evidence_wanted: Mapped[bool] = mapped_column(default=False)
    evidence: Mapped[str] = mapped_column(EncryptedText, default="")
    settled: Mapped[Settled | None] = mapped_column(one_of(Settled, "settled"), default=None)
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("enrolment.id"), default=None)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default_factory=now)
    visibility: Mapped[Visibility] = mapped_column(
        one_of(Visibility, "visibility", *SHARED_OR_PARTY), default=Visibility.SHARED
    )

    conversation: Mapped[Conversation] = relationship(init=False, lazy="raise_on_sql")
    outcome: Mapped[Outcome | None] = relationship(init=False, lazy="joined", viewonly=True)
    steps: Mapped[list["AgreementStep"]] = relationship(
        init=False, lazy="selectin", order_by="AgreementStep.id", cascade="all, delete-orphan"
    )


class AgreementStep(Base, kw_only=True):
    """A step of an agreement, to tick (ls-v06)."""

    __tablename__ = "agreement_step"

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"), index=True, init=False)
    text: Mapped[str] = mapped_column(EncryptedText)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    visibility: Mapped[Visibility] = mapped_column(
        one_of(Visibility, "visibility", *SHARED_OR_PARTY), default=Visibility.SHARED
    )


class NoAgreement(Base, kw_only=True):
    """Why a party left without an agreement (gd-t4, af-t4): never silently."""

    __tablename__ = "no_agreement"
    __table_args__ = (UniqueConstraint("conversation_id", "party"),)

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id"))
    party: Mapped[Party] = mapped_column(one_of(Party, "party"))
    reason: Mapped[str] = mapped_column(EncryptedText)
    visibility: Mapped[Visibility] = mapped_column(
        one_of(Visibility, "visibility", Visibility.SHARED), default=Visibility.SHARED
    )
