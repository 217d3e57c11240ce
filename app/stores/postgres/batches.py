"""Commands that wait at the same time are carried out together, in one transaction. Knows no SQL.

A batch that fails is done again one by one, so that no command suffers from another.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from app.domain.commands import Advance, Command
from app.domain.decisions import Decision
from app.errors import StoreUnavailable
from app.ports.store import Step
from app.stores.postgres.connections import NoConnection
from app.stores.postgres.prefetch import MissingReads, ReadSet
from app.stores.postgres.working_set import WorkingSet

#: Commands in one transaction.
_MAX_BATCH = 32
#: Transactions under way at once; with more, batches get smaller and all of it slower.
_MAX_CONCURRENT = 3


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

    def __init__(
        self, carry_out: Callable[[list[Job]], Awaitable[list[Any]]], *, max_concurrent: int = _MAX_CONCURRENT
    ) -> None:
        self._carry_out = carry_out
        self._max_concurrent = max_concurrent
        self._waiting: deque[Job] = deque()
        self._tasks: set[asyncio.Task[None]] = set()

    async def submit(self, command: Command, step: Step[Any]) -> Any:
        """The result of the command. Raises what its decision or `carry_out` raises."""
        loop = asyncio.get_running_loop()
        job = Job(command, step, loop.create_future())
        self._waiting.append(job)
        if len(self._tasks) < self._max_concurrent:
            self._tasks.add(loop.create_task(self._run()))
        return await job.done

    async def wait_until_idle(self) -> None:
        """Return once nothing is under way."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    def abandon(self) -> None:
        """Forget all that waits: the event loop it waited in is gone."""
        self._waiting.clear()
        self._tasks.clear()

    async def _run(self) -> None:
        try:
            while self._waiting:
                await self._carry_out_batch(self._next_batch())
        finally:
            # At once and not when the task is seen to have ended: what is submitted until then would wait for it.
            self._tasks.discard(asyncio.current_task())

    def _next_batch(self) -> list[Job]:
        batch = [self._waiting.popleft()]
        # A step of a round reads a stretch of the roster, which others in its batch might change.
        while self._waiting and len(batch) < _MAX_BATCH and not isinstance(batch[0].command, Advance):
            if isinstance(self._waiting[0].command, Advance):
                break
            batch.append(self._waiting.popleft())
        return batch

    async def _carry_out_batch(self, batch: list[Job]) -> None:
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
                    await self._carry_out_batch([job])
            return
        for job, result in zip(batch, results, strict=True):
            job.settle(result)


def decide_all(batch: list[Job], state: WorkingSet, read_set: ReadSet) -> list[Any] | None:
    """The result of each job, its writes taken up by the view; None if `needs` grew by what was not loaded."""
    results: list[Any] = []
    complete = True
    for job in batch:
        try:
            decision: Decision[Any] = job.step(state, job.command)
        except MissingReads as more:
            read_set.add(more.read_set)
            complete = False
            continue
        except Exception as exc:  # noqa: BLE001  # it is the caller's, and comes through
            results.append(exc)
            continue
        for write in decision.writes:
            state.apply(write)
        results.append(decision.result)
    return results if complete else None
