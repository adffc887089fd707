"""A PostgreSQL server of our own: started on a free loopback port, ended with the tests."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Self

import psycopg

START_SECONDS = 30


class PostgresServer:
    """A context manager around a throw-away cluster; `url(name)` gives SQLAlchemy's address.

    The server refuses to run as root, so there it runs as the system user `postgres`.
    """

    def __enter__(self) -> Self:
        self._folder = Path(tempfile.mkdtemp(prefix="lob-postgres-"))
        self._user = "postgres" if os.geteuid() == 0 else None
        if self._user:
            account = pwd.getpwnam(self._user)
            os.chown(self._folder, account.pw_uid, account.pw_gid)
        data = self._folder / "data"
        self._call("initdb", "-D", str(data), "-U", "lob", "-A", "trust", "-E", "UTF8", "-N")
        self.port = free_port()
        options = {
            "port": self.port,
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": self._folder,
            "fsync": "off",
            "synchronous_commit": "off",
            "full_page_writes": "off",
        }
        settings = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        log = (self._folder / "log").open("wb")
        self._process = subprocess.Popen(
            [binary("postgres"), "-D", str(data), *settings],
            user=self._user,
            stdout=log,
            stderr=log,
            cwd=self._folder,
        )
        log.close()
        self._wait()
        return self

    def __exit__(self, *_exception: object) -> None:
        self._process.terminate()
        self._process.wait(timeout=20)
        shutil.rmtree(self._folder)

    def url(self, database: str) -> str:
        """The SQLAlchemy address of a database."""
        return f"postgresql+psycopg://lob@127.0.0.1:{self.port}/{database}"

    def create(self, database: str, template: str = "template0") -> str:
        """Make a database, as a copy of another when named; return its address."""
        self._run(f'CREATE DATABASE "{database}" TEMPLATE "{template}"')
        return self.url(database)

    def drop(self, database: str) -> None:
        """Remove a database."""
        self._run(f'DROP DATABASE "{database}" WITH (FORCE)')

    def _run(self, statement: str) -> None:
        with psycopg.connect(
            host="127.0.0.1", port=self.port, user="lob", dbname="postgres", autocommit=True
        ) as connection:
            connection.execute(statement)

    def _call(self, name: str, *arguments: str) -> None:
        subprocess.run(
            [binary(name), *arguments],
            user=self._user,
            check=True,
            stdout=subprocess.DEVNULL,
            cwd=self._folder,
        )

    def _wait(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                self._run("SELECT 1")
            except psycopg.OperationalError:
                if self._process.poll() is not None or time.monotonic() > deadline:
                    log = (self._folder / "log").read_text(errors="replace")
                    raise RuntimeError(f"PostgreSQL did not start:\n{log}") from None
            else:
                return


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
