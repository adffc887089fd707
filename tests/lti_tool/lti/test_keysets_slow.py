"""Slow platforms, served on loopback: nobody waits for somebody else's."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from lti_tool.lti import keysets
from lti_tool.lti.claims import LaunchRefused
from lti_tool.lti.keysets import KeySets
from lti_tool.lti.web import Patience
from tests.support.clock import Clock
from tests.support.launches import KID, public_jwk


@dataclass
class Gate:
    """A platform that tells when it is asked, and answers when it may."""

    asked: threading.Event = field(default_factory=threading.Event)
    go_on: threading.Event = field(default_factory=threading.Event)

    def handler(self) -> type[BaseHTTPRequestHandler]:
        gate = self

        class Waiting(Quiet):
            def do_GET(self) -> None:
                gate.asked.set()
                gate.go_on.wait(20)
                body = json.dumps({"keys": [public_jwk()]}).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        return Waiting


class Quiet(BaseHTTPRequestHandler):
    """Logs nothing."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Nothing."""


class Dripping(Quiet):
    """An answer that comes byte by byte, and never whole."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "100000")
        self.end_headers()
        try:
            while True:
                self.wfile.write(b" ")
                time.sleep(0.02)
        except OSError:
            return


@contextmanager
def served(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/jwks"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def asking(sets: KeySets, address: str) -> Iterator[threading.Thread]:
    """Somebody else who asks for the key meanwhile."""
    thread = threading.Thread(target=sets.key, args=(address, KID))
    thread.start()
    yield thread
    thread.join(10)
    assert not thread.is_alive()


def test_a_slow_platform_holds_up_nobody_elses_launches() -> None:
    slow, quick, sets = Gate(), Gate(), KeySets()
    quick.go_on.set()
    with served(slow.handler()) as address, asking(sets, address) as waiting:
        assert slow.asked.wait(10)
        with served(quick.handler()) as other:
            assert sets.key(other, KID).key_id == KID
        assert waiting.is_alive()
        slow.go_on.set()


def test_while_one_launch_renews_the_set_others_use_the_old_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock, gate, sets = Clock(), Gate(), KeySets()
    monkeypatch.setattr(keysets, "time", clock)
    gate.go_on.set()
    with served(gate.handler()) as address:
        sets.key(address, KID)
        gate.go_on.clear()
        gate.asked.clear()
        clock.moment += 3600
        with asking(sets, address) as renewing:
            assert gate.asked.wait(10)
            assert sets.key(address, KID).key_id == KID
            assert renewing.is_alive()
            gate.go_on.set()


def test_a_platform_that_never_finishes_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keysets, "PATIENCE", Patience(3, 5, 0.2))
    with served(Dripping) as address:
        begin = time.monotonic()
        with pytest.raises(LaunchRefused, match="slow"):
            KeySets().key(address, KID)
        assert time.monotonic() - begin < 10
