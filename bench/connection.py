"""A blocking HTTP connection for single requests whose answer times are measured."""

import socket
import time
from types import TracebackType
from typing import Self


class Unavailable(RuntimeError):
    """The answer was a 503. The same request may be sent again."""


class BlockingConnection:
    """A keep-alive connection to a port of this machine. Waits longer than `timeout_s` raise TimeoutError."""

    def __init__(self, port: int, timeout_s: float = 30.0) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout_s)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._socket.close()

    def request(self, request: bytes) -> bytes:
        """Send the request and return the whole answer. Raises RuntimeError unless its status is 2xx.

        `Unavailable` is one.
        """
        self._socket.sendall(request)
        parts = [self._receive()]
        while b"\r\n\r\n" not in parts[0]:
            parts[0] += self._receive()
        head = parts[0][: parts[0].index(b"\r\n\r\n") + 4]
        at = head.find(b"content-length: ")
        if head.startswith(b"HTTP/1.1 204"):
            pass  # It has no content.
        elif at >= 0:
            missing = len(head) + int(head[at + 16 : head.index(b"\r\n", at)]) - len(parts[0])
            while missing > 0:
                parts.append(self._receive())
                missing -= len(parts[-1])
        else:
            # The answer is sent in chunks; an empty chunk ends it.
            while not (parts[-1] if len(parts[-1]) >= 5 else b"".join(parts[-5:])).endswith(b"0\r\n\r\n"):
                parts.append(self._receive())
        if head.startswith(b"HTTP/1.1 503"):
            raise Unavailable("answered 503")
        if not head.startswith(b"HTTP/1.1 2"):
            raise RuntimeError(f"answered {head[:40]!r}")
        return b"".join(parts)

    def timed_request(self, request: bytes) -> float:
        """Send the request; return the seconds until the whole answer was received. Raises as `request` does."""
        start = time.perf_counter()
        self.request(request)
        return time.perf_counter() - start

    def _receive(self) -> bytes:
        received = self._socket.recv(1 << 18)
        if not received:
            raise RuntimeError("the server closed the connection")
        return received
