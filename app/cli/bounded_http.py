"""uvicorn's HTTP protocol with limits on clients that are silent, slow or endless; `shift-fanout serve` uses it.

A proxy has such limits of its own. Without one, a few hundred silent connections use up the files that the process
may open, and one request head without an end keeps the event loop busy. `app/web/middleware.py` limits bodies.
"""

import asyncio
import logging
from typing import Any

from uvicorn.protocols.http.auto import AutoHTTPProtocol

log = logging.getLogger("shift_fanout.http")

#: The request line and the headers must be complete this long after the connection was made or, on a connection
#: that is used again, after their first byte.
HEAD_WITHIN_S = 10.0
#: A request line and headers that are not complete after this many bytes are too long.
LONGEST_HEAD_BYTES = 64 * 1024
#: A client that has read nothing for this long, while a response waits for it, is cut off.
READ_WITHIN_S = 60.0
#: If the operating system sets no limit.
_MOST_CONNECTIONS = 10_000
#: Files that the service needs itself: for its database, its calls to the gateway, and so on.
_RESERVED_FILES = 256


def most_connections() -> int:
    """How many clients may be connected at once, from the number of files that the process may open."""
    try:
        # Not on Windows.
        import resource
    except ImportError:
        return _MOST_CONNECTIONS
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if files == resource.RLIM_INFINITY:
        return _MOST_CONNECTIONS
    return int(min(_MOST_CONNECTIONS, files - min(_RESERVED_FILES, files // 2)))


class BoundedProtocol(AutoHTTPProtocol):  # type: ignore[misc,valid-type]  # uvicorn chooses the class at its import
    """One connection. It is closed if its request head comes too slowly or is too long, or if its client never reads.

    With too many connections, the one that has waited longest for a request is closed for the newest.
    """

    limit = most_connections()
    _full_before = False

    _head_bytes = 0
    #: Closes the connection unless a request head is complete before.
    _deadline: asyncio.TimerHandle | None = None

    #: Closes the connection unless the client reads before.
    _stalled: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        """See `asyncio.Protocol`."""
        super().connection_made(transport)
        self._start_deadline()
        if len(self.connections) > self.limit:
            self._make_room()

    def data_received(self, data: bytes) -> None:
        """See `asyncio.Protocol`."""
        while data and not self.transport.is_closing():
            # In pieces, because one call may bring a whole head that is too long.
            room = LONGEST_HEAD_BYTES - self._head_bytes
            if room == 0:
                self.transport.abort()
                return
            self._receive(data[:room])
            data = data[room:]

    def _receive(self, data: bytes) -> None:
        request, read_body = self.cycle, self._reads_body
        super().data_received(data)
        if self.transport.is_closing():
            return
        # The end of a body belongs to no head either.
        if read_body or self.cycle is not request or self._reads_body:
            self._head_bytes = 0
            self._stop_deadline()
            return
        self._head_bytes += len(data)
        if self._deadline is None and (request is None or request.response_complete):
            self._start_deadline()

    def pause_writing(self) -> None:
        """See `asyncio.Protocol`: the buffer is full, because the client does not read."""
        super().pause_writing()
        self._stalled = self.loop.call_later(READ_WITHIN_S, self.transport.abort)

    def resume_writing(self) -> None:
        """See `asyncio.Protocol`: the client has read most of what was sent."""
        self._stop_stalled()
        super().resume_writing()

    def connection_lost(self, exc: Exception | None) -> None:
        """See `asyncio.Protocol`."""
        self._stop_deadline()
        self._stop_stalled()
        super().connection_lost(exc)

    @property
    def _reads_body(self) -> bool:
        return self.cycle is not None and self.cycle.more_body

    def _start_deadline(self) -> None:
        self._deadline = self.loop.call_later(HEAD_WITHIN_S, self.transport.abort)

    def _stop_deadline(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _stop_stalled(self) -> None:
        if self._stalled is not None:
            self._stalled.cancel()
            self._stalled = None

    def _make_room(self) -> None:
        if not BoundedProtocol._full_before:
            BoundedProtocol._full_before = True
            log.warning("http.too_many_connections limit=%d: raise the limit of open files (ulimit -n)", self.limit)
        waiting = [one for one in self.connections if one._deadline is not None]
        min(waiting, key=lambda one: one._deadline.when()).transport.abort()
