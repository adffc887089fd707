"""A time limit for a whole answer: connections that are hung up on, however slowly they drip.

A time-out of `requests` counts from one piece to the next, so a byte now and then keeps a thread
for hours. Here a timer shuts the connection down under whoever is reading from it.
"""

import contextlib
import socket
import threading
import weakref
from collections.abc import Callable, Iterator
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool


class WatchedAdapter(HTTPAdapter):
    """Keeps a hold on each connection it opens."""

    def __init__(self) -> None:
        self._held: list[socket.socket] = []
        weakref.finalize(self, _close_all, self._held)
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Let the pools open their connections here."""
        super().init_poolmanager(*args, **kwargs)
        adapter = weakref.proxy(self)  # no circle: who drops the session lets go of its sockets

        class Plain(HTTPConnection):
            def _new_conn(self) -> socket.socket:
                return adapter.hold(adapter.open(self, super()._new_conn))

        class Secure(HTTPSConnection):
            def _new_conn(self) -> socket.socket:
                return adapter.hold(adapter.open(self, super()._new_conn))

        class PlainPool(HTTPConnectionPool):
            ConnectionCls = Plain

        class SecurePool(HTTPSConnectionPool):
            ConnectionCls = Secure

        self.poolmanager.pool_classes_by_scheme = {"http": PlainPool, "https": SecurePool}

    def open(self, connection: HTTPConnection, usual: Callable[[], socket.socket]) -> socket.socket:  # noqa: ARG002
        """Connect, in the `usual` way unless a subclass knows better."""
        return usual()

    def hold(self, opened: socket.socket) -> socket.socket:
        """Keep a twin to shut down: TLS takes the original out of our hands."""
        self._held.append(opened.dup())
        return opened

    def hang_up(self) -> None:
        """Break off whatever is going on."""
        for one in list(self._held):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Let go of everything that was opened."""
        super().close()
        _close_all(self._held)


@contextlib.contextmanager
def hung_up_after(adapter: object, seconds: float) -> Iterator[None]:
    """Break off what is inside after so many seconds; who reads there then finds an end."""
    if not isinstance(adapter, WatchedAdapter):
        raise TypeError("only a WatchedAdapter can be hung up on")
    timer = threading.Timer(seconds, adapter.hang_up)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _close_all(held: list[socket.socket]) -> None:
    while held:
        held.pop().close()
