"""Lists of what changed in PostgreSQL, while several transactions change records."""

import asyncio
import json
from datetime import timedelta

import psycopg
from fakes import START, FakeClock
from follower import Follower
from store_driver import Driver, caregiver

from app.stores.postgres import log
from app.stores.postgres.store import PostgresStore

_WAITS = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"


async def test_no_change_appears_before_one_that_could_be_read(database_url: str) -> None:
    """A transaction that has taken a time and has not committed holds up those that would take a later one."""
    store = PostgresStore(database_url, FakeClock())
    await store.open()
    driver, follower = Driver(store), Follower()
    await driver.put_caregivers(caregiver(1), caregiver(2))
    await follower.catch_up(store)
    with psycopg.connect(database_url) as other, psycopg.connect(database_url, autocommit=True) as watcher:
        # As `updates.note` does it.
        slow = {"type": "record.changed", "at": START.isoformat(), "actor": "slow", "data": {}}
        other.execute("UPDATE caregivers SET name = 'Slow' WHERE id = %s", (caregiver(1).id,))
        other.execute(
            f"WITH {log.LOCK} UPDATE caregivers SET updated_at = next_update(%s) FROM held WHERE id = %s".encode(),  # noqa: S608
            (START + timedelta(minutes=1), caregiver(1).id),
        )
        other.execute(log.INSERT, (json.dumps([slow]),))
        driver.now += timedelta(minutes=2)
        writing = asyncio.create_task(driver.put_caregivers(caregiver(3)))
        while not writing.done() and watcher.execute(_WAITS).fetchone() == (0,):  # noqa: ASYNC110
            await asyncio.sleep(0)
        await follower.catch_up(store)
        other.commit()
        await writing
    await follower.catch_up(store)
    await follower.assert_in_step(store)
    await store.aclose()
