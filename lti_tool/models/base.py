"""The database handle and the column types every table uses."""

import enum
from datetime import UTC, datetime
from typing import cast

from flask import current_app
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import DateTime, Enum, MetaData, Table, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, MappedAsDataclass
from sqlalchemy.types import TypeDecorator

from lti_tool.models.reading import RequestSession


class Base(MappedAsDataclass, DeclarativeBase, kw_only=True):
    """Every constraint gets a name, so that migrations can speak of it."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


db = SQLAlchemy(
    metadata=Base.metadata,
    disable_autonaming=True,
    engine_options={"hide_parameters": True},  # a logged failure names no texts of anybody
    session_options={
        "class_": RequestSession,
        "expire_on_commit": False,  # a request commits once, then only renders
    },
)


def table_of(model: type[Base]) -> Table:
    """The table of a model, for a statement that comes with every launch or page.

    A statement over tables gives plain rows. The same over records costs a third more before the
    first row is read.
    """
    return cast("Table", model.__table__)


class Visibility(enum.StrEnum):
    """Who reads a stored text; every text has exactly one level."""

    PUPIL_DRAFT = "pupil_draft"
    """The pupil, until it is sent."""
    SHARED = "shared"
    """The pupil and the teachers of that enrolment."""
    TEACHER_DRAFT = "teacher_draft"
    """The teacher, until it is marked ready."""
    TEACHER_PUPIL = "teacher_pupil"
    """The teacher who wrote it, about this pupil."""
    TEACHER_INSTRUMENT = "teacher_instrument"
    """The teacher who wrote it; never holds a reference to a pupil."""
    SCHOOL_INSTRUMENT = "school_instrument"
    """The teachers and the administrator of one school, because its writer shared it. A level of
    its own: what is shared with a pupil is read by other people, and a question for the bank may
    leave its writer only by their choice. Like the level above it never refers to a pupil."""
    PARTY = "party"
    """As shared, and handed over to the party who owns it."""


class EncryptedText(TypeDecorator[str]):
    """Text that lies in the database as a Fernet token (`LOB_ENCRYPTION_KEYS`)."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Encrypt with the first key."""
        if value is None:
            return None
        token: bytes = current_app.extensions["lob_cipher"].encrypt(value.encode())
        return token.decode()

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Decrypt with whichever key fits."""
        if value is None:
            return None
        text: bytes = current_app.extensions["lob_cipher"].decrypt(value.encode())
        return text.decode()


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment in UTC, also on SQLite, which forgets zones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Refuse moments without a zone."""
        if value is not None and value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Give the zone back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def now() -> datetime:
    """The present moment in UTC."""
    return datetime.now(UTC)


def one_of(kind: type[enum.StrEnum], name: str, *allowed: enum.StrEnum) -> Enum:
    """A text column under a CHECK called `name`: all values of `kind`, or only those `allowed`."""
    if allowed:
        return Enum(
            *(value.value for value in allowed),
            name=name,
            native_enum=False,
            create_constraint=True,
            length=40,
        )
    return Enum(
        kind,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=40,
        values_callable=lambda values: [value.value for value in values],
    )
