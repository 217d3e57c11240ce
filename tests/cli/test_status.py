"""`shift-fanout status`: what it prints of a service and of a database."""

import httpx
import pytest
from fakes import START, FakeClock
from office import Office
from store_driver import Driver, caregiver, shift

from app.cli import status
from app.errors import StartRefused, StoreUnavailable
from app.stores.memory.store import MemoryStore
from app.stores.postgres.store import PostgresStore


class Away(MemoryStore):
    """A store that is away once `away` is set."""

    away = False

    async def check(self) -> None:
        """See `Store`."""
        if self.away:
            raise StoreUnavailable("the database is away")


async def test_a_service_that_works() -> None:
    """Its lag, queue, attention and version; the key is sent."""
    async with Office(api_key="sesame", sms_rate=0.001) as office:
        office.http.headers["authorization"] = "Bearer sesame"
        await office.caregiver("ann", "+15550001")
        await office.caregiver("ben", "+15550002")
        await office.fanout(await office.shift("s1"))
        await office.fanout(await office.shift("s2", role="LPN"))
        await office.minutes(1)
        del office.http.headers["authorization"]
        found = await status.of_service(office.http, "http://service", "sesame")
        await office.all_read()
    assert found == (
        True,
        [
            "ready      yes",
            "lag        0.0 s",
            "open       1 fanouts",
            "queue      1 messages, the oldest for 60.0 s",
            "attention  exhausted 1",
            "version    0.1.0",
        ],
    )


async def test_a_service_that_is_not_ready_or_counts_nothing() -> None:
    """Each with the reason."""
    store = Away()
    async with Office(store=store, api_key="sesame") as office:
        await office.http.get("/ready")
        store.away = True
        assert await status.of_service(office.http, "http://service", None) == (
            False,
            ["ready      no: the database is away", "figures    none: send Authorization: Bearer and the key"],
        )


async def test_a_service_that_does_not_answer() -> None:
    """One line that names its URL."""

    def refuse(_: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused")

    async with httpx.AsyncClient(transport=httpx.MockTransport(refuse)) as http:
        with pytest.raises(StartRefused, match="http://service does not answer: ConnectError"):
            await status.of_service(http, "http://service", None)


async def test_a_database(database_url: str) -> None:
    """The same, read without any service."""
    clock = FakeClock(START)
    store = PostgresStore(database_url, clock)
    await store.open()
    driver = Driver(store)
    await driver.put_caregivers(caregiver(1))
    await driver.start_fanout(shift("s1"))
    await store.aclose()
    clock.set_forward(30)
    well, lines = await status.of_database(database_url, clock)
    assert well
    assert lines[1:5] == [
        "lag        0.0 s",
        "open       1 fanouts",
        "queue      1 messages, the oldest for 30.0 s",
        "attention  none",
    ]
    assert lines[5].startswith("version    0.1.0 (this program), which needs schema ")
