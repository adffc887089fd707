"""The environment, read once into a frozen object: `LOB_*` variables and nothing else.

Plain http is accepted for loopback addresses only; a missing secret stops the start with one line.
"""

import sys
from email.headerregistry import Address
from email.utils import parseaddr
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cryptography.fernet import Fernet
from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from lti_tool.house_style import HouseStyle, read_house_style
from lti_tool.lti.emails import is_email
from lti_tool.mail.server import MailServer, read_address

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class SettingsError(Exception):
    """The environment is not complete; the message says which variable and what to do."""


class Settings(BaseSettings):
    """What one running tool needs to know. Times are in minutes, sizes in bytes."""

    model_config = SettingsConfigDict(env_prefix="LOB_", frozen=True, extra="ignore")

    base_url: str
    """Where browsers and platforms reach the tool, without a slash at the end."""
    secret_key: SecretStr = Field(min_length=32)
    encryption_keys: Annotated[tuple[SecretStr, ...], NoDecode] = Field(min_length=1)
    """Fernet keys, separated by commas: the first one writes, all of them read."""
    database_url: str = Field(default="sqlite:///loopbaangesprek.sqlite3", validate_default=True)
    """PostgreSQL, or a SQLite file; a relative one lies in the folder we are started in."""
    redis_url: str | None = None
    metrics_token: SecretStr | None = Field(default=None, min_length=16)
    """Who knows this may read `/metrics`; without it there is no such page."""
    smtp_url: SecretStr | None = None
    """The mail server; without it nothing is mailed. `file:///folder` keeps `.eml` files."""
    mail_from: str = Field(default="", validate_default=True)
    """Who mail comes from: an address, or "name <address>"."""
    house_style: Annotated[HouseStyle | None, NoDecode] = None
    """A school's colours and shapes: the path of its token file."""
    accessibility_url: str = ""
    """The school's accessibility statement, linked at the bottom of every page; "" for none."""
    proxies: int = Field(default=0, ge=0)
    """How many proxies in front of us add X-Forwarded-* headers."""
    timezone: str = "Europe/Amsterdam"
    retention_years: int = Field(default=2, ge=1, le=100)
    """How long records are kept after somebody left their last course."""
    retention_note_years: int = Field(default=1, ge=1, le=100)
    """How many school years a teacher's private notes are kept; 1: that of the writing."""
    session_idle_minutes: int = Field(default=240, gt=0)
    session_maximum_minutes: int = Field(default=720, gt=0)

    @field_validator("base_url")
    @classmethod
    def _check_base_url(cls, value: str) -> str:
        return checked_url(value).rstrip("/")

    @field_validator("accessibility_url")
    @classmethod
    def _check_accessibility_url(cls, value: str) -> str:
        return checked_url(value) if value else value

    @field_validator("encryption_keys", mode="before")
    @classmethod
    def _split_keys(cls, value: object) -> object:
        return value.split(",") if isinstance(value, str) else value

    @field_validator("encryption_keys")
    @classmethod
    def _check_keys(cls, value: tuple[SecretStr, ...]) -> tuple[SecretStr, ...]:
        for key in value:
            try:
                Fernet(key.get_secret_value())
            except ValueError as error:
                raise ValueError("every key must be a Fernet key (32 bytes, base64)") from error
        return value

    @field_validator("house_style", mode="before")
    @classmethod
    def _read_house_style(cls, value: object) -> object:
        return read_house_style(Path(value)) if isinstance(value, str) and value else value or None

    @field_validator("smtp_url")
    @classmethod
    def _check_smtp_url(cls, value: SecretStr | None) -> SecretStr | None:
        if value is None or not value.get_secret_value():
            return None
        read_address(value.get_secret_value(), this_machine=LOOPBACK)
        return value

    @field_validator("mail_from")
    @classmethod
    def _check_mail_from(cls, value: str, info: ValidationInfo) -> str:
        if not value:
            if info.data.get("smtp_url"):
                raise ValueError("must say who mail comes from, because LOB_SMTP_URL is set")
            return value
        sender(value)
        return value

    @property
    def mail_server(self) -> MailServer | None:
        """Where mail goes; None when this installation sends none."""
        if self.smtp_url is None:
            return None
        return read_address(self.smtp_url.get_secret_value(), this_machine=LOOPBACK)

    @field_validator("timezone")
    @classmethod
    def _check_timezone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise ValueError("must be a time zone such as Europe/Amsterdam") from error
        return value

    @field_validator("database_url")
    @classmethod
    def _complete_database_url(cls, value: str) -> str:
        """Name psycopg 3, the only driver we install, and where a relative SQLite file lies.

        Flask-SQLAlchemy would put that in Flask's instance folder: inside the virtual environment
        of an installed tool, to be thrown away with it.
        """
        scheme, _separator, rest = value.partition("://")
        if scheme in {"postgresql", "postgresql+psycopg"}:
            return f"postgresql+psycopg://{rest}"
        if scheme != "sqlite":
            raise ValueError("must begin with postgresql:// or sqlite:///")
        file = rest.removeprefix("/")
        if not file or file.startswith((":memory:", "file:")):
            return value
        return f"sqlite:///{Path(file).absolute()}"


def checked_url(value: str) -> str:
    """Return `value` when it is an https address, or http on this machine; else ValueError."""
    parts = urlsplit(value)
    if not parts.hostname or parts.scheme not in {"http", "https"}:
        raise ValueError("must be a full address such as https://lob.school.example")
    if parts.scheme == "http" and parts.hostname not in LOOPBACK:
        raise ValueError("plain http is accepted on this machine only; use https")
    return value


def sender(value: str) -> Address:
    """Read `LOB_MAIL_FROM`; else ValueError."""
    name, address = parseaddr(value)
    if not is_email(address) or not value.isprintable():
        raise ValueError("must be an address, such as Loopbaangesprek <lob@school.example>")
    return Address(name, addr_spec=address)


def settings_from_environment() -> Settings:
    """Read `LOB_*`; raise SettingsError with a line for each variable that is missing or wrong."""
    try:
        return Settings()
    except ValidationError as error:
        lines = [
            f"LOB_{'.'.join(map(str, item['loc'])).upper()}: {item['msg']}"
            for item in error.errors(include_input=False)
        ]
        raise SettingsError("\n".join([*lines, "See config/env.example."])) from error


def project_folder(name: str) -> Path:
    """Find `templates` or `migrations`: inside the wheel, or beside the package in a checkout."""
    package = Path(__file__).parent
    packed = package / f"_{name}"
    return packed if packed.is_dir() else package.parent / name


def exit_with(error: Exception) -> None:
    """Say on standard error why we do not start, without a stack trace."""
    sys.stderr.write(f"loopbaangesprek: {error}\n")
    raise SystemExit(1) from None
