"""`GET /health/engine`: whether the worker's loop does whole iterations."""

import asyncio
from datetime import datetime

from office import Office

from app.domain.fanout_records import Fanout
from app.errors import StoreUnavailable
from app.stores.memory.store import MemoryStore


class Gated(MemoryStore):
    """A store whose due fanouts are returned only while `gate` is set."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = asyncio.Event()
        self.gate.set()
        self.failing = False

    async def due_fanouts(self, now: datetime, until: datetime, limit: int) -> list[Fanout]:
        """See `Store`."""
        await self.gate.wait()
        if self.failing:
            raise StoreUnavailable("the database is away")
        return await super().due_fanouts(now, until, limit)


async def test_a_worker_that_works_is_well() -> None:
    """Also after hours without work: the request wakes the loop, and no time passes."""
    async with Office() as office:
        for minutes in (0, 300):
            await office.minutes(minutes)
            before = office.clock.now()
            answer = await office.http.get("/health/engine")
            assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
            assert office.clock.now() == before
            assert (await office.http.head("/health/engine")).status_code == 200


async def test_an_iteration_that_began_before_the_request_does_not_count() -> None:
    """It hangs when the request comes and ends afterwards; the answer waits for the next one."""
    store = Gated()
    async with Office(store=store) as office:
        assert (await office.http.get("/health/engine")).status_code == 200
        store.gate.clear()
        await office.minutes(0.5)
        asked = asyncio.create_task(office.http.get("/health/engine"))
        await office.settled()
        assert not asked.done()
        store.gate.set()
        store.gate.clear()
        await office.settled()
        assert not asked.done(), "the iteration that hung has ended, but a whole one has not"
        store.gate.set()
        await office.settled()
        assert (await asked).status_code == 200


async def test_a_loop_that_hangs_is_a_503_after_ten_seconds() -> None:
    """Not before, by the service's clock."""
    store = Gated()
    async with Office(store=store) as office:
        assert (await office.http.get("/health/engine")).status_code == 200
        store.gate.clear()
        asked = asyncio.create_task(office.http.get("/health/engine"))
        await office.settled()
        await office.minutes(9.9 / 60)
        assert not asked.done()
        await office.minutes(0.2 / 60)
        answer = await asked
        assert answer.status_code == 503
        assert answer.json()["detail"] == "the worker did not finish an iteration within 10 s"
        store.gate.set()
        assert (await office.http.get("/health/engine")).status_code == 200


async def test_an_iteration_that_fails_does_not_count() -> None:
    """While the store is away the answer waits; once it is back it is 200."""
    store = Gated()
    async with Office(store=store) as office:
        assert (await office.http.get("/health/engine")).status_code == 200
        store.failing = True
        asked = asyncio.create_task(office.http.get("/health/engine"))
        await office.minutes(5 / 60)
        assert not asked.done()
        store.failing = False
        await office.minutes(2 / 60)
        assert (await asked).status_code == 200


async def test_a_process_without_a_worker_says_so() -> None:
    """`FANOUT_ROLE=api`: there is no loop to ask about."""
    async with Office(role="api") as office:
        answer = await office.http.get("/health/engine")
        assert (answer.status_code, "FANOUT_ROLE" in answer.json()["detail"]) == (503, True)


async def test_a_process_that_only_sends_answers_it_and_it_needs_the_key() -> None:
    """Each request makes the worker look at the store, so not everybody may ask."""
    async with Office(api_key="secret", role="worker") as office:
        assert (await office.http.get("/health/engine")).status_code == 401
        answer = await office.http.get("/health/engine", headers={"authorization": "Bearer secret"})
        assert answer.status_code == 200
