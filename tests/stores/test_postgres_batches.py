"""Commands gathered while others are carried out: each gets its own result, none is left waiting."""

import asyncio
from typing import Any

import pytest
from fakes import START

from app.domain.commands import Advance, CancelFanout, Command
from app.domain.decisions import Decision
from app.domain.state import StateReader
from app.errors import StoreUnavailable
from app.stores.postgres.batches import Batches, Job
from app.stores.postgres.connections import NoConnection


def about(n: int) -> CancelFanout:
    """A command that can be told from others."""
    return CancelFanout(shift_id=f"s{n}", now=START)


def unused(_: StateReader, __: Command) -> Decision[Any]:
    """A step that whoever carries the command out does not take."""
    raise AssertionError


class Office:
    """Carries batches out by answering with the shift's id; keeps them for a look."""

    def __init__(self) -> None:
        self.batches: list[list[str]] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.fails: dict[str, Exception] = {}

    @property
    def carried_out(self) -> list[str]:
        """All of them, in their order."""
        return [id_ for batch in self.batches for id_ in batch]

    async def carry_out(self, batch: list[Job]) -> list[Any]:
        """One result for each job; raises what one of them is to fail with."""
        ids = [str(getattr(job.command, "shift_id", None)) for job in batch]
        self.batches.append(ids)
        await self.gate.wait()
        for id_ in ids:
            if id_ in self.fails:
                raise self.fails[id_]
        return ids


@pytest.mark.parametrize("at_once", [1, 2, 3])
async def test_who_asks_again_as_soon_as_answered_is_answered_again(at_once: int) -> None:
    """No command is left behind by a run that ends just as it is submitted."""
    batches = Batches(Office().carry_out, max_concurrent=at_once)

    async def ask(n: int) -> None:
        for _ in range(20):
            assert await batches.submit(about(n), unused) == f"s{n}"

    async with asyncio.timeout(5):
        await asyncio.gather(*(ask(n) for n in range(at_once)))
        await batches.wait_until_idle()


async def test_what_comes_meanwhile_is_carried_out_together() -> None:
    """While one batch is under way, the others gather; as many as may be at once, in the order they came."""
    office = Office()
    office.gate.clear()
    batches = Batches(office.carry_out, max_concurrent=1)
    asking = [asyncio.create_task(batches.submit(about(n), unused)) for n in range(40)]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    office.gate.set()
    assert await asyncio.gather(*asking) == [f"s{n}" for n in range(40)]
    assert [len(batch) for batch in office.batches] == [32, 8]
    assert office.carried_out == [f"s{n}" for n in range(40)]


async def test_a_step_of_a_round_is_carried_out_alone() -> None:
    """It reads the roster, which others in its batch might change."""
    office = Office()
    batches = Batches(office.carry_out, max_concurrent=1)
    step = Advance(shift_id="round", generation=1, now=START)
    await asyncio.gather(*(batches.submit(one, unused) for one in (about(1), about(2), step, about(3))))
    assert office.batches == [["s1", "s2"], ["round"], ["s3"]]


async def test_one_that_fails_harms_no_other() -> None:
    """The batch is done again one by one; only the one at fault hears of it."""
    office = Office()
    office.fails["s2"] = ZeroDivisionError()
    batches = Batches(office.carry_out, max_concurrent=1)
    results = await asyncio.gather(*(batches.submit(about(n), unused) for n in range(4)), return_exceptions=True)
    assert [str(one) if n != 2 else type(one) for n, one in enumerate(results)] == [
        "s0",
        "s1",
        ZeroDivisionError,
        "s3",
    ]
    assert office.batches == [["s0", "s1", "s2", "s3"], ["s0"], ["s1"], ["s2"], ["s3"]]


async def test_a_lost_database_is_not_asked_again_for_each() -> None:
    """All of the batch hear that it is away."""
    office = Office()
    office.fails["s1"] = StoreUnavailable("away")
    batches = Batches(office.carry_out, max_concurrent=1)
    results = await asyncio.gather(*(batches.submit(about(n), unused) for n in range(3)), return_exceptions=True)
    assert [type(one) for one in results] == [StoreUnavailable] * 3
    assert len(office.batches) == 1


async def test_who_went_away_holds_nobody_up() -> None:
    """A request that was given up is carried out all the same; its result is nobody's."""
    office = Office()
    office.gate.clear()
    batches = Batches(office.carry_out, max_concurrent=1)
    gone, stays = (asyncio.create_task(batches.submit(about(n), unused)) for n in range(2))
    await asyncio.sleep(0)
    gone.cancel()
    await asyncio.sleep(0)
    office.gate.set()
    assert await stays == "s1"
    await batches.wait_until_idle()
    assert office.carried_out == ["s0", "s1"]


async def test_where_no_connection_is_to_be_had_nobody_waits_for_one_in_turn() -> None:
    """All who wait hear it at once, not batch after batch; the next command tries again."""
    office = Office()
    office.fails["s0"] = NoConnection("the database does not answer")
    batches = Batches(office.carry_out, max_concurrent=1)
    results = await asyncio.gather(*(batches.submit(about(n), unused) for n in range(100)), return_exceptions=True)
    assert [type(one) for one in results] == [NoConnection] * 100
    assert len(office.batches) == 1
    assert await batches.submit(about(7), unused) == "s7"
