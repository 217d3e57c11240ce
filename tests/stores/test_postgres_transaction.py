"""The statements of a transaction: what goes in comes out, and no failure leaves its mark on the connection."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta, timezone
from typing import LiteralString

import psycopg
import pytest
import pytest_asyncio

from app.clock import SystemClock
from app.stores.postgres.connections import POOL_SIZE, Connections
from app.stores.postgres.transaction import Parameter

_MANY = "SELECT %(given)s::text[]::text, %(given)s::text[] = %(given)s::text[], %(other)s::text"
_COUNT = "SELECT count(*)::text FROM pg_prepared_statements WHERE statement = 'SELECT $1::text'"


@pytest_asyncio.fixture
async def connections(database_url: str) -> AsyncIterator[Connections]:
    """Connections to a database; the tests use one of them at a time."""
    opened = Connections(database_url, SystemClock())
    await opened.open(lambda _: None)
    yield opened
    await opened.close()


async def value_of(connections: Connections, statement: LiteralString, *given: Parameter) -> str:
    """The only value that the statement returns, in a transaction of its own."""
    async with connections.transaction() as transaction:
        result = await transaction.execute(statement, given)
        await transaction.sync()
    return result.value()


@pytest.mark.parametrize(
    "text", ["", "plain", "O'Neil", 'a "b"', "back\\slash", "{a,b}", "NULL", "ñ 🙂", " a\tb\n", "%s"]
)
async def test_a_text_comes_back_as_it_went_in(connections: Connections, text: str) -> None:
    """Alone and in an array, whatever characters it has."""
    assert await value_of(connections, "SELECT %s::text", text) == text
    assert await value_of(connections, "SELECT (%s::text[])[2]", ["first", text]) == text


async def test_the_other_kinds_of_parameters(connections: Connections) -> None:
    """Numbers, times with any offset, arrays of numbers, and empty ones."""
    assert await value_of(connections, "SELECT (%s::integer + 1)::text", -8) == "-7"
    assert await value_of(connections, "SELECT (%s::bigint[])[2]::text", [1, 2**40]) == str(2**40)
    assert await value_of(connections, "SELECT cardinality(%s::text[])::text", []) == "0"
    at = datetime(2031, 3, 3, 8, 0, 0, 123456, timezone(timedelta(hours=-5)))
    text = await value_of(connections, "SELECT to_json(%s::timestamptz)::text", at)
    assert datetime.fromisoformat(text.strip('"')) == at.astimezone(UTC)


async def test_named_parameters_nulls_and_percent_signs(connections: Connections) -> None:
    """A name may be used several times; parameters that the statement does not name are left out."""
    async with connections.transaction() as transaction:
        many = await transaction.execute(_MANY, {"given": ["a"], "other": None, "unused": 1})
        percent = await transaction.execute("SELECT '5%%' || %s::text", ("!",))
        with pytest.raises(RuntimeError, match="not been synced"):
            many.rows()
        await transaction.sync()
    assert many.rows() == [("{a}", "t", None)]
    assert percent.value() == "5%!"


async def test_a_text_with_nul_is_refused(connections: Connections) -> None:
    """The driver would cut it off there."""
    for given in ("a\0b", ["a", "b\0"]):
        with pytest.raises(psycopg.DataError, match="NUL"):
            await value_of(connections, "SELECT %s::text", given)
    assert await value_of(connections, "SELECT %s::text", "a") == "a"


async def test_more_than_fits_into_the_buffers(connections: Connections) -> None:
    """Neither side waits for the other, however much both have to send."""
    text = "x" * 3_000_000
    async with connections.transaction() as transaction:
        results = [await transaction.execute("SELECT %s::text", (text,)) for _ in range(5)]
        await transaction.sync()
    assert all(result.value() == text for result in results)


async def test_a_statement_is_prepared_once(connections: Connections) -> None:
    """Also if it is used several times before the first answer, or was prepared by a transaction that failed."""

    async def fail() -> None:
        async with connections.transaction() as transaction:
            for _ in range(3):
                await transaction.execute("SELECT %s::text", ("a",))
            raise ZeroDivisionError

    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            await fail()
    assert await value_of(connections, "SELECT %s::text", "a") == "a"
    assert await value_of(connections, _COUNT) == "1"


async def test_an_error_takes_back_the_whole_transaction(connections: Connections) -> None:
    """Statements after it are not carried out, and the connection works as before."""

    async def fail() -> None:
        async with connections.transaction() as transaction:
            await transaction.execute("INSERT INTO numbers (phone) VALUES (%s)", ("+15550000001",))
            await transaction.execute("SELECT 1 / %s::integer", (0,))
            await transaction.execute("INSERT INTO no_such_table VALUES (1)")
            await transaction.sync()

    for _ in range(2):
        with pytest.raises(psycopg.errors.DivisionByZero):
            await fail()
    assert await value_of(connections, "SELECT count(*)::text FROM numbers") == "0"
    async with connections.connection() as connection:
        assert connection.info.transaction_status == psycopg.pq.TransactionStatus.IDLE
        assert connection.pgconn.pipeline_status == psycopg.pq.PipelineStatus.OFF


async def test_an_error_at_the_commit_is_raised(connections: Connections) -> None:
    """Nothing waits for the results of the last statements but the commit."""

    async def fail() -> None:
        async with connections.transaction() as transaction:
            await transaction.execute("SELECT 1 / %s::integer", (0,))

    with pytest.raises(psycopg.errors.DivisionByZero):
        await fail()


async def test_discarded_statements_are_prepared_again(connections: Connections) -> None:
    """The transaction that finds them gone fails like one with a conflict, so that it is tried again."""
    assert await value_of(connections, "SELECT %s::text", "a") == "a"
    # On a busy machine the pool may have more than one connection by now.
    for _ in range(POOL_SIZE):
        async with connections.connection() as connection:
            await connection.execute("DISCARD ALL")

    async def use_each() -> None:
        for _ in range(POOL_SIZE):
            await value_of(connections, "SELECT %s::text", "a")

    with pytest.raises(psycopg.errors.SerializationFailure, match="discarded"):
        await use_each()
    assert await value_of(connections, "SELECT %s::text", "a") == "a"


async def test_a_cancelled_transaction_closes_its_connection(connections: Connections) -> None:
    """What the server still sends must not be taken for an answer to the next transaction."""
    started: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    async def sleep() -> None:
        async with connections.transaction() as transaction:
            started.set_result(transaction.connection.info.backend_pid)
            await transaction.execute("SELECT pg_sleep(60)")
            await transaction.sync()

    sleeping = asyncio.create_task(sleep())
    pid = await started
    sleeping.cancel()
    with pytest.raises(asyncio.CancelledError):
        await sleeping
    assert await value_of(connections, "SELECT %s::text", "a") == "a"
    assert await value_of(connections, "SELECT pg_backend_pid()::text") != str(pid)
