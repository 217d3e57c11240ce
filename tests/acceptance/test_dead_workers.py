"""Messages that a dead worker was sending: another process sends them again, in the same round."""

from datetime import timedelta
from typing import cast

import pytest
from fakes import START, FakeClock
from office import Office
from store_driver import LEASE, Driver, caregiver, shift
from watched_store import WatchedStore

from app.ports.store import Store
from app.stores.postgres.store import PostgresStore


async def handed_over_by_a_dead_worker(url: str) -> dict[str, str]:
    """A worker plans the first round of s1, marks its three texts as `sending`, and dies: the ids by number."""
    store = PostgresStore(url, FakeClock())
    await store.open()
    driver = Driver(store, "dead")
    await driver.put_caregivers(*map(caregiver, range(3)))
    await driver.start_fanout(shift("s1"))
    deliveries = await driver.lease()
    await store.aclose()
    return {one.message.to: one.message.id for one in deliveries}


@pytest.mark.database
@pytest.mark.parametrize("honours_keys", [True, False])
async def test_texts_that_a_dead_worker_was_sending(emptied_database_url: str, honours_keys: bool) -> None:
    """Sent again under the same keys where the receiver drops repeats; else nobody risks a second text."""
    ids = await handed_over_by_a_dead_worker(emptied_database_url)
    assert len(ids) == 3
    store = WatchedStore(PostgresStore(emptied_database_url, FakeClock()))
    async with Office(store=cast(Store, store)) as office:
        office.clock.busy = store.busy
        office.notifier.honours_keys = honours_keys
        # The first request starts the service, and with it the worker.
        assert (await office.report("s1"))["counts"]["sending"] == 3
        await office.clock.advance(LEASE.total_seconds() - 0.5)
        await office.settled()
        assert office.notifier.attempts == []
        await office.minutes(1)
        report = await office.report("s1")
        assert report["round"] == "sms"
        if honours_keys:
            assert {message.to: message.id for message in office.notifier.sent} == ids
            assert len(office.notifier.attempts) == 3
            assert min(at for at, _ in office.notifier.attempts) <= START + LEASE + timedelta(seconds=1)
            assert [(one["status"], one["attempts"]) for one in report["contacts"]] == [("sent", 2)] * 3
        else:
            assert office.notifier.attempts == []
            assert [(one["status"], one["attempts"]) for one in report["contacts"]] == [("unknown", 1)] * 3
        await office.all_read()
    await store.aclose()
