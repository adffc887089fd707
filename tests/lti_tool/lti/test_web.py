"""One call to a platform ends in time, whatever comes and however slowly."""

import gc
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from lti_tool.lti.hang_up import hung_up_after
from lti_tool.lti.web import Answer, Bearer, Patience, ServiceFailed, call, new_session
from tests.support.tls import tls

HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"
HEAD_WITHOUT_END = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
STATUS_LINE = b"HTTP/1.1 200 "
SHORT = Patience(5, 5, 0.4)


@contextmanager
def dripping(head: bytes, context: ssl.SSLContext | None = None) -> Iterator[str]:
    """A server that sends `head`, and then a byte now and then until somebody hangs up."""
    listener = socket.create_server(("127.0.0.1", 0))

    def run() -> None:
        connection, _ = listener.accept()
        with context.wrap_socket(connection, server_side=True) if context else connection as stream:
            stream.recv(65536)
            try:
                stream.sendall(head)
                while True:
                    stream.sendall(b"1")
                    time.sleep(0.02)
            except OSError:
                return

    thread = threading.Thread(target=run)
    thread.start()
    with listener:
        yield f"127.0.0.1:{listener.getsockname()[1]}/x"
    thread.join(10)
    assert not thread.is_alive()


def failure(address: str, patience: Patience = SHORT) -> ServiceFailed:
    with new_session() as session, pytest.raises(ServiceFailed) as caught:
        call(session, "GET", address, auth=Bearer(), headers={}, patience=patience)
    return caught.value


@pytest.mark.parametrize("head", [HEAD, HEAD_WITHOUT_END, CHUNKED, STATUS_LINE])
def test_an_answer_that_drips_is_cut_off(head: bytes) -> None:
    begin = time.monotonic()
    with dripping(head) as address:
        assert failure(f"http://{address}").reason == "slow"
    assert time.monotonic() - begin < 4


def test_it_is_cut_off_inside_tls_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
    context = tls(tmp_path, monkeypatch, "localhost")
    with dripping(HEAD, context) as served:
        address = served.replace("127.0.0.1", "localhost")
        assert failure(f"https://{address}").reason == "slow"


def test_who_is_not_there_is_unreachable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    assert failure(f"http://127.0.0.1:{port}/", Patience(1, 1, 5)).reason == "unreachable"


def test_a_session_that_is_dropped_keeps_no_connection(serve_once: Callable[[], str]) -> None:
    """Nothing unclosed is left for the garbage collector to warn of."""
    session = new_session()
    answer = call(session, "GET", serve_once(), auth=Bearer(), headers={})
    assert isinstance(answer, Answer)
    del session
    gc.collect()


@pytest.fixture
def serve_once() -> Iterator[Callable[[], str]]:
    listener = socket.create_server(("127.0.0.1", 0))
    threads: list[threading.Thread] = []

    def run() -> None:
        connection, _ = listener.accept()
        with connection:
            connection.recv(65536)
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
            assert connection.recv(65536) == b""  # the other side let go

    def start() -> str:
        threads.append(threading.Thread(target=run))
        threads[-1].start()
        return f"http://127.0.0.1:{listener.getsockname()[1]}/"

    yield start
    for thread in threads:
        thread.join(10)
        assert not thread.is_alive()
    listener.close()


def test_only_what_is_watched_can_be_hung_up_on() -> None:
    with pytest.raises(TypeError), hung_up_after(object(), 1):
        pass
