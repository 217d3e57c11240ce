"""Requests with a key on PostgreSQL, when the connection breaks before an answer arrives."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TypeVar

import psycopg
import pytest_asyncio
from fakes import START

from app.clock import SystemClock
from app.ports.requests import EarlierRequest, RequestKey
from app.stores.postgres.connections import Connection, Connections
from app.stores.postgres.requests import PostgresRequests

KEY = RequestKey("office", "k1")
ResultT = TypeVar("ResultT")


class LosesTheFirstAnswer(Connections):
    """Its connection breaks after the first work has been done, and before anybody hears of it."""

    loses = True

    async def run(self, work: Callable[[Connection], Awaitable[ResultT]], limit_s: float | None = None) -> ResultT:
        """See `Connections`."""

        async def losing(connection: Connection) -> ResultT:
            result = await work(connection)
            if self.loses:
                self.loses = False
                await connection.close()
                raise psycopg.OperationalError("the connection is closed")
            return result

        return await super().run(losing, limit_s)


@pytest_asyncio.fixture
async def connections(database_url: str) -> AsyncIterator[LosesTheFirstAnswer]:
    """Connections to a migrated database."""
    connections = LosesTheFirstAnswer(database_url, SystemClock())
    await connections.open(lambda _: None)
    yield connections
    await connections.close()


async def test_a_request_whose_beginning_had_no_answer_is_carried_out(connections: LosesTheFirstAnswer) -> None:
    """It would otherwise hear for a minute that it is still under way. Others of its key do hear that."""
    requests = PostgresRequests(connections)
    assert await requests.begin(KEY, "one", START) is None
    assert not connections.loses
    assert await requests.begin(KEY, "one", START) == EarlierRequest("one", None)


async def test_a_request_that_began_before_is_found_although_the_answer_was_lost(
    connections: LosesTheFirstAnswer,
) -> None:
    """The row is not of this request, whatever the connection does."""
    requests = PostgresRequests(connections)
    connections.loses = False
    assert await requests.begin(KEY, "another", START) is None
    connections.loses = True
    assert await requests.begin(KEY, "one", START) == EarlierRequest("another", None)
    assert not connections.loses
