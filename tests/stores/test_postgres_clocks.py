"""Hosts whose clocks differ: nobody takes work from a living worker, and a wrong clock is noticed."""

import logging
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import psycopg
import pytest
import pytest_asyncio
from store_driver import LEASE, Driver, caregiver, shift

from app.clock import SystemClock
from app.domain.commands import PutShift, StartFanout
from app.errors import StoreUnavailable
from app.stores.postgres.connections import Connections
from app.stores.postgres.health import Health
from app.stores.postgres.store import PostgresStore

FIVE_MINUTES = timedelta(minutes=5)


class WrongClock(SystemClock):
    """The clock of a host that is ahead, or behind if `ahead` is negative."""

    def __init__(self, ahead: timedelta) -> None:
        self._ahead = ahead

    def now(self) -> datetime:
        """See `Clock`."""
        return super().now() + self._ahead


@pytest_asyncio.fixture(params=[FIVE_MINUTES, -FIVE_MINUTES], ids=["ahead", "behind"])
async def hosts(request: pytest.FixtureRequest, database_url: str) -> AsyncIterator[tuple[Driver, Driver]]:
    """A worker on a host with the right time, and one on a host with a wrong time."""
    drivers = []
    for clock in (SystemClock(), WrongClock(request.param)):
        store = PostgresStore(database_url, clock)
        await store.open()
        driver = Driver(store)
        driver.now = clock.now()
        drivers.append(driver)
    yield drivers[0], drivers[1]
    for driver in drivers:
        await driver.store.aclose()


async def test_leases_hold_whatever_the_clocks_say(hosts: tuple[Driver, Driver], database_url: str) -> None:
    """Messages and fanouts of a living worker are not taken, and those of a dead one are, by either host."""
    right, wrong = hosts
    for first, other, name, numbers in ((right, wrong, "a", range(3)), (wrong, right, "b", range(3, 6))):
        people = [caregiver(n, name) for n in numbers]
        names = {one.id for one in people}
        await first.put_caregivers(*people)
        await first.do(PutShift(shift=shift(name, day=900 + numbers[0], role=name), now=first.now))
        await first.do(StartFanout(shift_id=name, now=first.now))
        assert len(await first.store.due_fanouts(first.now, first.now + LEASE, 1)) == 1
        later = max(right.now, wrong.now)
        assert await other.store.due_fanouts(later, later + LEASE, 1) == []
        expire(database_url, "UPDATE fanouts SET leased_until = now() WHERE leased_until IS NOT NULL")
        assert await first.advance() > 0
        (delivery, *_) = await first.lease()
        assert await other.take_over() == []
        await first.store.renew([delivery.entry], first.now + LEASE)
        assert await other.take_over() == []
        due_at = await other.store.next_due()
        assert due_at is not None
        assert abs(due_at - (other.now + LEASE)) < timedelta(seconds=9)
        expire(database_url, "UPDATE contacts SET leased_until = now() WHERE leased_until IS NOT NULL")
        assert {one.caregiver_id for one in await other.take_over() if one.shift_id == name} == names


def expire(database_url: str, statement: str) -> None:
    """End leases, as time would."""
    with psycopg.connect(database_url, autocommit=True) as server:
        server.execute(statement.encode())


@pytest.mark.parametrize(
    ("ahead_s", "words"),
    [(300, r"(300|299)\.[0-9] s ahead of"), (-300, r"(300|299)\.[0-9] s behind"), (6, r"[56]\.[0-9] s ahead of")],
)
async def test_a_clock_that_is_wrong_by_more_than_half_a_lease_is_a_reason_not_to_be_ready(
    database_url: str, ahead_s: int, words: str, caplog: pytest.LogCaptureFixture
) -> None:
    """The reason says by how much; the log says it once."""
    caplog.set_level(logging.WARNING)
    store = PostgresStore(database_url, WrongClock(timedelta(seconds=ahead_s)), lease_s=10.0)
    await store.open()
    for _ in range(2):
        with pytest.raises(StoreUnavailable, match=words):
            await store.check()
    assert len([one for one in caplog.records if one.getMessage().startswith("clock.differs")]) == 1
    await store.aclose()


def test_the_time_that_the_answer_took_is_no_difference(database_url: str, caplog: pytest.LogCaptureFixture) -> None:
    """Any time between question and answer may be the time of the database."""
    caplog.set_level(logging.WARNING)
    clock = SystemClock()
    health = Health(Connections(database_url, clock), clock, 10.0)
    at = clock.now()
    for before_s, after_s in ((0, 8), (8, 0), (4, 4), (-0.9, 3), (3, -0.9)):
        health.compare_clocks(at - timedelta(seconds=before_s), at, at + timedelta(seconds=after_s))
    assert caplog.records == []
    health.compare_clocks(at + timedelta(seconds=4), at, at + timedelta(seconds=5))
    health.compare_clocks(at + timedelta(seconds=4), at, at + timedelta(seconds=5))
    assert len(caplog.records) == 1
    with pytest.raises(StoreUnavailable):
        health.compare_clocks(at + timedelta(seconds=5.1), at, at + timedelta(seconds=9))
    with pytest.raises(StoreUnavailable):
        health.compare_clocks(at - timedelta(seconds=9), at, at - timedelta(seconds=5.1))
