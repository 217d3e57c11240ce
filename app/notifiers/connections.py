"""Owns the HTTP connections that notifiers send over: which one is used next, and when an unused one is closed.

Never imports a message, a store or a provider's rules.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

import httpx

from app.ports.clock import Cancellable, Clock

#: Seconds that an idle connection stays open.
KEEP_ALIVE_S = 30.0
_KEEP_ALIVE = timedelta(seconds=KEEP_ALIVE_S)


@dataclass(frozen=True, slots=True)
class _Idle:
    """A connection that no message uses."""

    transport: httpx.AsyncBaseTransport
    since: datetime


class Connections:
    """As many connections as messages are under way at once. An idle one is closed after `KEEP_ALIVE_S` seconds.

    Each transport holds one connection. A pool shared by all messages would look through all of its connections on
    every request; with a thousand of them that costs far more than the request (docs/performance.md).
    """

    def __init__(self, clock: Clock, connect: Callable[[], httpx.AsyncBaseTransport] | None = None) -> None:
        """`connect` returns a transport for one connection; the default makes real ones."""
        self._clock = clock
        self._connect = connect or _real_connections()
        #: Longest idle first. Taken from the right: the last used connection is the next used, so that a quieter
        #: hour leaves the others idle until they are closed.
        self._idle: deque[_Idle] = deque()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._timer: Cancellable | None = None
        self._closing: set[asyncio.Task[None]] = set()

    @contextmanager
    def use(self) -> Iterator[httpx.AsyncBaseTransport]:
        """A connection that nothing else uses until the block ends."""
        self._forget_other_loops()
        if self._timer is None:
            self._close_next_at(self._clock.now() + _KEEP_ALIVE)
        # A message that was cut off with its event loop must not add a dead connection to the next loop's.
        idle = self._idle
        transport = idle.pop().transport if idle else self._connect()
        try:
            yield transport
        finally:
            idle.append(_Idle(transport, self._clock.now()))

    async def aclose(self) -> None:
        """Close the idle connections. A later `use` makes new ones."""
        self._forget_other_loops()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        unused, self._idle = self._idle, deque()
        await _close(unused)
        await asyncio.gather(*self._closing)

    def _forget_other_loops(self) -> None:
        """Start without connections in an event loop that is not the last one: only their own loop can use them."""
        loop = asyncio.get_running_loop()
        if self._loop is loop:
            return
        if self._timer is not None:
            self._timer.cancel()
        self._loop, self._timer, self._idle, self._closing = loop, None, deque(), set()

    def _close_next_at(self, when: datetime) -> None:
        """Set the timer. It stays set until `aclose`, because a connection can become idle at any time."""
        self._timer = self._clock.call_at(when, self._close_unused)

    def _close_unused(self) -> None:
        """Close each connection that has been idle for `KEEP_ALIVE_S`; set the timer for the one that is next."""
        now = self._clock.now()
        unused = []
        # If the clock was set back, some became idle in the future. Nobody knows for how long, so they are closed.
        while self._idle and not now - _KEEP_ALIVE < self._idle[0].since <= now:
            unused.append(self._idle.popleft())
        if unused:
            closing = asyncio.create_task(_close(unused))
            self._closing.add(closing)
            closing.add_done_callback(self._closing.discard)
        oldest = self._idle[0].since if self._idle else now
        self._close_next_at(oldest + _KEEP_ALIVE)


async def _close(connections: Iterable[_Idle]) -> None:
    # A fault while closing changes nothing: the connection is gone either way.
    await asyncio.gather(*(one.transport.aclose() for one in connections), return_exceptions=True)


def _real_connections() -> Callable[[], httpx.AsyncBaseTransport]:
    """Makes transports of one connection each. They share the trusted certificates, which are slow to load."""
    trusted = httpx.create_ssl_context()
    # Without the expiry httpx would replace a connection that has been idle for five seconds.
    limits = httpx.Limits(max_connections=1, keepalive_expiry=KEEP_ALIVE_S)
    return lambda: httpx.AsyncHTTPTransport(verify=trusted, limits=limits)
