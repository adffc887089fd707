"""The platform's other half, as a process: its key set, and how often that was fetched.

`python -m tests.benchmarks.platform_stub PORT KEYFILE`
"""

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

KID = "benchmark-key"


def make_key(file: Path) -> rsa.RSAPrivateKey:
    """Write a new key to `file`."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return key


class Stub:
    """Answers GET requests on kept connections: `/jwks`, and `/fetched` with its count."""

    def __init__(self, key: rsa.RSAPrivateKey) -> None:
        jwk: dict[str, Any] = json.loads(RSAAlgorithm.to_jwk(key.public_key()))
        self.keys = json.dumps({"keys": [{**jwk, "kid": KID, "alg": "RS256", "use": "sig"}]})
        self.fetched = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                writer.write(self._answer(head.split(b" ", 2)[1].decode()))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    def _answer(self, path: str) -> bytes:
        if path == "/jwks":
            self.fetched += 1
        body = self.keys if path == "/jwks" else json.dumps({"fetched": self.fetched})
        head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
        return f"{head}\r\n\r\n{body}".encode()


async def _run(port: int, key: rsa.RSAPrivateKey) -> None:
    server = await asyncio.start_server(Stub(key).serve, "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    loaded = serialization.load_pem_private_key(Path(sys.argv[2]).read_bytes(), password=None)
    assert isinstance(loaded, rsa.RSAPrivateKey)
    asyncio.run(_run(int(sys.argv[1]), loaded))
