"""An HTTP server in place of the provider's gateway: records what the processes under test post, and answers."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

_PATIENCE_S = 20.0


class Received(NamedTuple):
    """One request: its idempotency key and message. `at`: when it came, in seconds since the epoch."""

    key: str
    message: dict[str, Any]
    at: float


#: Returns the HTTP status to answer a request with; it may block to delay the answer.
Behaviour = Callable[[Received], int]


def accepting(_: Received) -> int:
    """Answer every message with 200."""
    return 200


def answering(*statuses: int) -> Behaviour:
    """Answer with these statuses in order, then with 200."""
    left = list(statuses)
    return lambda _: left.pop(0) if left else 200


class Gateway:
    """Records messages and answers as `behave` says; a test may replace `behave` at any time."""

    def __init__(self, behave: Behaviour = accepting) -> None:
        self.behave = behave
        self._received: list[Received] = []
        #: The indices of the requests that were refused.
        self._refused: set[int] = set()
        self._came = threading.Condition()

    @property
    def received(self) -> list[Received]:
        """The requests so far, in order."""
        with self._came:
            return list(self._received)

    def take(self, key: str, message: dict[str, Any]) -> int:
        """Record a message; returns the status to answer with."""
        with self._came:
            one = Received(key, message, time.time())
            index = len(self._received)
            self._received.append(one)
            self._came.notify_all()
        status = self.behave(one)
        if status >= 300:
            with self._came:
                self._refused.add(index)
        return status

    @property
    def taken(self) -> list[Received]:
        """The requests so far that were not refused. A message that was refused may come again with other words."""
        with self._came:
            return [one for index, one in enumerate(self._received) if index not in self._refused]

    def matching(self, **fields: object) -> list[Received]:
        """The requests so far whose message has these fields."""
        return [one for one in self.received if fields.items() <= one.message.items()]

    def wait_for(self, count: int, within_s: float = _PATIENCE_S, **fields: object) -> list[Received]:
        """Wait until at least `count` requests have these fields, and return them. Fails after `within_s`."""
        with self._came:
            came = self._came.wait_for(lambda: len(self.matching(**fields)) >= count, timeout=within_s)
        found = self.matching(**fields)
        assert came, f"{len(found)} instead of {count} in {within_s:g} s: {found}"
        return found


@contextmanager
def listening(gateway: Gateway) -> Iterator[str]:
    """Serve the gateway on a free port until the block ends; yields its URL."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            status = gateway.take(self.headers["idempotency-key"], json.loads(body))
            try:
                self.send_response(status)
                self.send_header("content-length", "0")
                self.end_headers()
            except ConnectionError:
                # The process that sent the request was killed.
                self.close_connection = True

        def handle(self) -> None:
            try:
                super().handle()
            except ConnectionError:
                self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the name in the base class
            """Write no log."""

    class Listener(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 128

    http = Listener(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{http.server_port}/messages"
    finally:
        http.shutdown()
        http.server_close()
        thread.join()
