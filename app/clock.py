"""The real clock; the only module that reads the time of day."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from app.ports.clock import Cancellable, Clock


class SystemClock:
    """Implements `Clock`: the time of day, and the running event loop's timers."""

    def now(self) -> datetime:
        """See `Clock`."""
        return datetime.now(UTC)

    def call_at(self, when: datetime, callback: Callable[[], object]) -> Cancellable:
        """See `Clock`. The caller looks at `now()` again: a set-back clock can make the call early."""
        delay_s = (when - self.now()).total_seconds()
        return asyncio.get_running_loop().call_later(max(0.0, delay_s), callback)


async def sleep_until(clock: Clock, when: datetime) -> None:
    """Return once it is `when`, at once if that has passed."""
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
    """`asyncio.timeout` by the clock port: cancels the block after `seconds`. Raises TimeoutError then."""
    loop = asyncio.get_running_loop()
    async with asyncio.timeout(None) as limit:
        timer = clock.call_at(clock.now() + timedelta(seconds=seconds), lambda: limit.reschedule(loop.time()))
        try:
            yield
        finally:
            timer.cancel()


if TYPE_CHECKING:
    _: Clock = SystemClock()
