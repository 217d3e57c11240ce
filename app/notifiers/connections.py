"""Owns the HTTP connections of a notifier: which one is used next, and when an idle one is closed.

Knows nothing about messages, and nothing specific to one provider.
"""

import asyncio
from base64 import b64encode
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

import httpx

from app.clock import time_limit
from app.ports.clock import Cancellable, Clock

#: Seconds that a connection stays open after its last message.
KEEP_ALIVE_S = 30.0
#: Makes a transport for one connection.
Connect = Callable[[], httpx.AsyncBaseTransport]
_KEEP_ALIVE = timedelta(seconds=KEEP_ALIVE_S)
#: Limits for reading a response body that matters to nobody: seconds and bytes.
MAX_BODY_READ_S = 1.0
MAX_BODY_BYTES = 64 * 1024
#: What httpx raises before a single byte of the request was sent.
NOT_CONNECTED = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)


def basic_authorization(user: str, password: str) -> str:
    """The value of the header `Authorization` for basic authentication (RFC 7617)."""
    return "Basic " + b64encode(f"{user}:{password}".encode()).decode()


@dataclass(frozen=True, slots=True)
class _Idle:
    """A connection that no message uses."""

    transport: httpx.AsyncBaseTransport
    since: datetime


class Connections:
    """Lends a connection to each message that is under way, and closes those that are idle for `KEEP_ALIVE_S`.

    Each transport holds one connection. A pool shared by all messages would search all of its connections on every
    request; with a thousand of them that costs far more than the request (docs/performance.md).
    """

    def __init__(self, clock: Clock, connect: Connect | None = None) -> None:
        """`connect` returns a transport for one connection; the default makes real ones."""
        self._clock = clock
        self._connect = connect or _real_connections()
        #: In the order in which they became idle. The last used is the next used, so that after a burst the others
        #: stay idle and are closed.
        self._idle: deque[_Idle] = deque()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._timer: Cancellable | None = None
        self._closing: set[asyncio.Task[None]] = set()

    @contextmanager
    def use(self) -> Iterator[httpx.AsyncBaseTransport]:
        """Lend a connection until the block ends: an idle one if there is one, else a new one."""
        self._forget_other_loops()
        if self._timer is None:
            self._close_next_at(self._clock.now() + _KEEP_ALIVE)
        # Keep this loop's list: if the event loop changes during the block, `self._idle` will belong to the next one.
        idle = self._idle
        transport = idle.pop().transport if idle else self._connect()
        try:
            yield transport
        finally:
            idle.append(_Idle(transport, self._clock.now()))

    async def aclose(self) -> None:
        """Close the idle connections and stop the timer. A later `use` starts afresh."""
        self._forget_other_loops()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        unused, self._idle = self._idle, deque()
        await _close(unused)
        await asyncio.gather(*self._closing)

    def _forget_other_loops(self) -> None:
        """Drop the connections of an earlier event loop: no other loop can use or close them."""
        loop = asyncio.get_running_loop()
        if self._loop is loop:
            return
        if self._timer is not None:
            self._timer.cancel()
        self._loop, self._timer, self._idle, self._closing = loop, None, deque(), set()

    def _close_next_at(self, when: datetime) -> None:
        """Set the timer. It runs until `aclose`, because a connection can become idle at any time."""
        self._timer = self._clock.call_at(when, self._close_unused)

    def _close_unused(self) -> None:
        """Close each connection that has been idle for `KEEP_ALIVE_S`, and set the timer for the next one."""
        now = self._clock.now()
        unused = []
        # If the clock was set back, `since` may lie in the future. Such a connection is closed too.
        while self._idle and not now - _KEEP_ALIVE < self._idle[0].since <= now:
            unused.append(self._idle.popleft())
        if unused:
            closing = asyncio.create_task(_close(unused))
            self._closing.add(closing)
            closing.add_done_callback(self._closing.discard)
        oldest = self._idle[0].since if self._idle else now
        self._close_next_at(oldest + _KEEP_ALIVE)


async def release(response: httpx.Response, clock: Clock) -> None:
    """Make the connection of an answer ready for the next request.

    A connection can be used again only after its answer was read to the end. The body matters to nobody, so a long or
    slow one is not read to the end: the connection is closed instead.
    """
    read = 0
    with suppress(httpx.HTTPError, TimeoutError):
        async with time_limit(clock, MAX_BODY_READ_S):
            if isinstance(response.stream, httpx.AsyncByteStream):
                async for part in response.stream:
                    read += len(part)
                    if read > MAX_BODY_BYTES:
                        break
    await response.aclose()


async def _close(connections: Iterable[_Idle]) -> None:
    # A connection that fails to close is not used again either, so there is nothing to do about the error.
    await asyncio.gather(*(one.transport.aclose() for one in connections), return_exceptions=True)


def _real_connections() -> Connect:
    """Makes transports for one connection each. They share the trusted certificates, which are slow to load."""
    trusted = httpx.create_ssl_context()
    # httpx's default would replace a connection that has been idle for five seconds.
    limits = httpx.Limits(max_connections=1, keepalive_expiry=KEEP_ALIVE_S)
    return lambda: httpx.AsyncHTTPTransport(verify=trusted, limits=limits)
