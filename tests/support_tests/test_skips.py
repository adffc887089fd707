"""A run of its own, in which something is skipped."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SKIPPED = "import pytest\ndef test_one():\n    pytest.skip('not today')\n"
SKIPPED_FILE = "import pytest\npytest.importorskip('nobody_has_this')\n"
PASSED = "def test_one():\n    assert True\n"


def run(
    folder: Path, ci: str, *sources: str, processes: int = 0
) -> "subprocess.CompletedProcess[str]":
    for number, source in enumerate(sources):
        (folder / f"test_{number}.py").write_text(source, "utf-8")
    settings = folder / "pytest.ini"
    settings.write_text("[pytest]\n", "utf-8")
    hook = ["-p", "tests.support.skips", "-p", "no:hypothesispytest", "-p", "no:cacheprovider"]
    return subprocess.run(
        [sys.executable, "-m", "pytest", *hook, "-n", str(processes), "-c", settings, folder],
        cwd=ROOT,
        env={**os.environ, "CI": ci, "PYTEST_ADDOPTS": ""},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.mark.parametrize("processes", [0, 2])
def test_a_skipped_test_fails_the_run_that_decides(tmp_path: Path, processes: int) -> None:
    done = run(tmp_path, "true", PASSED, SKIPPED, SKIPPED_FILE, processes=processes)
    assert "CI: 2 skipped; a skipped test is a failure" in done.stdout
    assert "1 passed, 2 skipped" in done.stdout.splitlines()[-1]
    assert done.returncode == pytest.ExitCode.TESTS_FAILED


def test_elsewhere_it_is_only_reported(tmp_path: Path) -> None:
    assert run(tmp_path, "", PASSED, SKIPPED).returncode == pytest.ExitCode.OK


def test_a_full_run_passes(tmp_path: Path) -> None:
    done = run(tmp_path, "true", PASSED)
    assert done.returncode == pytest.ExitCode.OK, done.stdout
