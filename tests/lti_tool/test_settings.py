"""The environment as administrators write it: read whole, or refused in one line per variable."""

import re
from base64 import b64encode
from pathlib import Path

import pytest

from lti_tool.settings import Settings, SettingsError, settings_from_environment

ROOT = Path(__file__).parents[2]
KEYS = [b64encode(bytes([number]) * 32).decode() for number in range(2)]  # the same in each process
WHOLE = {
    "LOB_BASE_URL": "https://lob.school.example/",
    "LOB_SECRET_KEY": "s" * 32,
    "LOB_ENCRYPTION_KEYS": ",".join(KEYS),
}


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing but what has no default."""
    for name in Settings.model_fields:
        monkeypatch.delenv(f"LOB_{name.upper()}", raising=False)
    for name, value in WHOLE.items():
        monkeypatch.setenv(name, value)


def test_what_has_no_default_is_enough(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    settings = settings_from_environment()
    assert settings.base_url == "https://lob.school.example"
    assert [key.get_secret_value() for key in settings.encryption_keys] == KEYS
    assert settings.database_url == f"sqlite:///{tmp_path}/loopbaangesprek.sqlite3"
    assert (settings.redis_url, settings.proxies) == (None, 0)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("postgresql://lob@db/lob", "postgresql+psycopg://lob@db/lob"),
        ("postgresql+psycopg://lob@db/lob", "postgresql+psycopg://lob@db/lob"),
        ("sqlite:////var/lib/lob/lob.sqlite3", "sqlite:////var/lib/lob/lob.sqlite3"),
        ("sqlite:///data/lob.sqlite3", "sqlite:///{here}/data/lob.sqlite3"),
        ("sqlite://", "sqlite://"),
        ("sqlite:///:memory:", "sqlite:///:memory:"),
    ],
)
def test_where_the_database_is(
    written: str, read: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A relative file lies where we are started, not where Python's packages lie."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LOB_DATABASE_URL", written)
    assert settings_from_environment().database_url == read.format(here=tmp_path)


@pytest.mark.parametrize("name", WHOLE)
@pytest.mark.parametrize("value", [None, ""], ids=["missing", "empty"])
def test_a_missing_secret_is_named(
    name: str, value: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    if value is None:
        monkeypatch.delenv(name)
    else:
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=rf"^{name}.*\nSee config/env.example\.$"):
        settings_from_environment()


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("LOB_BASE_URL", "http://lob.school.example", "use https"),
        ("LOB_BASE_URL", "lob.school.example", "a full address"),
        ("LOB_BASE_URL", "ftp://lob.school.example", "a full address"),
        ("LOB_BASE_URL", "https://[lob", "Invalid IPv6"),
        ("LOB_SECRET_KEY", "s" * 31, "at least 32"),
        ("LOB_ENCRYPTION_KEYS", f"{KEYS[0]},short", "a Fernet key"),
        ("LOB_ENCRYPTION_KEYS", "é" * 44, "a Fernet key"),
        ("LOB_DATABASE_URL", "mysql://lob@db/lob", "must begin with"),
        ("LOB_DATABASE_URL", "lob.sqlite3", "must begin with"),
        ("LOB_PROXIES", "-1", "greater than or equal to 0"),
        ("LOB_TIMEZONE", "Europe/Atlantis", "a time zone"),
        ("LOB_TIMEZONE", "../etc/passwd", "a time zone"),
        ("LOB_TIMEZONE", "Europe", "a time zone"),
        ("LOB_SESSION_IDLE_MINUTES", "0", "greater than 0"),
        ("LOB_SESSION_MAXIMUM_MINUTES", "long", "valid integer"),
    ],
)
def test_a_wrong_value_is_named(
    name: str, value: str, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=reason) as caught:
        settings_from_environment()
    line, *rest = str(caught.value).splitlines()
    assert line.startswith(name)
    assert rest == ["See config/env.example."]


@pytest.mark.parametrize("name", ["LOB_SECRET_KEY", "LOB_ENCRYPTION_KEYS"])
def test_a_wrong_secret_is_not_shown(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, "my-real-but-short-secret")
    with pytest.raises(SettingsError) as caught:
        settings_from_environment()
    assert "my-real" not in str(caught.value)


@pytest.mark.parametrize("address", ["http://localhost:8000", "http://127.0.0.1", "http://[::1]:1"])
def test_this_machine_needs_no_https(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOB_BASE_URL", address)
    assert settings_from_environment().base_url == address


@pytest.mark.parametrize("address", ["toegankelijkheid", "http://www.school.example/a", "//x"])
def test_the_statement_has_a_full_safe_address(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOB_ACCESSIBILITY_URL", address)
    with pytest.raises(SettingsError, match="LOB_ACCESSIBILITY_URL"):
        settings_from_environment()


def test_the_example_names_every_variable_and_no_other() -> None:
    example = (ROOT / "config" / "env.example").read_text("utf-8")
    named = re.findall(r"^(?:# )?(LOB_[A-Z_]+)=", example, re.MULTILINE)
    assert sorted(named) == sorted(f"LOB_{name.upper()}" for name in Settings.model_fields)


def test_every_wrong_variable_has_its_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOB_PROXIES", "many")
    monkeypatch.delenv("LOB_SECRET_KEY")
    with pytest.raises(SettingsError) as caught:
        settings_from_environment()
    assert [line.partition(":")[0] for line in str(caught.value).splitlines()[:-1]] == [
        "LOB_SECRET_KEY",
        "LOB_PROXIES",
    ]


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("LOB_SMTP_URL", "http://lob:geheim@mail.example", "must be smtp://user:password@host:587"),
        ("LOB_SMTP_URL", "smtp://lob:ge/heim@mail.example", "nothing may follow|must be"),
        ("LOB_SMTP_URL", "smtp://lob:geheim@mail.example:99999", "the port must be a number"),
        ("LOB_SMTP_URL", "file://postbus", "file:///absolute/path"),
        ("LOB_MAIL_FROM", "", "must say who mail comes from"),
        ("LOB_MAIL_FROM", "school", "must be an address"),
        ("LOB_MAIL_FROM", "lob@school.example\nBcc: a@b.example", "must be an address"),
    ],
)
def test_mail_settings_that_cannot_work_stop_the_start(
    name: str, value: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOB_SMTP_URL", "smtp://lob:geheim@mail.school.example")
    monkeypatch.setenv("LOB_MAIL_FROM", "Loopbaangesprek <lob@school.example>")
    settings = settings_from_environment()
    assert settings.mail_server
    assert settings.mail_server.password == "geheim"
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as caught:
        settings_from_environment()
    assert re.search(rf"{name}: .*({said})", str(caught.value))
    assert "geheim" not in str(caught.value)


def test_without_a_mail_server_there_is_no_mail(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOB_SMTP_URL", "")
    assert settings_from_environment().mail_server is None
