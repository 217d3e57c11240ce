"""A database that stands still, is full or cannot be reached: what callers are told, and what the log says."""

import logging
from collections.abc import AsyncIterator

import psycopg
import pytest
import pytest_asyncio
from fakes import START, FakeClock
from psycopg import errors
from store_driver import Driver, shift

from app.clock import SystemClock
from app.domain.commands import PutShift, StartFanout
from app.errors import StartRefused, StoreUnavailable
from app.stores.postgres.connections import CALL_LIMIT_S, Connections, connect
from app.stores.postgres.failures import FailureLog, NoAnswer, failure_of
from app.stores.postgres.store import PostgresStore
from prove.histories.proxy import Proxy

NO_SPACE = """
CREATE FUNCTION no_space() RETURNS {kind} LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'could not extend file "base/16384/16412"' USING ERRCODE = 'disk_full';
END
$$;
"""
A_FULL_TABLE = "CREATE TRIGGER no_space BEFORE INSERT ON shifts EXECUTE FUNCTION no_space()"
#: The check writes to a table of its own.
A_FULL_DISK = "CREATE EVENT TRIGGER no_space ON ddl_command_start EXECUTE FUNCTION no_space()"


@pytest_asyncio.fixture
async def impatient(database_url: str) -> AsyncIterator[Connections]:
    """Connections that a call may hold for a fifth of a second."""
    connections = Connections(database_url, SystemClock(), call_limit_s=0.2)
    await connections.open(lambda _: None)
    yield connections
    await connections.close()


async def test_a_call_that_gets_no_answer_ends(impatient: Connections) -> None:
    """The server takes a minute; the caller is told after its time limit, and other calls work."""

    async def sleep() -> None:
        async with impatient.connection() as connection:
            await connection.execute("SET statement_timeout = 0")
            await connection.execute("SELECT pg_sleep(60)")

    async def sleep_in_a_transaction() -> None:
        async with impatient.transaction() as transaction:
            await transaction.execute("SET statement_timeout = 0")
            await transaction.execute("SELECT pg_sleep(60)")
            await transaction.sync()

    for use in (sleep, sleep_in_a_transaction):
        with pytest.raises(NoAnswer, match=r"did not answer within 0\.2 s"):
            await use()
    async with impatient.connection() as connection:
        assert await (await connection.execute("SELECT 1")).fetchone() == (1,)


@pytest.mark.parametrize(("statement_limit_s", "failure"), [(60, StoreUnavailable), (0, NoAnswer)])
async def test_a_transaction_whose_waits_add_up_is_no_silent_server(
    database_url: str, statement_limit_s: float, failure: type[StoreUnavailable]
) -> None:
    """The server has answered the first lock and lets the second wait. If it says nothing for longer than a
    statement may take, it does not work. `Batches` refuses what waits behind a `NoAnswer` and nothing else.
    """
    connections = Connections(database_url, SystemClock(), call_limit_s=0.2, statement_limit_s=statement_limit_s)
    await connections.open(lambda _: None)

    async def wait_for_the_second_lock() -> None:
        async with connections.transaction() as transaction:
            await transaction.execute("SELECT pg_advisory_xact_lock(1)")
            await transaction.sync()
            await transaction.execute("SELECT pg_advisory_xact_lock(2)")
            await transaction.sync()

    with psycopg.connect(database_url) as other:
        other.execute("SELECT pg_advisory_xact_lock(2)")
        with pytest.raises(StoreUnavailable) as caught:
            await wait_for_the_second_lock()
    assert type(caught.value) is failure
    await connections.close()


async def test_a_transaction_that_is_left_open_is_ended_under_the_limit(impatient: Connections) -> None:
    """A fault of the caller's own is passed on, and the connection is used again without its transaction."""

    async def fail() -> None:
        async with impatient.connection() as connection:
            await connection.execute("BEGIN")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    async with impatient.connection() as connection:
        assert connection.info.transaction_status == psycopg.pq.TransactionStatus.IDLE


def test_the_time_limits_leave_room_for_an_answer_within_ten_seconds(database_url: str) -> None:
    """Who waits for a lock outlasts a holder that hangs, and the server gives a statement up before the client."""
    with connect(database_url) as ours:
        row = ours.execute(
            "SELECT setting::int FROM pg_settings WHERE name IN"
            " ('idle_in_transaction_session_timeout', 'lock_timeout', 'statement_timeout') ORDER BY name"
        ).fetchall()
    hanging, lock, statement = (int(str(one[0])) for one in row)
    assert hanging < lock < statement < CALL_LIMIT_S * 1000 <= 8000


async def test_a_full_disk_is_told_without_the_files_of_the_database(
    database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    """The caller gets the reason, the log once the server's words, and the check fails until there is space."""
    caplog.set_level(logging.WARNING)
    store = PostgresStore(database_url, FakeClock())
    await store.open()
    driver = Driver(store)
    with psycopg.connect(database_url, autocommit=True) as server:
        server.execute(NO_SPACE.format(kind="trigger").encode() + A_FULL_TABLE.encode())
        for _ in range(2):
            with pytest.raises(StoreUnavailable, match=r"^the database has no space left on its disk$"):
                await driver.do(PutShift(shift=shift("s1"), now=START))
        (line,) = [one.getMessage() for one in caplog.records if "no space" in one.getMessage()]
        assert 'could not extend file "base/16384/16412"' in line
        server.execute(b"DROP FUNCTION no_space CASCADE;" + NO_SPACE.format(kind="event_trigger").encode())
        server.execute(A_FULL_DISK)
        with pytest.raises(StoreUnavailable, match="no space"):
            await store.check()
        server.execute("DROP EVENT TRIGGER no_space")
    await store.check()
    await store.aclose()


def test_a_reason_is_logged_once_a_minute(caplog: pytest.LogCaptureFixture) -> None:
    """Each reason has a minute of its own."""
    caplog.set_level(logging.WARNING)
    clock = FakeClock()
    failures = FailureLog(clock)
    for seconds, reason in ((0, "lost"), (1, "lost"), (1, "full"), (57, "lost"), (1, "lost"), (1, "lost")):
        clock.set_forward(seconds)
        failures.write(StoreUnavailable(reason))
    assert [one.getMessage() for one in caplog.records] == [
        f"store.unavailable {reason}" for reason in ("lost", "full", "lost")
    ]


@pytest.mark.parametrize(
    "error",
    [
        errors.DiskFull, errors.QueryCanceled, errors.LockNotAvailable, errors.ReadOnlySqlTransaction,
        errors.TooManyConnections, errors.AdminShutdown, errors.IdleInTransactionSessionTimeout,
        psycopg.OperationalError, psycopg.InterfaceError,
    ],
)  # fmt: skip
def test_no_outage_repeats_the_words_of_the_driver(error: type[psycopg.Error]) -> None:
    """They may name files, tables and hosts."""
    failure = failure_of(error('relation "contacts" of "base/16384/2"'))
    assert failure is not None
    assert "contacts" not in failure.reason
    assert "base/" not in failure.reason


@pytest.mark.parametrize("error", [errors.SerializationFailure, errors.DeadlockDetected, errors.UniqueViolation])
def test_a_conflict_is_no_outage(error: type[psycopg.Error]) -> None:
    """The store decides these anew."""
    assert failure_of(error("a conflict")) is None


#: Every part of the password of these URLs, as somebody may write it.
SECRET = ["open", "sesame", "hill"]


@pytest.mark.parametrize(
    "rest",
    [
        "u:open@sesame@hill/db",
        "u:open@sesame@hill@127.0.0.1/db",
        "u:open%sesame%hill@127.0.0.1/db",
        "u:open%00sesame%00hill@127.0.0.1/db",
        "u:open sesame hill@127.0.0.1/db",
        "u:open/sesame/hill@127.0.0.1/db",
        "u:open?sesame=hill@127.0.0.1:notaport/db",
        "u:open:sesame:hill@127.0.0.1:99999/db",
        "u:open:sesame:hill@127.0.0.1:1/db",
        "u:open/1@sesame:5432/hill",
        "u:5432/open@sesame/hill",
        "u:open-sesame-hill@127.0.0.1:1,127.0.0.1:2/db",
        "u:open-sesame-hill@127.0.0.1:1,127.0.0.1:x/db",
        "127.0.0.1:1/db?password=open&sesame=hill",
        "127.0.0.1:1/db?password=open&sesame&hill",
        "127.0.0.1:1/db?password=open%sesame%hill",
        "127.0.0.1:1/db?password=open sesame hill",
        "127.0.0.1:1/db?password=open-sesame-hill",
        "127.0.0.1:1/db?pasword=open-sesame-hill",
        "127.0.0.1:1/db?options=-c&password=open-sesame@hill",
        "u:[open-sesame-hill@127.0.0.1:1/db",
        "u:open\nsesame\nhill@127.0.0.1:1/db",
        "u:open%FFsesame%FEhill@127.0.0.1:1/db",
        "u:x@open.sesame.hill.invalid",
        "u:x@open.sesame.hill.invalid,hill.invalid:1/db",
        "u:x@open.invalid/sesame",
        "u:x@127.0.0.1:1/sesame",
        "u:x@/db?host=/tmp/open/sesame",
        "127.0.0.1:1/db?connect_timeout=sesame",
        "127.0.0.1:1/db?sslmode=sesame",
        "127.0.0.1:1/db?gssencmode=sesame",
        "127.0.0.1:1/db?client_encoding=sesame",
        "127.0.0.1:1/db?keepalives_idle=sesame",
        "127.0.0.1:1/db?target_session_attrs=sesame",
        "127.0.0.1:1/db?hostaddr=sesame",
        'u:x@127.0.0.1:1/d"sesame',
    ],
)
def test_no_part_of_a_password_is_in_the_error(rest: str) -> None:
    """Whatever is wrong with the URL, the start is refused in one line that names the variable."""
    with pytest.raises(StartRefused) as refused:
        connect(f"postgresql://{rest}").close()
    line = refused.value.reason
    assert line.startswith("FANOUT_DATABASE_URL (value not shown): ")
    assert "\n" not in line
    assert not [part for part in SECRET if part in line], line
    # Nor in the exceptions that led to it, which a traceback would print.
    cause = refused.value.__cause__
    assert not [part for part in SECRET if part in str(cause)], cause


@pytest.mark.parametrize("rest", ["localhost:1987/app", "u:x@/db?host=/tmp&port=1987"])
def test_a_password_of_digits_is_not_shown_as_a_port(rest: str) -> None:
    """Without a host, the user is taken for it, and the password for the port."""
    with pytest.raises(StartRefused) as refused:
        connect(f"postgresql://{rest}").close()
    assert "1987" not in refused.value.reason


@pytest.mark.parametrize(
    "rest",
    [
        "u:p%40ss%25w%2Frd@h1:1,h2:2/db",
        "u@/db?host=/run/postgresql",
        "u:a#^{}|b@[::1]:5432/db",
        "h/db?sslmode=prefer",
    ],
)
def test_a_well_formed_url_is_understood(rest: str) -> None:
    """Also with escapes, several hosts, a folder of sockets, IPv6 and parameters."""
    Connections(f"postgresql://{rest}", FakeClock())


async def test_a_command_whose_commit_may_have_gone_through_is_not_decided_again(database_url: str) -> None:
    """Its answer would be that of a repeat, and others may have been carried out meanwhile. The caller is told."""
    address, _, database = database_url.rpartition("/")
    async with Proxy(int(address.rpartition(":")[2])).listening() as proxy:
        store = PostgresStore(f"postgresql://postgres@127.0.0.1:{proxy.port}/{database}", FakeClock())
        await store.open()
        driver = Driver(store)
        await driver.do(PutShift(shift=shift("s1"), now=START))
        proxy.lose_commits(1)
        with pytest.raises(StoreUnavailable, match=r"^the connection to the database was lost$"):
            await driver.do(StartFanout(shift_id="s1", now=START))
        assert await driver.do(StartFanout(shift_id="s1", now=START)) is False, "the first one has started it"
        await store.aclose()
