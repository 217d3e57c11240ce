"""The real clock, and a sleep and a time limit that work with any clock. No other module reads the time of day."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from app.ports.clock import Cancellable, Clock


class SystemClock:
    """Implements `Clock` with the time of day and the timers of the running event loop."""

    def now(self) -> datetime:
        """See `Clock`."""
        return datetime.now(UTC)

    def call_at(self, when: datetime, callback: Callable[[], object]) -> Cancellable:
        """See `Clock`. If the system clock is set back meanwhile, `callback` runs before `when` on the new clock."""
        delay_s = (when - self.now()).total_seconds()
        return asyncio.get_running_loop().call_later(max(0.0, delay_s), callback)


async def sleep_until(clock: Clock, when: datetime) -> None:
    """Wait until `when`. Returns at once if it has passed."""
    if when <= clock.now():
        return
    woken = asyncio.Event()
    timer = clock.call_at(when, woken.set)
    try:
        await woken.wait()
    finally:
        timer.cancel()


@asynccontextmanager
async def time_limit(clock: Clock, seconds: float) -> AsyncIterator[None]:
    """Like `asyncio.timeout`, but measured by `clock`: cancels the block after `seconds` and raises TimeoutError."""
    loop = asyncio.get_running_loop()
    async with asyncio.timeout(None) as limit:
        timer = clock.call_at(clock.now() + timedelta(seconds=seconds), lambda: limit.reschedule(loop.time()))
        try:
            yield
        finally:
            timer.cancel()


if TYPE_CHECKING:
    _: Clock = SystemClock()
