"""Collects the commands that wait at the same time into batches, one transaction each. Knows no SQL.

If a batch fails, its commands are carried out one by one, so that none fails because of another.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from contextvars import Context, copy_context
from dataclasses import dataclass, field
from typing import Any

from app.domain.commands import Command
from app.domain.decisions import Decision
from app.domain.facts import Fact
from app.errors import StoreUnavailable
from app.ports.store import Step
from app.stores.postgres.failures import NoAnswer, NoConnection
from app.stores.postgres.prefetch import MissingReads, ReadSet
from app.stores.postgres.working_set import WorkingSet

#: The largest number of commands in one transaction.
_MAX_BATCH = 32
#: The same for commands that are submitted together. The transaction locks each of their records, and replies of
#: these caregivers wait for it.
_MAX_ORDERED_BATCH = 200
#: Transactions at the same time. With more of them batches become smaller and the throughput falls.
_MAX_CONCURRENT = 3
#: Seconds after which a transaction is slow: commands no longer wait for its end. It may wait for a lock. On a busy
#: machine transactions take 10 to 30 ms, and small batches would make it busier.
_SLOW_AFTER_S = 0.05


@dataclass(slots=True)
class Job:
    """A command that waits for its result."""

    command: Command
    # `Any`: the results in one batch have different types.
    step: Step[Any]
    done: "asyncio.Future[Any]"
    #: The context of the caller of `submit`.
    context: Context = field(default_factory=copy_context)
    #: The facts of the last decision about the command.
    facts: tuple[Fact, ...] = ()

    def set_result(self, result: Any) -> None:
        """Pass the result to the caller of `submit`; an exception is raised there."""
        if self.done.done():
            return
        if isinstance(result, Exception):
            self.done.set_exception(result)
        else:
            self.done.set_result(result)


class Batches:
    """Collects commands while earlier ones are carried out.

    A transaction costs much more than each of its commands. So the next one begins when no other is under way, or
    when enough commands wait for a full batch. A slow transaction does not count, as no command may wait for one that
    hangs.

    `carry_out` gets a batch and returns one result per job, in the same order. An exception as a result is raised to
    the caller of that job alone; if `carry_out` raises, the whole batch has failed.
    """

    def __init__(
        self,
        carry_out: Callable[[list[Job]], Awaitable[list[Any]]],
        *,
        max_concurrent: int = _MAX_CONCURRENT,
        slow_after_s: float = _SLOW_AFTER_S,
    ) -> None:
        self._carry_out = carry_out
        self._max_concurrent = max_concurrent
        self._slow_after_s = slow_after_s
        self._waiting: deque[Job] = deque()
        self._tasks: set[asyncio.Task[None]] = set()
        #: One object for each task that has not taken its batch yet, and for each whose batch is not slow.
        self._starting: set[object] = set()
        self._prompt: set[object] = set()
        #: The batches of `submit_in_order`, which do not take commands that wait.
        self._ordered: set[asyncio.Task[None]] = set()

    async def submit(self, command: Command, step: Step[Any]) -> Any:
        """Carry out the command and return its result. Raises what its decision or `carry_out` raises."""
        job = Job(command, step, asyncio.get_running_loop().create_future())
        self._waiting.append(job)
        self._start_if_due()
        return await job.done

    async def submit_in_order(self, commands: Sequence[Command], step: Step[Any]) -> list[Any]:
        """Carry out the commands in this order and return their results. Raises what the first that fails raises.

        They are carried out in batches of their own, one after the other, so that other commands need not wait.
        """
        loop = asyncio.get_running_loop()
        results: list[Any] = []
        for first in range(0, len(commands), _MAX_ORDERED_BATCH):
            batch = [
                Job(command, step, loop.create_future()) for command in commands[first : first + _MAX_ORDERED_BATCH]
            ]
            task = loop.create_task(self._carry_out_batch(batch))
            self._ordered.add(task)
            task.add_done_callback(self._ordered.discard)
            results += await asyncio.gather(*(job.done for job in batch))
        return results

    async def wait_until_idle(self) -> None:
        """Wait until no command is waiting or being carried out."""
        while self._tasks | self._ordered:
            await asyncio.wait(self._tasks | self._ordered)

    def abandon(self) -> None:
        """Forget all commands. Called when the event loop in which they waited is gone."""
        self._waiting.clear()
        self._tasks.clear()
        self._starting.clear()
        self._prompt.clear()
        self._ordered.clear()

    def _start_if_due(self) -> None:
        """Start a task for each batch that should begin now."""
        while len(self._tasks) < self._max_concurrent and self._is_due():
            run = object()
            self._starting.add(run)
            self._prompt.add(run)
            self._tasks.add(asyncio.get_running_loop().create_task(self._run(run), context=Context()))

    def _is_due(self) -> bool:
        """Whether commands wait for which no task has started: enough for a full batch, or any if all are slow."""
        waiting = len(self._waiting) - _MAX_BATCH * len(self._starting)
        return waiting >= _MAX_BATCH or (waiting > 0 and not self._prompt)

    async def _run(self, run: object) -> None:
        """Carry out one batch. Another task takes what waits then."""
        self._starting.discard(run)
        slow = asyncio.get_running_loop().call_later(self._slow_after_s, self._find_slow, run)
        try:
            if self._waiting:
                await self._carry_out_batch(self._next_batch())
        finally:
            slow.cancel()
            self._prompt.discard(run)
            # Here and not in a callback of the task: a command submitted before that callback would start no task.
            self._tasks.discard(asyncio.current_task())
        self._start_if_due()

    def _find_slow(self, run: object) -> None:
        self._prompt.discard(run)
        self._start_if_due()

    def _next_batch(self) -> list[Job]:
        return [self._waiting.popleft() for _ in range(min(len(self._waiting), _MAX_BATCH))]

    async def _carry_out_batch(self, batch: list[Job]) -> None:
        """Carry out the batch, or each job alone if that fails, and pass on the results."""
        try:
            results = await self._carry_out(batch)
        except Exception as exc:  # noqa: BLE001  # passed on to the callers
            if len(batch) == 1 or isinstance(exc, StoreUnavailable):
                for job in batch:
                    job.set_result(exc)
                if isinstance(exc, NoConnection | NoAnswer):
                    # The next batches would fare no better, each after waiting for the whole time limit.
                    while self._waiting:
                        self._waiting.popleft().set_result(exc)
            else:
                for job in batch:
                    await self._carry_out_batch([job])
            return
        for job, result in zip(batch, results, strict=True):
            job.set_result(result)


def decide_all(batch: list[Job], state: WorkingSet, read_set: ReadSet) -> list[Any] | None:
    """Make all decisions and apply their writes to `state`. Returns the results, one per job.

    Returns None if a decision read something that was not loaded; it is then in `read_set`.
    """
    results: list[Any] = []
    complete = True
    for job in batch:
        try:
            decision: Decision[Any] = job.step(state, job.command)
        except MissingReads as more:
            read_set.add(more.read_set)
            complete = False
            continue
        except Exception as exc:  # noqa: BLE001  # passed on to the caller of this job
            job.facts = ()
            results.append(exc)
            continue
        for write in decision.writes:
            state.apply(write)
        job.facts = tuple(write for write in decision.writes if isinstance(write, Fact))
        results.append(decision.result)
    return results if complete else None
