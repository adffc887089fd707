"""The demo's ports: the next one when one is taken, and it says so."""

import socket

import pytest

from lti_tool.demo.run import free_from


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
