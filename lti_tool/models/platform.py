"""Platforms that may launch us, and our own signing keys."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lti_tool.models.base import Base, EncryptedText, UtcDateTime, now
from lti_tool.models.school import SchoolWords


class Registration(Base, kw_only=True):
    """One tool registration on one platform (LTI: issuer and client id)."""

    __tablename__ = "registration"
    __table_args__ = (UniqueConstraint("issuer", "client_id", "login_path"),)

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    issuer: Mapped[str] = mapped_column(Text)
    client_id: Mapped[str] = mapped_column(Text)
    login_path: Mapped[str] = mapped_column(Text, default="")
    """Own login address, `/lti/login/<login_path>`: two self-hosted Canvas sites can share both
    issuer and client id. Mostly ""."""
    auth_login_url: Mapped[str] = mapped_column(Text)
    auth_token_url: Mapped[str] = mapped_column(Text)
    jwks_url: Mapped[str] = mapped_column(Text)
    token_audience: Mapped[str] = mapped_column(Text, default="")
    """The audience of our client assertions; "" means the token address."""
    name: Mapped[str] = mapped_column(Text, default="")
    family: Mapped[str] = mapped_column(Text, default="")
    """LTI: product_family_code ("moodle", "canvas"), as the platform last said."""
    frame_origins: Mapped[list[str]] = mapped_column(JSON, default_factory=list)
    """Origins, beside the issuer's, that may show us in a frame: from verified return_urls."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default_factory=now)
    disabled_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    mails: Mapped[bool] = mapped_column(default=False)
    """Whether its administrator lets teachers mail; only then are addresses kept."""

    words: Mapped[SchoolWords | None] = relationship(init=False, viewonly=True)


class RegistrationLink(Base, kw_only=True):
    """A one-time link with which an administrator lets a platform register itself."""

    __tablename__ = "registration_link"

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    token_hash: Mapped[str] = mapped_column(Text, unique=True)
    name: Mapped[str] = mapped_column(Text, default="")
    """How the administrator calls the platform."""
    registration_id: Mapped[int | None] = mapped_column(ForeignKey("registration.id"), default=None)
    """The registration it renews; after use, the one it made."""
    host: Mapped[str] = mapped_column(Text, default="")
    """A host that may answer for the platform beside its issuer's: a school's own domain of
    hosted Canvas. Mostly ""."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default_factory=now)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)


class Deployment(Base, kw_only=True):
    """A deployment of that registration; made on its first valid launch or by `platforms add`."""

    __tablename__ = "deployment"
    __table_args__ = (UniqueConstraint("registration_id", "deployment_id"),)

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"))
    deployment_id: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default_factory=now)

    registration: Mapped[Registration] = relationship(init=False)


class ToolKey(Base, kw_only=True):
    """A key pair of ours. The newest signs, once known; retired ones are no longer published."""

    __tablename__ = "tool_key"

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    kid: Mapped[str] = mapped_column(Text, unique=True)
    """The thumbprint of the public key (RFC 7638)."""
    private_pem: Mapped[str] = mapped_column(EncryptedText)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default_factory=now)
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
