"""Both stores pass the suite for outgoing events; a store that sends none queues none."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import psycopg
import pytest
import pytest_asyncio
from event_contract import EventContract, event, lease, numbers
from fakes import FakeClock
from store_driver import Driver

from app.clock import SystemClock
from app.ports.store import Store
from app.stores.memory.store import MemoryStore
from app.stores.postgres.store import PostgresStore


class TestMemoryEvents(EventContract):
    """The suite on `MemoryStore`."""

    @pytest.fixture
    def sending_store(self) -> Store:
        """An empty store."""
        return MemoryStore(sends_events=True)


class TestPostgresEvents(EventContract):
    """The suite on `PostgresStore`."""

    @pytest_asyncio.fixture
    async def sending_store(  # type: ignore[override]  # pytest awaits it
        self, emptied_database_url: str
    ) -> AsyncIterator[Store]:
        """A store on an empty database."""
        store = PostgresStore(emptied_database_url, FakeClock(), sends_events=True)
        await store.open()
        yield store
        await store.aclose()

    async def test_events_past_the_retention_of_the_log_are_forgotten(
        self, sender: Driver, emptied_database_url: str
    ) -> None:
        """Their stream goes on with the next one that there is, and ends if there is none."""
        await sender.write(event(sender, shift_id="s1", n=0))
        await sender.write(event(sender, shift_id="s2", n=1), event(sender, shift_id="s2", n=2))
        with psycopg.connect(emptied_database_url, autocommit=True) as connection:
            connection.execute("DELETE FROM facts WHERE data ->> 'n' IN ('0', '1')")
        assert numbers(await lease(sender)) == [2]
        sender.now += timedelta(days=1)
        (left,) = await lease(sender)
        await sender.store.settle_event(left, sender.now, None)
        assert await sender.store.next_event_due() is None


async def test_a_store_that_sends_no_events_queues_none() -> None:
    """The fact is in the log all the same."""
    sender = Driver(MemoryStore())
    await sender.write(event(sender, shift_id="s1", n=0))
    assert len(await sender.store.log(0, 10)) == 1
    assert await sender.store.next_event_due() is None


async def test_a_database_that_sends_no_events_queues_none(database_url: str) -> None:
    """The fact is in the log all the same."""
    store = PostgresStore(database_url, FakeClock())
    await store.open()
    sender = Driver(store)
    await sender.write(event(sender, shift_id="s1", n=0))
    assert len(await store.log(0, 10)) == 1
    assert await store.next_event_due() is None
    await store.aclose()


async def test_a_process_that_sends_hears_of_events_of_one_that_does_not(database_url: str) -> None:
    """The first process only answers requests. The second one is woken and takes the event."""
    clock = SystemClock()
    answers = PostgresStore(database_url, clock, has_worker=False, sends_events=True)
    sends = PostgresStore(database_url, clock, sends_events=True)
    await answers.open()
    await sends.open()
    woken = asyncio.Event()
    sends.on_events(woken.set)
    writer = Driver(answers)
    await writer.write(event(writer, shift_id="s1", n=0))
    async with asyncio.timeout(5):
        await woken.wait()
    assert numbers(await lease(Driver(sends))) == [0]
    await answers.aclose()
    await sends.aclose()
