"""When a process says that it is ready for requests."""

import asyncio
from datetime import datetime

from office import Office

from app.domain.fanout_records import Fanout
from app.stores.memory.store import MemoryStore


class Hanging(MemoryStore):
    """A store that never returns due fanouts once `hangs` is set."""

    hangs = False

    async def due_fanouts(self, now: datetime, until: datetime, limit: int) -> list[Fanout]:
        """See `Store`."""
        if self.hangs:
            await asyncio.Event().wait()
        return await super().due_fanouts(now, until, limit)


async def test_a_worker_with_nothing_to_do_is_ready() -> None:
    """It is ready after hours without work, and while a call is due in ten minutes."""
    async with Office() as office:
        assert (await office.http.get("/ready")).status_code == 200
        await office.minutes(300)
        assert (await office.http.get("/ready")).status_code == 200
        await office.caregiver("a", "+15550100")
        await office.fanout(await office.shift("s1"))
        await office.minutes(9)
        assert (await office.http.get("/ready")).json() == {"status": "ready", "lag_s": 0.0}
        await office.all_read()


async def test_a_worker_whose_loop_is_stuck_is_not_ready() -> None:
    """Forty seconds after its last iteration `/ready` is 503, while `/health` stays 200."""
    store = Hanging()
    async with Office(store=store) as office:
        assert (await office.http.get("/ready")).status_code == 200
        store.hangs = True
        await office.minutes(0.5)
        assert (await office.http.get("/ready")).status_code == 200
        await office.minutes(0.2)
        answer = await office.http.get("/ready")
        assert (answer.status_code, answer.json()["detail"]) == (503, "the worker is stuck")
        assert (await office.http.get("/health")).status_code == 200
