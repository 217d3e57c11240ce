"""The PostgreSQL store passes the contract suites. Other processes, the purge and lost connections."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from datetime import time, timedelta
from urllib.parse import quote

import psycopg
import pytest
import pytest_asyncio
from access_contract import AccessContract
from board_contract import BoardContract
from call_contract import CallContract
from daily_limit_contract import DailyLimitContract
from due_contract import DueContract
from fakes import START, FakeClock
from fanout_contract import FanoutContract
from figures_contract import FiguresContract
from log_contract import LogContract
from organization_contract import OrganizationContract
from psycopg import sql
from queue_contract import QueueContract
from receipts_contract import ReceiptsContract
from request_contract import RequestContract
from shift_list_contract import ShiftListContract
from store_contract import StoreContract
from store_driver import Driver, caregiver, shift
from update_contract import UpdateContract

from app.cli.purge import purge
from app.clock import SystemClock
from app.domain.attention_reasons import AttentionReason
from app.domain.commands import Advance, CancelFanout, Command, HandoverResult, PutOrganization, PutShift, StartFanout
from app.domain.decisions import Decision
from app.domain.fanout_records import FanoutStatus
from app.domain.messages import Contact, ContactStatus
from app.domain.policy import Policy
from app.domain.reading import Intent
from app.domain.records import Channel, Kind, Organization, Outcome, QuietHours
from app.domain.state import StateReader
from app.errors import StoreUnavailable
from app.ports.store import Store
from app.runtime.engine import Engine
from app.stores.memory.store import MemoryStore
from app.stores.postgres.connections import connect
from app.stores.postgres.failures import CommitUnknown
from app.stores.postgres.loaded import Loaded
from app.stores.postgres.loading import load, take_locks
from app.stores.postgres.prefetch import Locks, MissingReads, ReadSet
from app.stores.postgres.store import PostgresStore
from app.stores.postgres.working_set import WorkingSet

#: Records how many connections of the purge listen whenever answers are deleted. Each pool has one.
_COUNT_LISTENERS = """
CREATE TABLE listeners_seen (count bigint);
CREATE FUNCTION see_listeners() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO listeners_seen SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND application_name = 'purge' AND query LIKE 'LISTEN %';
    RETURN NULL;
END
$$;
CREATE TRIGGER see_listeners AFTER DELETE ON inbound_messages EXECUTE FUNCTION see_listeners();
"""


class TestPostgresStore(
    AccessContract,
    BoardContract,
    CallContract,
    DailyLimitContract,
    DueContract,
    FanoutContract,
    LogContract,
    OrganizationContract,
    FiguresContract,
    QueueContract,
    ReceiptsContract,
    RequestContract,
    ShiftListContract,
    UpdateContract,
    StoreContract,
):
    """All suites on `PostgresStore`."""

    @pytest_asyncio.fixture
    async def store(  # type: ignore[override]  # pytest awaits it
        self, rates: dict[Channel, float | None], emptied_database_url: str
    ) -> AsyncIterator[Store]:
        """A store on an empty database."""
        store = PostgresStore(emptied_database_url, FakeClock(), retention_s=3600, log_retention_s=3600, rates=rates)
        await store.open()
        yield store
        await store.aclose()


@pytest_asyncio.fixture
async def two_stores(database_url: str) -> AsyncIterator[tuple[PostgresStore, PostgresStore]]:
    """The stores of two processes on one database. The first process has no worker."""
    clock = SystemClock()
    first, second = PostgresStore(database_url, clock, has_worker=False), PostgresStore(database_url, clock)
    await first.open()
    await second.open()
    yield first, second
    await first.aclose()
    await second.aclose()


async def test_other_processes_hear_of_work_and_changes(two_stores: tuple[PostgresStore, PostgresStore]) -> None:
    """A write wakes the worker of another process and is reported to its board."""
    first, second = two_stores
    woken, changed = asyncio.Event(), asyncio.Event()
    heard: set[str | None] = set()

    def note(shift_id: str | None) -> None:
        heard.add(shift_id)
        changed.set()

    second.on_work(woken.set)
    second.on_change(note)
    driver = Driver(first)
    await driver.do(PutShift(shift=shift("s1"), now=START))
    async with asyncio.timeout(5):
        await changed.wait()
    assert heard == {"s1"}
    assert not woken.is_set()
    await driver.do(StartFanout(shift_id="s1", now=START))
    async with asyncio.timeout(5):
        await woken.wait()


async def test_two_processes_have_one_winner_for_a_shift(two_stores: tuple[PostgresStore, PostgresStore]) -> None:
    """Of forty yeses over two stores, with twenty noes beside them, one wins, and every answer is recorded."""
    first, second = (Driver(store, name) for store, name in zip(two_stores, "ab", strict=True))
    await first.put_caregivers(*(caregiver(n) for n in range(60)))
    await first.start_fanout(shift("s1"))
    answers = await asyncio.gather(
        *((first if n % 2 else second).says(n, Intent.ACCEPT, "s1", f"m{n}") for n in range(40)),
        *((second if n % 2 else first).says(n, Intent.DECLINE, "s1", f"m{n}") for n in range(40, 60)),
    )
    outcomes = Counter(answer.outcome for answer in answers)
    assert outcomes == {Outcome.CLAIMED: 1, Outcome.ALREADY_CLAIMED: 39, Outcome.DECLINED: 20}
    report = await two_stores[1].report("s1", full=True)
    assert report is not None
    assert len(report.responses) == 60


async def test_the_last_failures_of_two_processes_are_both_seen(
    two_stores: tuple[PostgresStore, PostgresStore],
) -> None:
    """Each records one of the two failures of a shift at the same time: the office is told each time."""
    first, second = (Driver(store, name) for store, name in zip(two_stores, "ab", strict=True))
    organization = Organization(id="org", name="Acme", office_phone="+16175550100")
    await first.do(PutOrganization(organization=organization, now=START))
    await first.put_caregivers(caregiver(1), caregiver(2))
    for day in range(1, 11):
        await first.start_fanout(shift(f"s{day}", day))
        deliveries = await first.lease()
        offers = [one for one in deliveries if one.message.kind is Kind.OFFER]
        await asyncio.gather(
            first.record_results(offers[:1], HandoverResult.PERMANENT),
            second.record_results(offers[1:], HandoverResult.PERMANENT),
        )
        report = await two_stores[0].report(f"s{day}", full=True)
        assert report is not None
        assert report.counts[ContactStatus.FAILED] == 2
        assert [one.alert and one.alert.reason for one in report.notices] == [AttentionReason.UNDELIVERED]


async def test_a_message_that_is_held_while_the_hours_change_goes_by_the_new_ones(
    two_stores: tuple[PostgresStore, PostgresStore], database_url: str
) -> None:
    """While one process plans a round, another one removes the quiet hours. The plan waits for it and holds none."""
    first, second = (Driver(store) for store in two_stores)
    night = Organization(id="org", name="Elm", quiet_hours=QuietHours(start=time(9), end=time(11)))
    await first.do(PutOrganization(organization=night, now=START))
    await first.put_caregivers(caregiver(1))
    await first.do(PutShift(shift=shift("s1"), now=START))
    await first.do(StartFanout(shift_id="s1", now=START))
    async with await psycopg.AsyncConnection.connect(database_url) as other:
        await other.execute("SELECT pg_advisory_xact_lock(hashtextextended('o:org', 0))")
        await other.execute("UPDATE organizations SET quiet_hours = NULL WHERE id = 'org'")
        planning = asyncio.create_task(second.advance())
        waiting = "SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
        while not (await other.execute(waiting)).rowcount:
            assert not planning.done()
        await other.commit()
    await planning
    assert [one.held for one in await first.contacts("s1")] == [None]


async def test_steps_of_fanouts_are_carried_out_apart_from_other_commands(database_url: str) -> None:
    """`Advance` shares its transaction only with its kind: other commands might change the roster that it reads."""
    store = PostgresStore(database_url, FakeClock())
    await store.open()
    try:

        def transaction_of(state: StateReader, _: Command) -> Decision[StateReader]:
            return Decision(state)

        steps = [Advance(shift_id=f"s{n}", generation=1, now=START) for n in range(2)]
        cancels = [CancelFanout(shift_id=f"s{n}", now=START) for n in range(2)]
        given = (steps[0], cancels[0], steps[1], cancels[1])
        found = await asyncio.gather(*(store.transition(command, transaction_of) for command in given))
        assert found[0] is found[2]
        assert found[1] is found[3]
        assert found[0] is not found[1]
    finally:
        await store.aclose()


async def test_purge_deletes_what_was_closed_earlier(database_url: str) -> None:
    """Fanouts closed and answers stored before the given time are deleted, and the record of a claim stays."""
    clock = FakeClock()
    store = PostgresStore(database_url, clock)
    await store.open()
    driver = Driver(store)
    await driver.put_caregivers(caregiver(1))
    for n in range(3):
        await driver.start_fanout(shift(f"s{n}", day=2 + n))
    await driver.says(1, Intent.ACCEPT, "s0", "m1")
    await driver.do(CancelFanout(shift_id="s1", now=driver.now))
    driver.now += timedelta(days=2)
    await driver.do(CancelFanout(shift_id="s2", now=driver.now))
    await clock.advance(2.5 * 86_400)
    assert await purge(database_url, clock, timedelta(days=1)) == (2, 1)
    assert await purge(database_url, clock, timedelta(days=1)) == (0, 0)
    assert await store.report("s1", full=True) is None
    claimed, kept = await store.report("s0", full=True), await store.report("s2", full=True)
    assert claimed is not None
    assert (claimed.fanout.status, claimed.contacts, claimed.responses) == (FanoutStatus.CLAIMED, (), ())
    assert kept is not None
    assert len(kept.contacts) == 1
    await store.aclose()


async def test_purge_opens_one_pool(database_url: str) -> None:
    """While it deletes, one connection listens, as with one pool and not two."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(_COUNT_LISTENERS)
    store = PostgresStore(database_url, FakeClock())
    await store.open()
    await Driver(store).says(1, Intent.HELP, message_id="m1")
    await store.aclose()
    later = FakeClock(START + timedelta(days=2))
    # The name tells its connections from those of the store, which the server may not have closed yet.
    url = f"{database_url}?application_name=purge"
    assert await purge(url, later, timedelta(days=1)) == (0, 1)
    with psycopg.connect(database_url) as connection:
        assert connection.execute("SELECT count FROM listeners_seen").fetchone() == (1,)


async def test_answers_older_than_the_retention_are_deleted(database_url: str) -> None:
    """Storing new answers deletes old ones, so that the table does not grow."""
    store = PostgresStore(database_url, FakeClock(), retention_s=3600)
    await store.open()
    driver = Driver(store)
    for _ in range(4):
        await asyncio.gather(*(driver.says(9, Intent.HELP, None, f"{driver.now}-{n}") for n in range(600)))
        driver.now += timedelta(hours=2)
    with psycopg.connect(database_url) as connection:
        (count,) = connection.execute("SELECT count(*) FROM inbound_messages").fetchone() or (0,)
    assert count < 1500
    await store.aclose()


def with_options(url: str, *options: str) -> str:
    """The URL with these server settings."""
    return f"{url}?options={quote(' '.join(f'-c {option}' for option in options))}"


async def test_a_process_that_hangs_loses_its_locks(database_url: str) -> None:
    """The server ends its transaction after a while; others continue, and it gets CommitUnknown."""
    url = with_options(database_url, "idle_in_transaction_session_timeout=200ms")
    frozen, other = PostgresStore(url, SystemClock()), PostgresStore(database_url, SystemClock())
    await frozen.open()
    await other.open()

    async def stand_still() -> None:
        async with frozen._connections.transaction() as connection:
            await take_locks(connection, Locks(names={"s:s1"}))
            await load(connection, ReadSet(shifts={"s1"}))
            # From here on it sends nothing.
            async with asyncio.timeout(4):
                await Driver(other).do(PutShift(shift=shift("s1"), now=START))

    with pytest.raises(CommitUnknown):
        await stand_still()
    # Its other connections still work.
    await Driver(frozen).do(PutShift(shift=shift("s2"), now=START))
    await frozen.aclose()
    await other.aclose()


def test_the_isolation_level_does_not_depend_on_the_database(database_url: str) -> None:
    """A default of the database does not override the isolation level that the locks rely on."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(
            sql.SQL("ALTER DATABASE {} SET default_transaction_isolation = 'serializable'").format(
                sql.Identifier(database_url.rpartition("/")[2])
            )
        )
    with connect(database_url) as ours:
        assert ours.execute("SHOW transaction_isolation").fetchone() == ("read committed",)


async def test_a_read_only_database_is_unavailable(database_url: str) -> None:
    """A write raises StoreUnavailable, because the database may accept writes again later."""
    store = PostgresStore(with_options(database_url, "default_transaction_read_only=on"), SystemClock())
    await store.open()
    with pytest.raises(StoreUnavailable):
        await Driver(store).do(PutShift(shift=shift("s1"), now=START))
    await store.aclose()


async def test_a_repeated_commit_sends_a_notice_once(database_url: str) -> None:
    """Writing a notice that is already stored is not an error, and the notice is sent once."""
    store = PostgresStore(database_url, FakeClock())
    await store.open()
    first, again = Driver(store), Driver(store)
    await first.put_caregivers(caregiver(1))
    for driver in (first, again):
        assert (await driver.says(1, Intent.HELP)).outcome is Outcome.HELP
    assert [one.message.kind for one in await first.lease()] == [Kind.HELP]
    await store.aclose()


def test_admit_passes_on_missing_reads() -> None:
    """`Engine.admit` does not treat MissingReads as a fault of the message, so that the store can load it."""
    nothing = Loaded([], [], [], {}, [], [], {}, {}, [], [], {}, [], [], [], [], [], [], [], [], [], [], [], [])
    view = WorkingSet(ReadSet(), [], nothing)
    contact = Contact(
        shift_id="s1",
        generation=1,
        channel=Channel.SMS,
        caregiver_id="cg-1",
        status=ContactStatus.QUEUED,
        updated_at=START,
        phone="+15550000001",
    )
    engine = Engine(MemoryStore(), FakeClock(), Policy())
    with pytest.raises(MissingReads):
        engine.admit(view, contact)
