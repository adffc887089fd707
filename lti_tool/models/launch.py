"""The short-lived rows between a login request and a page, and the launch session itself.

Identifiers that open something are stored as SHA-256 hashes only.
"""

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lti_tool.models.base import Base, UtcDateTime, now, one_of
from lti_tool.models.conversation import Round
from lti_tool.models.course import Enrolment
from lti_tool.models.language import Language
from lti_tool.models.platform import Registration


class LaunchState(Base, kw_only=True):
    """State and nonce of one login request, bound to each other; consumed once."""

    __tablename__ = "launch_state"

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    state_hash: Mapped[str] = mapped_column(Text, unique=True)
    nonce_hash: Mapped[str] = mapped_column(Text)
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"))
    proof_hash: Mapped[str] = mapped_column(Text)
    """Of the secret this browser got in its cookie and, in a frame, in a storage."""
    storage_target: Mapped[str] = mapped_column(Text, default="")
    """LTI: lti_storage_target, the frame that answers `lti.*` messages; "" when there is none."""
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class PendingLaunch(Base, kw_only=True):
    """A verified launch that waits until its browser is known, from a storage or in a new tab.

    Of an administrator it holds the same as their session will.
    """

    __tablename__ = "pending_launch"
    __table_args__ = (
        CheckConstraint("enrolment_id IS NOT NULL OR facts IS NOT NULL", name="somebody"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    code_hash: Mapped[str] = mapped_column(Text, unique=True)
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"))
    enrolment_id: Mapped[int | None] = mapped_column(ForeignKey("enrolment.id"), default=None)
    round_id: Mapped[int | None] = mapped_column(ForeignKey("round.id"), default=None)
    facts: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True), default=None)
    return_url: Mapped[str] = mapped_column(Text, default="")
    errand: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True), default=None)
    """As in the session it becomes."""
    language: Mapped[Language] = mapped_column(one_of(Language, "language"), default=Language.DUTCH)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    proof_hash: Mapped[str] = mapped_column(Text)
    """As in the state: a storage that still holds the secret is proof too."""
    cookie_hash: Mapped[str | None] = mapped_column(Text, default=None)
    """Set when the new tab opened: from then on only that browser may confirm."""
    created_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    """When the visit began that goes on in the new tab, and ends no later for it."""

    registration: Mapped[Registration] = relationship(init=False)
    enrolment: Mapped[Enrolment | None] = relationship(init=False)


class Proof(enum.StrEnum):
    """How we know that a launch came back to the browser its login began in."""

    COOKIE = "cookie"
    PLATFORM_STORAGE = "platform_storage"
    FRAME_STORAGE = "frame_storage"
    NEW_TAB = "new_tab"


class LaunchSession(Base, kw_only=True):
    """One launch into one course and round; named by the path `/s/<id>/`.

    An administrator's has the facts of the launch for the self-check, and an enrolment only when
    the roster lists them as a teacher.
    """

    __tablename__ = "launch_session"
    __table_args__ = (
        CheckConstraint("enrolment_id IS NOT NULL OR facts IS NOT NULL", name="somebody"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    id_hash: Mapped[str] = mapped_column(Text, unique=True)
    cookie_hash: Mapped[str] = mapped_column(Text)
    cookie_seen: Mapped[bool] = mapped_column(default=True)
    """Whether the cookie came back: from then on it is demanded. False only after a storage gave
    the proof; such a session is bound to the user agent and ends sooner."""
    user_agent_hash: Mapped[str] = mapped_column(Text, default="")
    proof: Mapped[Proof] = mapped_column(one_of(Proof, "proof"))
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"), index=True)
    enrolment_id: Mapped[int | None] = mapped_column(
        ForeignKey("enrolment.id"), index=True, default=None
    )
    round_id: Mapped[int | None] = mapped_column(ForeignKey("round.id"), default=None)
    facts: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True), default=None)
    return_url: Mapped[str] = mapped_column(Text, default="")
    errand: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True), default=None)
    """What the launch asks beside opening a round; `lti_tool/errands.py` says the shapes."""
    language: Mapped[Language] = mapped_column(one_of(Language, "language"), default=Language.DUTCH)
    """What the launch said; an administrator's choice is kept here too."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default_factory=now)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime, default_factory=now)

    registration: Mapped[Registration] = relationship(init=False, lazy="raise_on_sql")
    enrolment: Mapped[Enrolment | None] = relationship(init=False, lazy="raise_on_sql")
    round: Mapped[Round | None] = relationship(init=False, lazy="raise_on_sql")
