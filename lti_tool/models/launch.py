"""The short-lived rows between a login request and a page, and the launch session itself.

Identifiers that open something are stored as SHA-256 hashes only.
"""

from datetime import datetime

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lti_tool.models.base import Base, UtcDateTime, now
from lti_tool.models.conversation import Round
from lti_tool.models.course import Enrolment


class LaunchState(Base, kw_only=True):
    """State and nonce of one login request, bound to each other; consumed once."""

    __tablename__ = "launch_state"

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    state_hash: Mapped[str] = mapped_column(Text, unique=True)
    nonce_hash: Mapped[str] = mapped_column(Text)
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"))
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class PendingLaunch(Base, kw_only=True):
    """A verified launch that waits for its browser to be known: the page in a new tab."""

    __tablename__ = "pending_launch"

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    code_hash: Mapped[str] = mapped_column(Text, unique=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    round_id: Mapped[int | None] = mapped_column(ForeignKey("round.id"), default=None)
    return_url: Mapped[str] = mapped_column(Text, default="")
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    cookie_hash: Mapped[str | None] = mapped_column(Text, default=None)
    """Set when the new tab opened: from then on only that browser may confirm."""

    enrolment: Mapped[Enrolment] = relationship(init=False)


class LaunchSession(Base, kw_only=True):
    """One launch of one person into one course and round; named by the path `/s/<id>/`."""

    __tablename__ = "launch_session"

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    id_hash: Mapped[str] = mapped_column(Text, unique=True)
    cookie_hash: Mapped[str] = mapped_column(Text)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), index=True)
    round_id: Mapped[int | None] = mapped_column(ForeignKey("round.id"), default=None)
    return_url: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default_factory=now)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime, default_factory=now)

    enrolment: Mapped[Enrolment] = relationship(init=False, lazy="raise_on_sql")
    round: Mapped[Round | None] = relationship(init=False, lazy="raise_on_sql")
