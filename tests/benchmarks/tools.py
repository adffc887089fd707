"""The three tools under measurement: ours, ltijs and the limit; each a served process of its own.

All use one PostgreSQL. Ours and the limit run under gunicorn with two gthread workers, ltijs is
one node process, as its documentation starts it.
"""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests
from cryptography.fernet import Fernet

from tests.benchmarks.load import Target
from tests.benchmarks.people import CLIENT_ID, DEPLOYMENT_ID
from tests.support.postgres import PostgresServer, free_port

WORKERS, THREADS = 2, 4
START_SECONDS = 60
ROOT = Path(__file__).parents[2]
LTIJS = Path(__file__).parent / "ltijs"


@dataclass(frozen=True)
class Tool:
    """A tool that listens."""

    name: str
    target: Target
    pid: int


@contextmanager
def ours(postgres: PostgresServer, issuer: str, folder: Path) -> Iterator[Tool]:
    """Loopbaangesprek as `serve` runs it."""
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    environment = {
        "LOB_BASE_URL": base,
        "LOB_SECRET_KEY": "s" * 40,
        "LOB_ENCRYPTION_KEYS": Fernet.generate_key().decode(),
        "LOB_DATABASE_URL": postgres.create("ours"),
    }
    program = [sys.executable, "-m", "lti_tool.commands"]
    platform = {
        "--issuer": issuer,
        "--client-id": CLIENT_ID,
        "--auth-login-url": f"{issuer}/auth",
        "--auth-token-url": f"{issuer}/token",
        "--jwks-url": f"{issuer}/jwks",
        "--deployment-id": DEPLOYMENT_ID,
    }
    options = [part for pair in platform.items() for part in pair]
    for command in (["db", "upgrade"], ["platforms", "add", *options]):
        subprocess.run(
            [*program, *command], env={**os.environ, **environment}, check=True, capture_output=True
        )
    serve = ["serve", "--port", str(port), "--workers", str(WORKERS), "--threads", str(THREADS)]
    with _running([*program, *serve], environment, folder / "ours.log", f"{base}/healthz") as pid:
        yield Tool("ours", Target(f"{base}/lti/login", f"{base}/lti/launch"), pid)


@contextmanager
def ltijs(postgres: PostgresServer, issuer: str, folder: Path) -> Iterator[Tool]:
    """The same launch in ltijs."""
    if not (LTIJS / "node_modules").is_dir():
        sys.stdout.write("bench: installing ltijs and its dependencies from npm\n")
        subprocess.run(["npm", "ci", "--no-fund", "--no-audit", "--silent"], cwd=LTIJS, check=True)
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    database = postgres.create("ltijs").replace("+psycopg", "")
    command = ["node", str(LTIJS / "app.mjs"), str(port), database, issuer, CLIENT_ID]
    # It answers 401 to a stranger; its key set is served once the platform is stored.
    with _running(command, {}, folder / "ltijs.log", f"{base}/keys") as pid:
        yield Tool("ltijs", Target(f"{base}/login", base), pid)


@contextmanager
def limit(postgres: PostgresServer, issuer: str, folder: Path) -> Iterator[Tool]:
    """What Flask and one commit allow."""
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    database = postgres.create("limit").replace("+psycopg", "")
    environment = {
        "LIMIT_ISSUER": issuer,
        "LIMIT_CLIENT_ID": CLIENT_ID,
        "LIMIT_DATABASE": database,
    }
    command = [
        *(sys.executable, "-m", "gunicorn", "tests.benchmarks.limit_app:app"),
        *("--bind", f"127.0.0.1:{port}", "--worker-class", "gthread", "--preload"),
        *("--workers", str(WORKERS), "--threads", str(THREADS)),
    ]
    with _running(command, environment, folder / "limit.log", f"{base}/page") as pid:
        yield Tool("limit", Target(f"{base}/login", f"{base}/launch"), pid)


@contextmanager
def platform_stub(port: int, key_file: Path, folder: Path) -> Iterator[str]:
    """The platform's key set; gives its address."""
    issuer = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "tests.benchmarks.platform_stub", str(port), str(key_file)]
    with _running(command, {}, folder / "platform.log", f"{issuer}/fetched"):
        yield issuer


@contextmanager
def _running(
    command: list[str], environment: Mapping[str, str], log: Path, address: str
) -> Iterator[int]:
    """Run a server until the block ends; give its process id once `address` answers at all."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, env={**os.environ, **environment}, cwd=ROOT, stdout=output, stderr=output
        )
    try:
        _wait(process, address, log)
        yield process.pid
    finally:
        process.terminate()
        process.wait(timeout=START_SECONDS)


def _wait(process: subprocess.Popen[bytes], address: str, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            requests.get(address, timeout=5)
        except requests.RequestException:
            time.sleep(0.05)
        else:
            return
    raise SystemExit(f"bench: did not start: {process.args!r}\n{log.read_text('utf-8')[-2000:]}")
