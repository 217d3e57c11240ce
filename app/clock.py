"""The real clock; the only module that reads the time of day."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
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


if TYPE_CHECKING:
    _: Clock = SystemClock()
