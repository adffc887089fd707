"""Fetching what others name: never from inside, never elsewhere, never endlessly."""

import ipaddress
import json
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import responses

from lti_tool.lti import fetch
from lti_tool.lti.fetch import FetchRefused, checked_address, fetch_json, host_of, origin_of
from lti_tool.lti.web import LONGEST_ANSWER, Patience
from tests.support.tls import tls

PUBLIC = "93.184.216.34"
Server = Callable[..., str]


@pytest.fixture
def serve() -> Iterator[Server]:
    """Serve raw bytes on 127.0.0.1, to one connection after the other; returns the address."""
    over = threading.Event()
    threads: list[threading.Thread] = []

    def start(*pieces: bytes, pause: float = 0.0, context: ssl.SSLContext | None = None) -> str:
        listener = socket.create_server(("127.0.0.1", 0))
        listener.settimeout(0.1)

        def run() -> None:
            with listener:
                while not over.is_set():
                    try:
                        connection, _ = listener.accept()
                    except TimeoutError:
                        continue
                    with connection:
                        _answer(connection, pieces, pause, over, context)

        threads.append(threading.Thread(target=run))
        threads[-1].start()
        return f"http://127.0.0.1:{listener.getsockname()[1]}/configuration"

    yield start
    over.set()
    for thread in threads:
        thread.join()


def _answer(
    connection: socket.socket,
    pieces: tuple[bytes, ...],
    pause: float,
    over: threading.Event,
    context: ssl.SSLContext | None,
) -> None:
    connection.settimeout(5)
    try:
        stream = context.wrap_socket(connection, server_side=True) if context else connection
        with stream:
            stream.recv(65536)
            for piece in pieces:
                stream.sendall(piece)
                if pause and over.wait(pause):
                    return
    except OSError:
        return  # the other side hung up, which is what some tests are about


def answer(body: bytes, head: bytes = b"200 OK", kind: bytes = b"application/json") -> bytes:
    length = str(len(body)).encode()
    return (
        b"HTTP/1.1 " + head + b"\r\nContent-Type: " + kind + b"\r\nContent-Length: " + length
        + b"\r\nConnection: close\r\n\r\n" + body
    )  # fmt: skip


def refusal(address: str, *, local: bool = False, **more: Any) -> FetchRefused:
    with pytest.raises(FetchRefused) as caught:
        fetch_json(address, local=local, **more)
    return caught.value


def resolve_to(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> list[str]:
    """Let every name have these addresses; returns the list of names that were asked for."""
    asked: list[str] = []

    def find(host: str, port: int, **_kinds: Any) -> list[Any]:
        asked.append(host)
        families = [socket.AF_INET6 if ":" in one else socket.AF_INET for one in addresses]
        found = zip(families, addresses, strict=True)
        return [(family, socket.SOCK_STREAM, 6, "", (one, port)) for family, one in found]

    monkeypatch.setattr(socket, "getaddrinfo", find)
    return asked


@pytest.mark.parametrize(
    "address",
    [
        "http://school.example/x",
        "https://127.0.0.1/x",
        "https://localhost/x",
        "https://[::1]/x",
        "https://10.0.0.1/x",
        "https://192.168.1.10/x",
        "https://169.254.169.254/latest/meta-data",
        "https://[fd00::1]/x",
        "https://[::ffff:10.0.0.1]/x",
        "https://[64:ff9b::a00:1]/x",
        "https://user:secret@school.example/x",
        "https://school.example:port/x",
        "https://school.example:99999/x",
        "https://sch ool.example/x",
        "https://school.example;script-src/x",
        "https:///x",
        "ftp://school.example/x",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "https://[half/x",
        "https://school.example/\nx",
        "https://school.example/" + "x" * 3000,
        "",
    ],
)
def test_an_address_that_is_not_a_platforms_is_refused_before_anything_is_sent(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = resolve_to(monkeypatch, PUBLIC)
    assert refusal(address).reason == "address_refused"
    assert asked == []


@pytest.mark.parametrize(
    "inside",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",  # noqa: S104
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1",
        "fd00:ec2::254",
        "fec0::1",
        "ff02::1",
        "::ffff:192.168.0.1",
        "64:ff9b::7f00:1",
        "2002:a00:1::",
    ],
)
def test_a_name_that_leads_inside_is_refused_when_it_is_resolved(
    inside: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for addresses in ((inside,), (PUBLIC, inside)):
        resolve_to(monkeypatch, *addresses)
        for local in (False, True):
            assert refusal("https://school.example/x", local=local).reason == "address_refused"


@pytest.mark.parametrize("outside", [PUBLIC, "2606:2800:220:1::1", "::ffff:93.184.216.34"])
def test_the_internet_is_not_inside(outside: str) -> None:
    assert fetch.is_public(ipaddress.ip_address(outside))


def test_the_connection_goes_to_the_address_that_was_looked_at(
    monkeypatch: pytest.MonkeyPatch, serve: Server, tmp_path: Path
) -> None:
    """A second look at the name could find another address; there is none."""
    context = tls(tmp_path, monkeypatch, "school.example")
    port = serve(answer(b'{"issuer": "x"}'), context=context).split(":")[2].split("/")[0]
    asked = resolve_to(monkeypatch, "127.0.0.1")
    monkeypatch.setattr(fetch, "is_public", lambda _address: True)
    assert fetch_json(f"https://school.example:{port}/x", local=False) == {"issuer": "x"}
    assert asked == ["school.example"]
    # The certificate is still the name's.
    refused = refusal(f"https://other.example:{port}/x")
    assert (refused.reason, "SSLError" in refused.detail) == ("platform_unreachable", True)


def test_a_tool_on_this_machine_may_ask_this_machine_and_no_other_inside(
    serve: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = serve(answer(b'{"a": 1}'))
    assert fetch_json(address, local=True) == {"a": 1}
    assert refusal(address, local=False).reason == "address_refused"
    assert refusal("http://10.0.0.1/x", local=True).reason == "address_refused"
    resolve_to(monkeypatch, "10.0.0.1")
    assert refusal("http://localhost/x", local=True).reason == "address_refused"


def test_what_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    with responses.RequestsMock() as web:
        web.get("https://school.example/x", json={"a": 1})
        web.post("https://school.example/y", json={"b": 2}, status=201)
        assert fetch_json("https://school.example/x", local=False, token="t") == {"a": 1}
        sent = {"name": "Loopbaangesprek"}
        assert fetch_json("https://school.example/y", local=False, body=sent) == {"b": 2}
        get, post = (call.request for call in web.calls)
    assert get.headers["Authorization"] == "Bearer t"
    assert "Loopbaangesprek" in get.headers["User-Agent"]
    assert get.headers["Accept"] == "application/json"
    assert "Authorization" not in post.headers
    assert post.headers["Content-Type"] == "application/json"
    assert json.loads(post.body or b"") == sent


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_not_followed(serve: Server, status: int) -> None:
    inside = serve(answer(b'{"secret": 1}'))
    head = f"{status} Elsewhere\r\nLocation: {inside}".encode()
    assert refusal(serve(answer(b"", head)), local=True).reason == "platform_redirects"


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 429, 500, 503])
def test_a_refusal_of_the_platform_is_told_with_its_number(serve: Server, status: int) -> None:
    refused = refusal(serve(answer(b"token_already_used", f"{status} No".encode())), local=True)
    assert refused.reason == f"platform_said_{status}"
    assert refused.detail == "token_already_used"


@pytest.mark.parametrize(
    "body",
    [b"<!DOCTYPE html><title>Onderhoud</title>", b"", b"[1]", b"null", b"\xff\xfe", b"[" * 100_000],
)
def test_an_answer_that_is_no_json_object_is_refused(serve: Server, body: bytes) -> None:
    page = answer(body, kind=b"text/html")
    assert refusal(serve(page), local=True).reason == "platform_answer_not_json"


def test_json_under_another_content_type_is_read(serve: Server) -> None:
    """Moodle answers tokens as text/html."""
    assert fetch_json(serve(answer(b'{"a": 1}', kind=b"text/html")), local=True) == {"a": 1}


def test_a_large_answer_is_broken_off(serve: Server) -> None:
    head = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"
    address = serve(head, *[b" " * 65536] * 40)
    assert refusal(address, local=True).reason == "platform_answer_too_large"


def test_a_large_answer_in_small_wrapping_is_broken_off() -> None:
    with responses.RequestsMock() as web:
        web.get("https://school.example/x", body=b" " * (LONGEST_ANSWER + 1))
        assert refusal("https://school.example/x").reason == "platform_answer_too_large"


@pytest.mark.parametrize(
    "pieces",
    [
        [b"HTTP/1.1 200 OK\r\n", *[b"X-Drip: 1\r\n"] * 100],
        [b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n", *[b" "] * 100],
        [b"HTTP/1.1 200 OK\r\n\r\n", *[b" "] * 100],
        [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", *[b"1\r\n \r\n"] * 100],
    ],
)
def test_a_platform_that_keeps_dripping_is_hung_up_on(
    serve: Server, pieces: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetch, "PATIENCE", Patience(3, 5, 0.3))
    assert refusal(serve(*pieces, pause=0.05), local=True).reason == "platform_slow"


def test_a_platform_that_says_nothing_is_not_waited_for(
    serve: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetch, "PATIENCE", Patience(3, 0.2, 10))
    assert refusal(serve(b"", pause=5), local=True).reason == "platform_slow"


def test_nobody_there(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    assert refusal(f"http://127.0.0.1:{port}/x", local=True).reason == "platform_unreachable"

    def unknown(*_args: Any, **_kinds: Any) -> None:
        raise socket.gaierror("no such name")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert refusal("https://school.example/x").reason == "platform_unreachable"


@pytest.mark.parametrize("host", ["a..b.example", "a" * 64 + ".example"])
def test_a_name_that_cannot_be_one_is_nobody(host: str) -> None:
    assert refusal(f"https://{host}/x").reason == "platform_unreachable"


def test_origins() -> None:
    assert origin_of("HTTPS://School.Example:443/x?y") == "https://school.example"
    assert origin_of("http://[::1]:8000/") == "http://[::1]:8000"
    assert origin_of("http://localhost:80") == "http://localhost"
    assert host_of("https://school.example:8443/x") == "school.example"
    assert host_of("https://a'b.example/") == ""
    assert checked_address("https://school.example:8443/x", local=False)
