"""What a school installs: a wheel, built here and run as if there were no checkout."""

import json
import os
import re
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZipFile

import pytest
import requests
from cryptography.fernet import Fernet

from tests.support.postgres import free_port
from tests.support.serving import until_it_answers

ROOT = Path(__file__).parents[2]
PACKED = {
    "lti_tool": "lti_tool",
    "instrument": "instrument",
    "templates": "lti_tool/_templates",
    "migrations": "lti_tool/_migrations",
}
SOURCES_OF_STATIC = "lti_tool/assets/"


@dataclass(frozen=True)
class Installed:
    """The console script of a wheel that was installed for itself, with the locked libraries."""

    wheel: Path
    folder: Path
    work: Path

    def start(self, *arguments: str, **settings: str) -> "subprocess.Popen[str]":
        inherited = {key: value for key, value in os.environ.items() if key[:4] != "LOB_"}
        return subprocess.Popen(
            [self.folder / "bin" / "loopbaangesprek", *arguments],
            cwd=self.work,
            env={**inherited, "PYTHONPATH": str(self.folder), **settings},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *arguments: str, **settings: str) -> str:
        process = self.start(*arguments, **settings)
        out, err = process.communicate(timeout=120)
        assert process.returncode == 0, err
        return out


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """Built and installed without a network: all it needs is in the locked dependencies."""
    folder = tmp_path_factory.mktemp("wheel")
    python, target = sys.executable, folder / "installed"
    build = [python, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    install = [python, "-m", "uv", "pip", "install", "--offline", "--no-deps", "--python", python]
    subprocess.run([*install, "--target", str(target), str(wheel)], check=True, capture_output=True)
    work = folder / "work"
    work.mkdir()
    return Installed(wheel, target, work)


def ours() -> set[str]:
    """The checkout's files, under the names they have in the wheel."""
    files = {
        Path(packed, file.relative_to(ROOT / name)).as_posix()
        for name, packed in PACKED.items()
        for file in (ROOT / name).rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    }
    return {name for name in files if not name.startswith(SOURCES_OF_STATIC)}


def test_everything_is_in_it_and_nothing_else(installed: Installed) -> None:
    with ZipFile(installed.wheel) as archive:
        packed = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert packed == ours()
    assert "lti_tool/_migrations/versions/0001_first_tables.py" in packed


def test_the_instrument_needs_no_settings(installed: Installed) -> None:
    shown = json.loads(installed.run("instrument", "show", "--json"))
    assert len(shown["questions"]) == 83
    english = json.loads(installed.run("instrument", "show", "--json", "--language", "en"))
    assert [one["key"] for one in english["questions"]] == [
        one["key"] for one in shown["questions"]
    ]
    assert english["language"] == "en"


def test_it_runs_from_an_empty_folder(installed: Installed) -> None:
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    settings = {
        "LOB_BASE_URL": address,
        "LOB_SECRET_KEY": "s" * 40,
        "LOB_ENCRYPTION_KEYS": Fernet.generate_key().decode(),
        "XDG_RUNTIME_DIR": str(installed.work),
    }
    installed.run("db", "upgrade", **settings)
    assert (installed.work / "loopbaangesprek.sqlite3").is_file()
    assert installed.run("worker", "--once", **settings) == "0 done\n"
    server = installed.start("serve", "--port", str(port), **settings)
    try:
        until_it_answers(server, f"{address}/healthz")
        assert requests.get(f"{address}/readyz", timeout=10).json() == {"status": "ok"}
        refused = requests.post(f"{address}/lti/launch", timeout=10)
        assert refused.status_code == 400
        assert "<title>" in refused.text
        headers = {"Accept-Language": "en"}
        english = requests.post(f"{address}/lti/launch", headers=headers, timeout=10)
        assert "<title>Open this from your course" in english.text
        files = re.findall(r'(?:href|src)="(/static/[^"]+)"', refused.text)
        assert files
        assert all(requests.get(address + file, timeout=10).ok for file in files)
    finally:
        server.send_signal(signal.SIGTERM)
        _out, err = server.communicate(timeout=120)
    assert server.returncode == 0, err
    assert "Traceback" not in err


def test_what_it_needs_is_locked_as_it_was_tested() -> None:
    """`requirements.txt` is a part of `requirements-dev.txt`, hash for hash, with every library."""
    pins = pinned("requirements.txt")
    tested = pinned("requirements-dev.txt")
    assert {name: tested.get(name) for name in pins} == pins
    needed = re.findall(r'^    "([a-z0-9-]+)', project_dependencies(), re.MULTILINE)
    assert set(needed) <= set(pins)
    assert not {"pytest", "hatchling"} & set(pins)


def pinned(name: str) -> dict[str, str]:
    """Each library with its version and hashes; markers may differ."""
    text = (ROOT / "config" / name).read_text("utf-8")
    plain = re.sub(r"^ *#.*\n", "", text, flags=re.MULTILINE).replace("\\\n", "")
    rows = (re.match(r"([\w-]+)==(\S+).*?(--hash.*)", line) for line in plain.splitlines())
    return {row[1]: f"{row[2]} {row[3]}" for row in rows if row}


def project_dependencies() -> str:
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    return text.partition("dependencies = [\n")[2].partition("]\n\n")[0]
