"""Apps that really listen, for tests that go over HTTP."""

import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import requests
from flask import Flask
from werkzeug.serving import make_server

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

START_SECONDS = 60  # a busy machine takes long to import all of it
POLL_SECONDS = 0.05


@contextmanager
def listening(host: str, port: int, app: Flask) -> Iterator[None]:
    """Serve an app in threads of this process."""
    server = make_server(host, port, _closing(app), threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(POLL_SECONDS,))
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _closing(app: Flask) -> "WSGIApplication":
    """The app, of which every answer is read to its end and closed before the first byte goes out.

    werkzeug's server forgets to close an answer whose reader hung up: a file would stay open.
    """

    def whole(environ: "WSGIEnvironment", start_response: "StartResponse") -> list[bytes]:
        answer = app(environ, start_response)
        try:
            return [b"".join(answer)]
        finally:
            answer.close()  # type: ignore[attr-defined]

    return whole


def until_it_answers(server: "subprocess.Popen[str]", address: str) -> None:
    """Wait for a server that was just started; fails when it ended, or takes too long."""
    deadline = time.monotonic() + START_SECONDS
    while True:
        assert server.poll() is None, server.communicate()
        try:
            requests.get(address, timeout=5).raise_for_status()
        except requests.RequestException:
            assert time.monotonic() < deadline, f"{address} does not answer"
            time.sleep(POLL_SECONDS)
        else:
            return
