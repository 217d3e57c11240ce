"""The first start of the service, while the request that began it goes away."""

import asyncio

from office import Office

from app.simulation.clock import settled
from app.stores.memory.store import MemoryStore


class SlowToOpen(MemoryStore):
    """A store that does not open until the test says so, like a slow database."""

    def __init__(self) -> None:
        super().__init__()
        self.opened = 0
        self.gate = asyncio.Event()

    async def open(self) -> None:
        """See `Store`."""
        await self.gate.wait()
        self.opened += 1
        await super().open()


async def test_a_request_that_goes_away_does_not_cancel_the_start_for_others() -> None:
    """The first request begins the start and is cancelled. Two later requests still wait for that start."""
    store = SlowToOpen()
    async with Office(store=store) as office:
        first = asyncio.create_task(office.http.get("/shifts"))
        await settled()
        second = asyncio.create_task(office.http.get("/shifts"))
        await settled()
        first.cancel()
        await settled()
        assert first.cancelled()
        third = asyncio.create_task(office.http.get("/shifts"))
        await settled()
        assert not second.done()
        assert not third.done()
        store.gate.set()
        assert [(await request).status_code for request in (second, third)] == [200, 200]
        assert store.opened == 1


async def test_a_start_whose_only_request_goes_away_serves_the_next_one() -> None:
    """The only request goes away. The start continues, and the next request does not begin a second one."""
    store = SlowToOpen()
    async with Office(store=store) as office:
        first = asyncio.create_task(office.http.get("/shifts"))
        await settled()
        first.cancel()
        await settled()
        store.gate.set()
        await settled()
        assert store.opened == 1
        assert (await office.http.get("/shifts")).status_code == 200
        assert store.opened == 1
