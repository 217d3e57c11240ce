"""Commands collected while others are carried out: each gets its own result, and none is left waiting."""

import asyncio
from typing import Any

import psycopg
import pytest
from fakes import START
from psycopg.errors import LockNotAvailable, QueryCanceled

from app.domain.commands import CancelFanout, Command
from app.domain.decisions import Decision
from app.domain.state import StateReader
from app.errors import StoreUnavailable
from app.stores.postgres.batches import Batches, Job
from app.stores.postgres.failures import NoConnection, failure_of

#: Longer than any test takes.
NEVER_S = 3600.0


def command_for(n: int) -> CancelFanout:
    """A command about shift number `n`."""
    return CancelFanout(shift_id=f"s{n}", now=START)


def unused_step(_: StateReader, __: Command) -> Decision[Any]:
    """A step that is never called."""
    raise AssertionError


async def submit(batches: Batches, n: int) -> Any:
    """Submit the command about shift number `n`."""
    return await batches.submit(command_for(n), unused_step)


async def let_others_run() -> None:
    """Return when the other tasks wait, and timers without a delay have ended."""
    for _ in range(10):
        await asyncio.sleep(0)


class Recorder:
    """Carries out batches by answering with the shift's id, and records the batches."""

    def __init__(self) -> None:
        self.batches: list[list[str]] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.fails: dict[str, Exception] = {}
        #: Batches with one of these wait until they are released.
        self.hang: set[str] = set()
        self.released = asyncio.Event()

    @property
    def carried_out(self) -> list[str]:
        """The shift ids of all batches, in order."""
        return [id_ for batch in self.batches for id_ in batch]

    async def carry_out(self, batch: list[Job]) -> list[Any]:
        """One result for each job. Raises the exception that is set for one of them."""
        ids = [str(getattr(job.command, "shift_id", None)) for job in batch]
        self.batches.append(ids)
        await self.gate.wait()
        if self.hang.intersection(ids):
            await self.released.wait()
        for id_ in ids:
            if id_ in self.fails:
                raise self.fails[id_]
        return ids


@pytest.mark.parametrize("at_once", [1, 2, 3])
async def test_a_command_submitted_right_after_an_answer_is_carried_out(at_once: int) -> None:
    """A command is not left waiting if it is submitted while the last task is ending."""
    batches = Batches(Recorder().carry_out, max_concurrent=at_once)

    async def ask(n: int) -> None:
        for _ in range(20):
            assert await batches.submit(command_for(n), unused_step) == f"s{n}"

    async with asyncio.timeout(5):
        await asyncio.gather(*(ask(n) for n in range(at_once)))
        await batches.wait_until_idle()


async def test_commands_that_wait_are_carried_out_together() -> None:
    """While one batch is under way the others collect, up to the largest batch, in the order they came."""
    recorder = Recorder()
    recorder.gate.clear()
    batches = Batches(recorder.carry_out, max_concurrent=1)
    waiting = [asyncio.create_task(batches.submit(command_for(n), unused_step)) for n in range(40)]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    recorder.gate.set()
    assert await asyncio.gather(*waiting) == [f"s{n}" for n in range(40)]
    assert [len(batch) for batch in recorder.batches] == [32, 8]
    assert recorder.carried_out == [f"s{n}" for n in range(40)]


async def test_no_transaction_begins_for_a_few_commands_beside_another() -> None:
    """They wait for the one that is under way; the next one takes them all."""
    recorder = Recorder()
    recorder.gate.clear()
    batches = Batches(recorder.carry_out, slow_after_s=NEVER_S)
    waiting = [asyncio.create_task(submit(batches, 0))]
    await let_others_run()
    waiting += [asyncio.create_task(submit(batches, n)) for n in range(1, 32)]
    await let_others_run()
    assert recorder.batches == [["s0"]]
    recorder.gate.set()
    await asyncio.gather(*waiting)
    assert [len(batch) for batch in recorder.batches] == [1, 31]


async def test_a_full_batch_does_not_wait() -> None:
    """As many transactions run as there are full batches, up to the largest number; the rest waits."""
    recorder = Recorder()
    recorder.gate.clear()
    batches = Batches(recorder.carry_out, max_concurrent=3, slow_after_s=NEVER_S)
    waiting = [asyncio.create_task(submit(batches, n)) for n in range(63)]
    await let_others_run()
    assert [len(batch) for batch in recorder.batches] == [32]
    waiting += [asyncio.create_task(submit(batches, n)) for n in range(63, 140)]
    await let_others_run()
    assert [len(batch) for batch in recorder.batches] == [32, 32, 32]
    recorder.gate.set()
    await asyncio.gather(*waiting)
    assert [len(batch) for batch in recorder.batches] == [32, 32, 32, 32, 12]
    assert recorder.carried_out == [f"s{n}" for n in range(140)]


async def test_no_command_waits_for_a_slow_transaction() -> None:
    """Beside transactions that hang, others are carried out, one after the other."""
    recorder = Recorder()
    recorder.hang = {"s0", "s1"}
    batches = Batches(recorder.carry_out, max_concurrent=3, slow_after_s=0)
    hanging = [asyncio.create_task(submit(batches, 0))]
    await let_others_run()
    hanging.append(asyncio.create_task(submit(batches, 1)))
    await let_others_run()
    assert await asyncio.gather(*(submit(batches, n) for n in (2, 3))) == ["s2", "s3"]
    assert await submit(batches, 4) == "s4"
    assert recorder.batches == [["s0"], ["s1"], ["s2", "s3"], ["s4"]]
    recorder.released.set()
    assert await asyncio.gather(*hanging) == ["s0", "s1"]
    await batches.wait_until_idle()


async def test_a_command_that_came_before_a_transaction_was_slow_is_carried_out_then() -> None:
    """Also if nothing is submitted later."""
    released = asyncio.Event()
    second: list[asyncio.Task[Any]] = []

    async def carry_out(batch: list[Job]) -> list[Any]:
        if not second:
            second.append(asyncio.create_task(submit(batches, 1)))
            await released.wait()
        return [None] * len(batch)

    batches = Batches(carry_out, slow_after_s=0)
    first = asyncio.create_task(submit(batches, 0))
    await let_others_run()
    assert second[0].done()
    released.set()
    await first


async def test_a_command_that_fails_does_not_fail_the_others() -> None:
    """Its batch is carried out again one by one, and only its own caller gets the exception."""
    recorder = Recorder()
    recorder.fails["s2"] = ZeroDivisionError()
    batches = Batches(recorder.carry_out, max_concurrent=1)
    results = await asyncio.gather(
        *(batches.submit(command_for(n), unused_step) for n in range(4)), return_exceptions=True
    )
    assert [str(one) if n != 2 else type(one) for n, one in enumerate(results)] == [
        "s0",
        "s1",
        ZeroDivisionError,
        "s3",
    ]
    assert recorder.batches == [["s0", "s1", "s2", "s3"], ["s0"], ["s1"], ["s2"], ["s3"]]


async def test_a_batch_that_lost_the_database_is_not_repeated() -> None:
    """All commands of the batch fail with StoreUnavailable after one try."""
    recorder = Recorder()
    recorder.fails["s1"] = StoreUnavailable("away")
    batches = Batches(recorder.carry_out, max_concurrent=1)
    results = await asyncio.gather(
        *(batches.submit(command_for(n), unused_step) for n in range(3)), return_exceptions=True
    )
    assert [type(one) for one in results] == [StoreUnavailable] * 3
    assert len(recorder.batches) == 1


async def test_a_cancelled_caller_does_not_hold_up_the_others() -> None:
    """Its command is carried out, and its result is dropped."""
    recorder = Recorder()
    recorder.gate.clear()
    batches = Batches(recorder.carry_out, max_concurrent=1)
    gone, stays = (asyncio.create_task(batches.submit(command_for(n), unused_step)) for n in range(2))
    await asyncio.sleep(0)
    gone.cancel()
    await asyncio.sleep(0)
    recorder.gate.set()
    assert await stays == "s1"
    await batches.wait_until_idle()
    assert recorder.carried_out == ["s0", "s1"]


@pytest.mark.parametrize("error", [LockNotAvailable, QueryCanceled])
async def test_a_batch_that_took_too_long_does_not_refuse_those_that_wait(error: type[psycopg.Error]) -> None:
    """It may have waited for a lock that no other command needs."""
    recorder = Recorder()
    failure = failure_of(error())
    assert failure is not None
    recorder.fails["s0"] = failure
    batches = Batches(recorder.carry_out, max_concurrent=1)
    results = await asyncio.gather(
        *(batches.submit(command_for(n), unused_step) for n in range(100)), return_exceptions=True
    )
    refused = len(recorder.batches[0])
    assert results == [failure] * refused + [f"s{n}" for n in range(refused, 100)]


async def test_without_a_connection_all_waiting_commands_fail_at_once() -> None:
    """They do not wait for a connection batch after batch, and the next command tries again."""
    recorder = Recorder()
    recorder.fails["s0"] = NoConnection("no database connection within 2 s")
    batches = Batches(recorder.carry_out, max_concurrent=1)
    results = await asyncio.gather(
        *(batches.submit(command_for(n), unused_step) for n in range(100)), return_exceptions=True
    )
    assert [type(one) for one in results] == [NoConnection] * 100
    assert len(recorder.batches) == 1
    assert await batches.submit(command_for(7), unused_step) == "s7"
