"""Simulated time: it goes from one timer to the next, and everything a timer wakes comes to rest in between.

So times and order are those of the timers and not of the machine. Needs asyncio's own event loop.
"""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from heapq import heappop, heappush
from itertools import count
from typing import TYPE_CHECKING

from app.ports.clock import Cancellable, Clock

_MAX_TURNS = 100_000


async def settled(busy: Callable[[], bool] = lambda: False) -> None:
    """Return when no task of this event loop can go on without time passing or something from outside.

    `busy`: whether something from outside that takes no simulated time (a database) is waited for. For one task
    at a time: two that wait for each other to come to rest never do. Raises RuntimeError if there is no end to it.
    """
    loop = asyncio.get_running_loop()
    turns = 0
    while turns < _MAX_TURNS:
        await asyncio.sleep(0)
        if busy():
            continue
        turns += 1
        # asyncio has no public way to ask whether anything else is ready to run.
        if not loop._ready:  # type: ignore[attr-defined]
            return
    raise RuntimeError("the service never comes to rest")


@dataclass(slots=True)
class _Timer:
    callback: Callable[[], object] | None

    def cancel(self) -> None:
        self.callback = None


class SteppedClock:
    """Implements `Clock`. Stands still until it is moved; what falls due runs in the order of its time."""

    def __init__(self, start: datetime) -> None:
        #: See `settled`.
        self.busy: Callable[[], bool] = lambda: False
        self._now = start
        self._timers: list[tuple[datetime, int, _Timer]] = []
        self._numbers = count()

    def now(self) -> datetime:
        """The time of the timer that runs, or the time the clock was moved to."""
        return self._now

    def call_at(self, when: datetime, callback: Callable[[], object]) -> Cancellable:
        """See `Clock`; if `when` has passed, with the next step."""
        timer = _Timer(callback)
        heappush(self._timers, (when, next(self._numbers), timer))
        return timer

    def next_at(self) -> datetime | None:
        """When the next timer is due; None if there is none."""
        while self._timers and self._timers[0][2].callback is None:
            heappop(self._timers)
        return self._timers[0][0] if self._timers else None

    async def step(self) -> None:
        """Run the next timer at its time and let everything it wakes come to rest; nothing if there is none."""
        if self.next_at() is None:
            return
        when, _, timer = heappop(self._timers)
        self._now = max(self._now, when)
        if timer.callback is not None:
            timer.callback()
        await settled(self.busy)

    async def advance(self, seconds: float) -> None:
        """Move the clock, step by step."""
        until = self._now + timedelta(seconds=seconds)
        await settled(self.busy)
        while (next_at := self.next_at()) is not None and next_at <= until:
            await self.step()
        self._now = until
        await settled(self.busy)


class PacedClock(SteppedClock):
    """A stepped clock that `run` moves `speed` times as fast as real time.

    While a timer runs, and everything it wakes, it is exactly the time of that timer. In between time flows,
    for those who ask from outside, but never past the next timer; so they do not disturb it.
    """

    def __init__(self, start: datetime, speed: float, real_s: Callable[[], float] = time.monotonic) -> None:
        super().__init__(start)
        #: May be changed at any time.
        self.speed = speed
        self._real_s = real_s
        self._resting_since_s: float | None = None
        self._new_timer = asyncio.Event()

    def now(self) -> datetime:
        """See `Clock`."""
        if self._resting_since_s is None:
            return self._now
        passed = timedelta(seconds=(self._real_s() - self._resting_since_s) * self.speed)
        next_at = self.next_at()
        flown = self._now + passed
        return flown if next_at is None else max(self._now, min(flown, next_at))

    def call_at(self, when: datetime, callback: Callable[[], object]) -> Cancellable:
        """See `Clock`."""
        timer = super().call_at(when, callback)
        self._new_timer.set()
        return timer

    async def run(self) -> None:
        """Let time pass until cancelled."""
        await settled()
        while True:
            next_at = self.next_at()
            if next_at is not None and next_at <= self._now:
                await self.step()
            else:
                await self._rest(next_at)

    async def _rest(self, until: datetime | None) -> None:
        """Let time flow until then, or until there is a new timer to look at."""
        self._new_timer.clear()
        self._resting_since_s = self._real_s()
        rest_s = None if until is None else (until - self._now).total_seconds() / self.speed
        try:
            async with asyncio.timeout(rest_s):
                await self._new_timer.wait()
            self._now = self.now()
        except TimeoutError:
            self._now = max(self._now, until or self._now)
        finally:
            self._resting_since_s = None


if TYPE_CHECKING:
    _: Clock = SteppedClock(datetime.min.replace(tzinfo=UTC))
