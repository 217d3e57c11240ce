"""The log in PostgreSQL: its order while several transactions append to it."""

import asyncio
import json
import re
from pathlib import Path

import psycopg
from fakes import START, FakeClock
from store_driver import Driver

from app.domain.facts import Fact, FactType
from app.stores.postgres import log
from app.stores.postgres.store import PostgresStore

_WAITS = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"


async def test_no_fact_appears_below_one_that_could_be_read(database_url: str) -> None:
    """A transaction that has taken a number and has not committed holds up those that would take a higher one."""
    store = PostgresStore(database_url, FakeClock())
    await store.open()
    driver = Driver(store)
    slow = {"type": "offer.sent", "at": START.isoformat(), "actor": "slow", "data": {}}
    with psycopg.connect(database_url) as other, psycopg.connect(database_url, autocommit=True) as watcher:
        other.execute(log.INSERT, (json.dumps([slow]),))
        quick = Fact(type=FactType.OFFER_SENT, at=START, actor="quick")
        writing = asyncio.create_task(driver.write(quick))
        while not writing.done() and watcher.execute(_WAITS).fetchone() == (0,):  # noqa: ASYNC110
            await asyncio.sleep(0)
        assert await store.log(0, 10) == []
        other.commit()
        await writing
    assert [entry.fact.actor for entry in await store.log(0, 10)] == ["slow", "quick"]
    await store.aclose()


async def test_after_a_restore_no_number_is_given_to_another_fact(database_url: str) -> None:
    """By the statement of the runbook: receivers of events drop a number that they know."""
    runbook = (Path(__file__).parents[2] / "docs" / "runbook.md").read_text()
    (statement,) = re.findall(r"```sql\n(.*?)```", runbook, re.DOTALL)
    store = PostgresStore(database_url, FakeClock())
    await store.open()
    driver = Driver(store)
    await driver.write(Fact(type=FactType.OFFER_SENT, at=START, actor="before"))
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(statement.strip().encode())
    await driver.write(Fact(type=FactType.OFFER_SENT, at=START, actor="after"))
    before, after = await store.log(0, 10)
    assert after.id > before.id + 1_000_000
    await store.aclose()
