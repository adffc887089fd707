"""Apps that really listen, for tests that go over HTTP."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from werkzeug.serving import make_server


@contextmanager
def listening(host: str, port: int, app: Flask) -> Iterator[None]:
    """Serve an app in threads of this process."""
    server = make_server(host, port, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
