"""A PostgreSQL server of our own: started on a free loopback port, ended with the tests."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import LiteralString, Self

import psycopg
from psycopg import sql

START_SECONDS = 30
STOP_SECONDS = 20
POLL_SECONDS = 0.02


class PostgresServer:
    """A context manager around a throw-away cluster; `url(name)` gives SQLAlchemy's address.

    The server refuses to run as root, so there it runs as the system user `postgres`. Nothing in
    it outlives the tests, so it never waits for a disk, unless `durable`: then it commits as a
    school's server does.
    """

    def __init__(self, *, durable: bool = False) -> None:
        self.durable = durable

    def __enter__(self) -> Self:
        self.folder = Path(tempfile.mkdtemp(prefix="lob-postgres-"))
        self._process: subprocess.Popen[bytes] | None = None
        try:
            self._start()
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(self, *_exception: object) -> None:
        self._stop()

    def url(self, database: str) -> str:
        """The SQLAlchemy address of a database."""
        return f"postgresql+psycopg://lob@127.0.0.1:{self.port}/{database}"

    def create(self, database: str, template: str = "template0") -> str:
        """Make a database, as a copy of another when named; return its address."""
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        self._run(statement.format(sql.Identifier(database), sql.Identifier(template)))
        return self.url(database)

    def drop(self, database: str) -> None:
        """Remove a database."""
        statement = sql.SQL("DROP DATABASE {} WITH (FORCE)")
        self._run(statement.format(sql.Identifier(database)))

    @property
    def pid(self) -> int:
        """The process that all others of the server descend from."""
        assert self._process is not None
        return self._process.pid

    def _start(self) -> None:
        self._account = pwd.getpwnam("postgres") if os.geteuid() == 0 else None
        if self._account:
            os.chown(self.folder, self._account.pw_uid, self._account.pw_gid)
        data = self.folder / "data"
        self._process = self._spawn(
            "initdb", "-D", str(data), "-U", "lob", "-A", "trust", "-E", "UTF8", "-N"
        )
        if self._process.wait(timeout=START_SECONDS):
            raise RuntimeError(f"PostgreSQL did not make its folder:\n{self._log()}")
        self.port = free_port()
        options = {
            "port": self.port,
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": self.folder,
        }
        if not self.durable:
            options |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        settings = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        self._process = self._spawn("postgres", "-D", str(data), *settings)
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                self._run("SELECT 1")
            except psycopg.OperationalError:
                if self._process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError(f"PostgreSQL did not start:\n{self._log()}") from None
                time.sleep(POLL_SECONDS)
            else:
                return

    def _stop(self) -> None:
        """End our own server at once, also when a test left a connection open."""
        if self._process and self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)  # a fast shutdown; SIGTERM waits for clients
            try:
                self._process.wait(timeout=STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.send_signal(signal.SIGQUIT)
                self._process.wait(timeout=STOP_SECONDS)
        shutil.rmtree(self.folder)

    def _run(self, statement: LiteralString | sql.Composed) -> None:
        with psycopg.connect(
            host="127.0.0.1",
            port=self.port,
            user="lob",
            dbname="postgres",
            autocommit=True,
            connect_timeout=2,
        ) as connection:
            connection.execute(statement)

    def _spawn(self, name: str, *arguments: str) -> subprocess.Popen[bytes]:
        """Start one of PostgreSQL's programs, as the user that may run it."""
        with (self.folder / "log").open("ab") as log:
            return subprocess.Popen(
                [binary(name), *arguments],
                user=self._account.pw_uid if self._account else None,
                group=self._account.pw_gid if self._account else None,
                extra_groups=[] if self._account else None,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.folder,
            )

    def _log(self) -> str:
        return (self.folder / "log").read_text(errors="replace")


def binary(name: str) -> str:
    """The newest installed PostgreSQL's program."""
    found = sorted(
        Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3])
    )
    if not found:
        raise RuntimeError("PostgreSQL is missing; `make test` installs it")
    return str(found[-1])


def free_port() -> int:
    """A loopback port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
