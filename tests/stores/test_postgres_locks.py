"""Transactions that wait for a lock that somebody else holds: whom that delays, and what their callers are told."""

import asyncio
import itertools
from collections.abc import AsyncIterator

import psycopg
import pytest
import pytest_asyncio
from fakes import START, FakeClock
from store_driver import Driver, caregiver, shift

from app.domain.commands import HandoverResult, PutCaregiver, PutShift, SendText, StartFanout
from app.domain.records import Answer, Outcome
from app.errors import StoreUnavailable
from app.stores.postgres.store import PostgresStore
from prove.merges import Gate, GatedStore
from prove.pairs import commands_of

#: Long enough for a few statements, and short enough for a test.
LOCK_TIMEOUT_MS = 400
#: As many shifts as the store has transactions at the same time.
HELD = ("s1", "s2", "s3")
WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
LOCK = "SELECT pg_advisory_lock(hashtextextended(%s, 0))"

Stranger = psycopg.AsyncConnection[tuple[object, ...]]


@pytest_asyncio.fixture
async def store(database_url: str) -> AsyncIterator[PostgresStore]:
    """A store that soon gives up waiting for a lock."""
    opened = PostgresStore(f"{database_url}?options=-c%20lock_timeout%3D{LOCK_TIMEOUT_MS}", FakeClock())
    await opened.open()
    yield opened
    await opened.aclose()


@pytest_asyncio.fixture
async def stranger(database_url: str) -> AsyncIterator[Stranger]:
    """A session of another process."""
    connection = await psycopg.AsyncConnection.connect(database_url, autocommit=True)
    yield connection
    await connection.close()


async def until_waiting(stranger: Stranger, count: int) -> None:
    """Return when so many sessions wait for a lock."""
    while (await (await stranger.execute(WAITING)).fetchone()) != (count,):
        await stranger.execute("SELECT pg_sleep(0.005)")


@pytest.mark.timeout(20)
async def test_a_transaction_that_gives_up_waiting_refuses_only_its_own_commands(
    store: PostgresStore, stranger: Stranger
) -> None:
    """The command behind it needs none of its locks. Nothing of what was refused is carried out later."""
    driver = Driver(store)
    for id_ in (*HELD, "s4"):
        await driver.do(PutShift(shift=shift(id_), now=START))
    refused = []
    for count, id_ in enumerate(HELD, start=1):
        await stranger.execute(LOCK, (f"s:{id_}",))
        refused.append(asyncio.create_task(driver.do(StartFanout(shift_id=id_, now=START))))
        await until_waiting(stranger, count)
    behind = asyncio.create_task(driver.do(StartFanout(shift_id="s4", now=START)))
    results = await asyncio.gather(*refused, behind, return_exceptions=True)
    await stranger.execute("SELECT pg_advisory_unlock_all()")
    assert [str(one) for one in results[:-1]] == ["the database took too long"] * len(HELD)
    assert all(isinstance(one, StoreUnavailable) for one in results[:-1])
    assert results[-1] is True, "the command behind them is carried out"
    for id_ in HELD:
        assert await driver.do(StartFanout(shift_id=id_, now=START)) is True, "it was not started before"


@pytest.mark.timeout(20)
@pytest.mark.parametrize("stop_at", [1, 3])
async def test_a_transaction_that_stands_still_loses_its_locks_and_is_decided_again(
    database_url: str, stop_at: int
) -> None:
    """As that of a process that gets SIGSTOP. Whoever waits for its locks is not refused, and their change counts."""
    standing = GatedStore(f"{database_url}?options=-c%20idle_in_transaction_session_timeout%3D{LOCK_TIMEOUT_MS}")
    other = GatedStore(database_url)
    await standing.open()
    await other.open()
    before, claim, cancel = commands_of("claim A", "cancel", "asked", "1")
    for command in before:
        await other.do(command)
    gate = Gate()
    gate.stop_at = stop_at
    claiming = asyncio.create_task(standing.do(claim, gate))
    await gate.stopped.wait()
    assert await other.do(cancel) is True, "the server ends the session that stands still"
    gate.open()
    answer = await claiming
    assert isinstance(answer, Answer)
    assert answer.outcome is Outcome.ALREADY_CLAIMED, "it was decided again, after the cancellation"
    assert gate.transactions == 2
    assert await other.holder("s1") is None
    await other.aclose()
    await standing.aclose()


@pytest.mark.timeout(60)
async def test_two_processes_hand_over_one_notice_after_the_other(database_url: str, stranger: Stranger) -> None:
    """Two texts wait for a caregiver, about one shift. Each process takes one of them, whichever stops where."""
    first, second = GatedStore(database_url), GatedStore(database_url)
    await first.open()
    await second.open()
    nurse = caregiver(1)
    await first.do(PutCaregiver(caregiver=nurse, now=START))
    for stop_at in itertools.count():
        one, gate = shift(f"s{stop_at}"), Gate()
        await first.do(PutShift(shift=one, now=START), gate)
        for id_ in "ab":
            text = SendText(shift_id=one.id, caregiver_id=nurse.id, body=id_, notice_id=f"{id_}{stop_at}", now=START)
            await first.do(text, gate)
        gate.stop_at = gate.passed + stop_at
        taking = asyncio.create_task(Driver(first).lease_once(1))
        stopped = asyncio.create_task(gate.stopped.wait())
        await asyncio.wait((taking, stopped), return_when=asyncio.FIRST_COMPLETED)
        beside = asyncio.create_task(Driver(second).lease_once(1))
        waiting = asyncio.create_task(until_waiting(stranger, 1))
        await asyncio.wait((beside, waiting), return_when=asyncio.FIRST_COMPLETED)
        gate.open()
        taken = [*(await taking).deliveries, *(await beside).deliveries]
        assert len(taken) == 1, f"stopped in front of statement {stop_at}"
        waiting.cancel()
        if not stopped.done():
            stopped.cancel()
            break
        driver = Driver(second)
        await driver.record_results(taken, HandoverResult.SENT)
        assert len(await driver.lease()) == 1
    assert stop_at > 5
    await first.aclose()
    await second.aclose()
