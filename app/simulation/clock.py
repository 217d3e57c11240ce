"""Simulated time, which jumps from one timer to the next.

Before each jump all tasks run until none of them can continue. So the order of events depends on the timers alone,
not on the speed of the machine. Works only with asyncio's own event loop.
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
    """Return when every task of this event loop is waiting for a timer or for something outside the process.

    `busy` returns True while a task waits for something that takes no simulated time, such as a database; the
    function then goes on waiting. Only one task may call it at a time: two callers keep each other runnable.
    Raises RuntimeError if the tasks are still running after 100,000 turns of the event loop.
    """
    loop = asyncio.get_running_loop()
    turns = 0
    while turns < _MAX_TURNS:
        await asyncio.sleep(0)
        if busy():
            continue
        turns += 1
        # asyncio has no public way to ask whether another task is ready to run.
        if not loop._ready:  # type: ignore[attr-defined]
            return
    raise RuntimeError(f"tasks were still running after {_MAX_TURNS:,} turns of the event loop")


@dataclass(slots=True)
class _Timer:
    callback: Callable[[], object] | None

    def cancel(self) -> None:
        self.callback = None


class SteppedClock:
    """Implements `Clock`. Only `step` and `advance` move the time; timers run in the order of their times."""

    def __init__(self, start: datetime) -> None:
        #: Passed to `settled` after each timer.
        self.busy: Callable[[], bool] = lambda: False
        self._now = start
        self._timers: list[tuple[datetime, int, _Timer]] = []
        self._numbers = count()

    def now(self) -> datetime:
        """See `Clock`: the time of the timer that is running, or the time the clock was last moved to."""
        return self._now

    def call_at(self, when: datetime, callback: Callable[[], object]) -> Cancellable:
        """See `Clock`. If `when` has passed, the callback runs at the next step."""
        timer = _Timer(callback)
        heappush(self._timers, (when, next(self._numbers), timer))
        return timer

    def next_at(self) -> datetime | None:
        """When the next timer is due. None: no timer is set."""
        while self._timers and self._timers[0][2].callback is None:
            heappop(self._timers)
        return self._timers[0][0] if self._timers else None

    async def step(self) -> None:
        """Move to the next timer, run it, and wait for the tasks that it wakes. Does nothing if no timer is set."""
        if self.next_at() is None:
            return
        when, _, timer = heappop(self._timers)
        self._now = max(self._now, when)
        if timer.callback is not None:
            timer.callback()
        await settled(self.busy)

    async def advance(self, seconds: float) -> None:
        """Move the clock forward, running each timer that falls due at its own time."""
        until = self._now + timedelta(seconds=seconds)
        await settled(self.busy)
        while (next_at := self.next_at()) is not None and next_at <= until:
            await self.step()
        self._now = until
        await settled(self.busy)


class PacedClock(SteppedClock):
    """A stepped clock that `run` moves `speed` times as fast as real time.

    While a timer and the tasks that it wakes are running, `now` is exactly the time of that timer. Between timers
    `now` follows real time but never passes the next timer. So a request from outside, such as the board's, sees
    time pass and does not change when a timer runs.
    """

    def __init__(self, start: datetime, speed: float, real_s: Callable[[], float] = time.monotonic) -> None:
        super().__init__(start)
        #: May be changed while the clock runs.
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
        moved = self._now + passed
        return moved if next_at is None else max(self._now, min(moved, next_at))

    def call_at(self, when: datetime, callback: Callable[[], object]) -> Cancellable:
        """See `Clock`."""
        timer = super().call_at(when, callback)
        self._new_timer.set()
        return timer

    async def run(self) -> None:
        """Let time pass until the task is cancelled."""
        await settled()
        while True:
            next_at = self.next_at()
            if next_at is not None and next_at <= self._now:
                await self.step()
            else:
                await self._rest(next_at)

    async def _rest(self, until: datetime | None) -> None:
        """Wait until `until` (None: without limit), or until a new timer is set, which may be due earlier."""
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
    # mypy checks here that SteppedClock implements Clock.
    _: Clock = SteppedClock(datetime.min.replace(tzinfo=UTC))
