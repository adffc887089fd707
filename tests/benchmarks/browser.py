"""A browser for load: one kept connection and a cookie jar, HTTP/1.1 on loopback, nothing more.

An answer's time is from the first byte sent to the last one read.
"""

import asyncio
import time
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import urlsplit

TIMEOUT_SECONDS = 30


@dataclass(frozen=True)
class Answer:
    """What came back. Header names are lower case; of repeated ones the last is kept."""

    status: int
    headers: dict[str, str]
    body: bytes
    seconds: float


@dataclass
class Browser:
    """One person's; use it as an asynchronous context manager."""

    host: str
    port: int
    cookies: dict[str, str] = field(default_factory=dict)

    async def __aenter__(self) -> Self:
        self._reader, self._writer = await asyncio.open_connection(self.host, self.port)
        return self

    async def __aexit__(self, *_exception: object) -> None:
        self._writer.close()

    async def ask(self, method: str, address: str, body: bytes = b"") -> Answer:
        """Send one request; redirects are the caller's to follow."""
        parts = urlsplit(address)
        lines = [
            f"{method} {parts.path or '/'}{'?' + parts.query if parts.query else ''} HTTP/1.1",
            f"Host: {self.host}:{self.port}",
            "User-Agent: benchmark",
        ]
        if self.cookies:
            lines.append("Cookie: " + "; ".join(f"{k}={v}" for k, v in self.cookies.items()))
        if body:
            lines.append("Content-Type: application/x-www-form-urlencoded")
            lines.append(f"Content-Length: {len(body)}")
        begin = time.perf_counter()
        async with asyncio.timeout(TIMEOUT_SECONDS):
            self._writer.write("\r\n".join([*lines, "", ""]).encode() + body)
            status, headers = self._head(await self._reader.readuntil(b"\r\n\r\n"))
            content = await self._reader.readexactly(int(headers.get("content-length", "0")))
        return Answer(status, headers, content, time.perf_counter() - begin)

    def _head(self, head: bytes) -> tuple[int, dict[str, str]]:
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = {}
        for line in filter(None, lines):
            name, _, value = line.partition(":")
            if name.lower() == "set-cookie":
                self._keep(value.strip())
            headers[name.lower()] = value.strip()
        if "chunked" in headers.get("transfer-encoding", ""):
            raise ValueError("answers in chunks are not read here")
        return int(first.split(" ", 2)[1]), headers

    def _keep(self, header: str) -> None:
        pair, *attributes = header.split(";")
        name, _, value = pair.partition("=")
        if any(one.strip().lower() == "max-age=0" for one in attributes):
            self.cookies.pop(name, None)
        else:
            self.cookies[name] = value
