"""Handles what comes from the same number in the order of its arrival. Knows nothing of replies."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from app.clock import time_limit
from app.ports.clock import Clock

#: More than this many at once from one number do not wait: no person writes so fast.
MOST_WAITING = 8
#: Seconds that one waits for those before it, at most.
WAIT_AT_MOST_S = 5.0


class Turns:
    """Keeps a queue for each number that has something in progress, and nothing for any other."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._loop: asyncio.AbstractEventLoop | None = None
        self._queues: dict[str, list[Turn]] = {}

    @property
    def numbers(self) -> int:
        """How many numbers have something in progress."""
        return len(self._queues)

    @contextmanager
    def take(self, number: str) -> "Iterator[Turn | None]":
        """Take the next turn of the number; it ends with the block. None: too many of the number are in progress."""
        loop = asyncio.get_running_loop()
        if self._loop is not loop:
            # Turns of an earlier event loop never end.
            self._loop, self._queues = loop, {}
        queues = self._queues
        queue = queues.setdefault(number, [])
        if len(queue) >= MOST_WAITING:
            yield None
            return
        turn = Turn(self._clock)
        queue.append(turn)
        queue[0].begin()
        try:
            yield turn
        finally:
            queue.remove(turn)
            if queue:
                queue[0].begin()
            else:
                del queues[number]


class Turn:
    """A place in the queue of a number."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._begun = asyncio.Event()

    @property
    def begun(self) -> bool:
        """Whether everything before it has ended."""
        return self._begun.is_set()

    def begin(self) -> None:
        """Everything before it has ended."""
        self._begun.set()

    async def wait(self) -> None:
        """Return when everything before it has ended, or after `WAIT_AT_MOST_S`. Does not suspend if it has ended."""
        if not self.begun:
            with suppress(TimeoutError):
                async with time_limit(self._clock, WAIT_AT_MOST_S):
                    await self._begun.wait()
