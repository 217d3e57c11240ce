"""Fakes for the ports: a clock that tests move, and a notifier that keeps what it was given."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from heapq import heappop, heappush
from itertools import count
from typing import TYPE_CHECKING

from app.clock import sleep_until
from app.messages import Message
from app.ports import Cancellable, Clock, Notifier

START = datetime(2026, 6, 1, 10, 0, tzinfo=UTC)
_MANY = 100_000


async def settled() -> None:
    """Return when no task of this event loop can go on without time passing or something from outside.

    For one task at a time: two that wait for each other to come to rest never do.
    """
    loop = asyncio.get_running_loop()
    for _ in range(_MANY):
        await asyncio.sleep(0)
        # asyncio has no public way to ask whether anything else is ready to run.
        if not loop._ready:  # type: ignore[attr-defined]
            return
    raise AssertionError("the service never comes to rest")


@dataclass
class _Timer:
    callback: Callable[[], object] | None

    def cancel(self) -> None:
        self.callback = None


class FakeClock:
    """A clock that stands still until it is moved; what falls due runs in the order of its time."""

    def __init__(self, start: datetime = START) -> None:
        self._now = start
        self._timers: list[tuple[datetime, int, _Timer]] = []
        self._numbers = count()

    def now(self) -> datetime:
        """The time the clock was moved to."""
        return self._now

    def call_at(self, when: datetime, callback: Callable[[], object]) -> Cancellable:
        """Run `callback` when the clock gets to `when`; on the next move if that has passed."""
        timer = _Timer(callback)
        heappush(self._timers, (when, next(self._numbers), timer))
        return timer

    def set_back(self, seconds: float) -> None:
        """Put the clock back, as a time server may; timers keep their distance."""
        self._now -= timedelta(seconds=seconds)
        self._timers = [(when - timedelta(seconds=seconds), number, timer) for when, number, timer in self._timers]

    async def advance(self, seconds: float) -> None:
        """Move the clock, stopping at every timer and letting everything it wakes run first."""
        until = self._now + timedelta(seconds=seconds)
        await settled()
        while self._timers and self._timers[0][0] <= until:
            when, _, timer = heappop(self._timers)
            if timer.callback is not None:
                self._now = max(self._now, when)
                timer.callback()
                await settled()
        self._now = until
        await settled()


#: What a fake call does after it has taken its time: return (sent) or raise.
Behaviour = Callable[[Message], None]


def sends(_: Message) -> None:
    """The message goes out."""


@dataclass
class FakeNotifier:
    """Keeps the messages that went out, in order; `behaviour` decides each call, `takes_s` how long it is."""

    clock: Clock
    takes_s: float = 0.0
    behaviour: Behaviour = sends
    honours_keys: bool = False
    timeout_s: float = 10.0
    #: Every call, whether it went well or not, with the time it began.
    calls: list[tuple[datetime, Message]] = field(default_factory=list)
    sent: list[Message] = field(default_factory=list)
    under_way: int = 0
    most_under_way: int = 0
    closed: bool = False

    async def send(self, message: Message) -> None:
        """See `app.ports.Notifier`."""
        self.calls.append((self.clock.now(), message))
        self.under_way += 1
        self.most_under_way = max(self.most_under_way, self.under_way)
        try:
            if self.takes_s:
                await sleep_until(self.clock, self.clock.now() + timedelta(seconds=self.takes_s))
            self.behaviour(message)
        finally:
            self.under_way -= 1
        self.sent.append(message)

    async def aclose(self) -> None:
        """See `app.ports.Notifier`."""
        self.closed = True


def raising(*faults: Exception | None) -> Behaviour:
    """A behaviour that goes through `faults` call by call (None: it works) and works from then on."""
    left: Iterator[Exception | None] = iter(faults)

    def behave(_: Message) -> None:
        fault = next(left, None)
        if fault is not None:
            raise fault

    return behave


if TYPE_CHECKING:
    _clock: Clock = FakeClock()
    _notifier: Notifier = FakeNotifier(FakeClock())
