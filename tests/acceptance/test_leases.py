"""Leases of a worker whose store is slow, as a database may be."""

import asyncio
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import TypeVar

from office import Office

from app.clock import sleep_until
from app.domain.commands import Advance, Command
from app.domain.messages import Contact, Notice
from app.ports.clock import Clock
from app.ports.store import Admit, Leased, Step
from app.stores.memory.store import MemoryStore

ResultT = TypeVar("ResultT")


class SlowStore(MemoryStore):
    """Answers `lease` only while `gate` is open; records each lease, and each message that is renewed."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = asyncio.Event()
        self.gate.set()
        self.waiting = 0
        self.leases: list[tuple[datetime, datetime]] = []
        self.renewals: list[datetime] = []

    async def lease(self, now: datetime, until: datetime, total: int, admit: Admit) -> Leased:
        """See `Store`."""
        self.waiting += 1
        await self.gate.wait()
        self.waiting -= 1
        leased = await super().lease(now, until, total, admit)
        if leased.deliveries:
            self.leases.append((now, until))
        return leased

    async def renew(self, entries: Collection[Contact | Notice], until: datetime) -> None:
        """See `Store`."""
        self.renewals += [until for _ in entries]
        await super().renew(entries, until)


async def test_stopping_waits_for_the_iteration_in_progress() -> None:
    """A message that it leases is handed over and recorded before the store is closed."""
    store = SlowStore()
    office = Office(store=store, lifespan=True)
    async with office:
        ann = await office.caregiver("ann", "+15550001")
        await office.shift("s1")
        store.gate.clear()
        await office.fanout("s1")
        assert store.waiting == 1
        ending = asyncio.create_task(office.stop())
        await office.settled()
        assert not ending.done()
        office.notifier.takes_s = 2
        store.gate.set()
        await office.settled()
        assert not ending.done()
        await office.clock.advance(2)
        await ending
        ann.expect_sms()
        report = await store.report("s1", full=True)
        assert report is not None
        assert [one.status for one in report.contacts] == ["sent"]


async def test_a_store_that_hangs_does_not_keep_the_service_for_ever() -> None:
    """After the grace period the deliveries are cancelled, and stopping does not wait for the store."""
    store = SlowStore()
    office = Office(store=store, lifespan=True)
    async with office:
        await office.caregiver("ann", "+15550001")
        await office.shift("s1")
        store.gate.clear()
        await office.fanout("s1")
        ending = asyncio.create_task(office.stop())
        await office.clock.advance(9.9)
        assert not ending.done()
        await office.clock.advance(1.1)
        store.gate.set()
        await office.settled()
        await ending
        await office.all_read()


async def test_a_worker_that_pauses_renews_its_leases_in_time() -> None:
    """It renews after a third of the lease; at its end another worker could take the message over."""
    store = SlowStore()
    async with Office(store=store, lease=3) as office:
        ann = await office.caregiver("ann", "+15550001")
        office.notifier.takes_s = 4
        office.notifier.timeout_s = 10
        start = office.clock.now()
        await ann.replies("HELP")
        await office.clock.advance(1.1)
        assert [(until - start).total_seconds() for until in store.renewals] == [4.0]
        await office.clock.advance(3)
        await office.settled()
        ann.expect_sms()


class Delayed(SlowStore):
    """A store in which each step of a round takes `seconds`, as if it waited for another transaction."""

    clock: Clock
    seconds = 4.0

    async def transition(self, command: Command, step: Step[ResultT]) -> ResultT:
        """See `Store`."""
        if isinstance(command, Advance):
            await sleep_until(self.clock, self.clock.now() + timedelta(seconds=self.seconds))
        return await super().transition(command, step)


async def test_a_lease_counts_from_when_it_is_taken() -> None:
    """An iteration that waited for a fanout's step gives its messages a whole lease."""
    store = Delayed()
    async with Office(store=store, lease=3) as office:
        store.clock = office.clock
        ann = await office.caregiver("ann", "+15550001")
        await office.shift("s1")
        new_fanout = office.clock.now()
        await office.fanout("s1")
        await office.clock.advance(4)
        await office.settled()
        ann.expect_sms()
        ((now, until),) = store.leases
        assert (now - new_fanout).total_seconds() == 4.0
        assert (until - now).total_seconds() == 3.0


class Failing(MemoryStore):
    """A store in which every step of a round fails."""

    def __init__(self) -> None:
        super().__init__()
        self.steps = 0

    async def transition(self, command: Command, step: Step[ResultT]) -> ResultT:
        """See `Store`."""
        if isinstance(command, Advance):
            self.steps += 1
            raise OSError("the step failed")
        return await super().transition(command, step)


async def test_a_step_that_always_fails_is_not_tried_more_and_more_often() -> None:
    """The step is tried once a second, also when its lease has ended."""
    store = Failing()
    async with Office(store=store, lease=1) as office:
        await office.shift("s1")
        await office.fanout("s1")
        await office.clock.advance(10)
        early = store.steps
        await office.clock.advance(10)
        assert 8 <= store.steps - early <= 21
