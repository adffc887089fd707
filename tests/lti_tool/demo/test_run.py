"""The demo's ports and its database: the next port when one is taken, a fresh story when due."""

import socket
from pathlib import Path

import pytest

from lti_tool.demo.run import database_name, free_from


def test_other_migrations_mean_another_database(tmp_path: Path) -> None:
    step = tmp_path / "0001_first.py"
    step.write_text("a")
    before = database_name(tmp_path)
    assert database_name(tmp_path) == before
    step.write_text("b")
    assert database_name(tmp_path) != before


def test_a_busy_port_is_passed_over_and_named(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        found = free_from(port)
    assert found > port
    assert capsys.readouterr().out == f"Port {port} is busy, so this uses {found}.\n"


def test_a_free_port_is_used_silently_and_never_twice(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    assert free_from(port) == port
    assert capsys.readouterr().out == ""
    assert free_from(port, beside=port) > port
