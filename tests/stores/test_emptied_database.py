"""The database that most tests of the PostgreSQL store share, one after the other."""

from typing import Any

import psycopg
from fakes import FakeClock
from store_driver import Driver, caregiver, shift

from app.domain.records import Channel
from app.stores.postgres.store import PostgresStore
from tools.postgres import Server

_TABLES = (
    "SELECT relname, relkind FROM pg_class WHERE relkind IN ('r', 'S') AND relnamespace = 'public'::regnamespace"
)


def content(url: str) -> dict[str, Any]:
    """The rows of every table, and where the sequences are."""
    with psycopg.connect(url) as connection:
        tables = connection.execute(_TABLES).fetchall()
        columns = {"r": "*", "S": "last_value, is_called"}
        return {
            name: connection.execute(f"SELECT {columns[kind]} FROM {name}".encode()).fetchall()  # noqa: S608
            for name, kind in tables
        }


async def test_it_has_the_content_of_a_new_one(postgres: Server, database_url: str) -> None:
    """Whatever its last user wrote, also if that one is still connected with a transaction under way."""
    url = postgres.emptied_database()
    store = PostgresStore(url, FakeClock(), rates={Channel.VOICE: 1.0}, sends_events=True)
    await store.open()
    driver = Driver(store)
    await driver.put_caregivers(caregiver(1))
    await driver.start_fanout(shift("s1"))
    await driver.lease()
    await store.aclose()
    assert content(url) != content(database_url)
    with psycopg.connect(url) as forgotten:
        forgotten.execute("UPDATE channels SET fault = 'away'")
        assert postgres.emptied_database() == url
        assert content(url) == content(database_url)
        forgotten.close()
