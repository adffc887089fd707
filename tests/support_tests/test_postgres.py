"""The throw-away PostgreSQL server starts, holds databases, and leaves nothing behind."""

import subprocess
import sys
from pathlib import Path

import psutil
import psycopg
import pytest
from sqlalchemy import NullPool, create_engine, text

from tests.support.postgres import PostgresServer

ROOT = Path(__file__).parents[2]
ORDINARY_USER = """
import os
from tests.support.postgres import PostgresServer
if os.geteuid() == 0:
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
with PostgresServer() as server:
    print(server.create("ours"))
"""


def ask(address: str, statement: str) -> list[object]:
    engine = create_engine(address, poolclass=NullPool)
    with engine.begin() as connection:
        result = connection.execute(text(statement))
        return list(result.scalars()) if result.returns_rows else []


def test_a_database_is_made_copied_and_dropped(postgres: PostgresServer) -> None:
    original = postgres.create('odd "name"')
    ask(original, "CREATE TABLE t (v int)")
    ask(original, "INSERT INTO t VALUES (3)")
    assert ask(postgres.create("copy", template='odd "name"'), "SELECT v FROM t") == [3]
    for name in ("copy", 'odd "name"'):
        postgres.drop(name)
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        psycopg.connect(postgres.url("copy").replace("+psycopg", ""))


def test_it_listens_on_loopback_only_and_never_waits_for_a_disk(postgres: PostgresServer) -> None:
    address = postgres.url("postgres")
    assert ask(address, "SHOW listen_addresses") == ["127.0.0.1"]
    for setting in ("fsync", "synchronous_commit", "full_page_writes"):
        assert ask(address, f"SHOW {setting}") == ["off"]


def test_nothing_is_left_although_a_connection_is_open() -> None:
    with PostgresServer() as server:
        left_open = psycopg.connect(server.url("postgres").replace("+psycopg", ""))
        [process] = psutil.Process(left_open.info.backend_pid).parents()[:1]
        assert server.folder.is_dir()
    left_open.close()
    assert not process.is_running()
    assert not server.folder.exists()


def test_a_server_that_cannot_start_says_why_and_leaves_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("tests.support.postgres.free_port", lambda: -1)
    server = PostgresServer()
    with pytest.raises(RuntimeError, match=r"did not start:(?s:.)*port"), server:
        pass
    assert not server.folder.exists()


def test_it_works_for_an_ordinary_user_too() -> None:
    """A child begins with our rights, so that it can import, and gives them up."""
    done = subprocess.run(
        [sys.executable, "-c", ORDINARY_USER],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stderr == ""
    assert done.stdout.startswith("postgresql+psycopg://lob@127.0.0.1:")
