"""Commands that wait at the same time are carried out together, in one transaction. Knows no SQL.

A batch that fails is done again one by one, so that no command suffers from another.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from app.domain.commands import Advance, Command
from app.errors import StoreUnavailable
from app.ports.store import Step
from app.stores.postgres.connections import NoConnection

#: Commands in one transaction.
_MOST = 32
#: Transactions under way at once; with more, batches get smaller and all of it slower.
_AT_ONCE = 3


@dataclass(slots=True)
class Job:
    """A command that waits for its decision. Any: the results of one batch are of different types."""

    command: Command
    step: Step[Any]
    done: "asyncio.Future[Any]"

    def settle(self, result: Any) -> None:
        """Give the result to whoever waits for it; an exception is raised there."""
        if self.done.done():
            return
        if isinstance(result, Exception):
            self.done.set_exception(result)
        else:
            self.done.set_result(result)


class Batches:
    """Gathers commands while others are carried out. `carry_out` gives one result for each job, or raises."""

    def __init__(self, carry_out: Callable[[list[Job]], Awaitable[list[Any]]], *, at_once: int = _AT_ONCE) -> None:
        self._carry_out = carry_out
        self._at_once = at_once
        self._waiting: deque[Job] = deque()
        self._running: set[asyncio.Task[None]] = set()

    async def submit(self, command: Command, step: Step[Any]) -> Any:
        """The result of the command. Raises what its decision or `carry_out` raises."""
        loop = asyncio.get_running_loop()
        job = Job(command, step, loop.create_future())
        self._waiting.append(job)
        if len(self._running) < self._at_once:
            self._running.add(loop.create_task(self._run()))
        return await job.done

    async def drained(self) -> None:
        """Return once nothing is under way."""
        while self._running:
            await asyncio.wait(self._running)

    def abandon(self) -> None:
        """Forget all that waits: the event loop it waited in is gone."""
        self._waiting.clear()
        self._running.clear()

    async def _run(self) -> None:
        try:
            while self._waiting:
                await self._settle(self._next())
        finally:
            # At once and not when the task is seen to have ended: what is submitted until then would wait for it.
            self._running.discard(asyncio.current_task())

    def _next(self) -> list[Job]:
        batch = [self._waiting.popleft()]
        # A step of a round reads a stretch of the roster, which others in its batch might change.
        while self._waiting and len(batch) < _MOST and not isinstance(batch[0].command, Advance):
            if isinstance(self._waiting[0].command, Advance):
                break
            batch.append(self._waiting.popleft())
        return batch

    async def _settle(self, batch: list[Job]) -> None:
        """Give each job of the batch its result, together or, if that fails, one by one."""
        try:
            results = await self._carry_out(batch)
        except Exception as exc:  # noqa: BLE001  # it is the callers', and comes through
            if len(batch) == 1 or isinstance(exc, StoreUnavailable):
                for job in batch:
                    job.settle(exc)
                if isinstance(exc, NoConnection):
                    # None of those who wait would have better luck, and each batch would wait as long to learn it.
                    while self._waiting:
                        self._waiting.popleft().settle(exc)
            else:
                for job in batch:
                    await self._settle([job])
            return
        for job, result in zip(batch, results, strict=True):
            job.settle(result)
