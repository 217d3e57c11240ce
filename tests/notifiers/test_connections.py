"""The connections of a notifier: which one is used next, and when an idle one is closed."""

import asyncio
from contextlib import ExitStack

import httpx
import pytest_asyncio
from fakes import FakeClock

from app.notifiers.connections import KEEP_ALIVE_S, Connections


class Connection(httpx.AsyncBaseTransport):
    """A transport that records whether it was closed; with a `fault`, closing raises it."""

    def __init__(self, fault: Exception | None = None) -> None:
        self.closed = False
        self._fault = fault

    async def aclose(self) -> None:
        """Close it."""
        self.closed = True
        if self._fault is not None:
            raise self._fault


class Setup:
    """Connections under a fake clock; `made` lists every connection in the order in which it was made."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.made: list[Connection] = []
        self.fault: Exception | None = None
        self.connections = Connections(self.clock, self._connect)

    def _connect(self) -> Connection:
        self.made.append(Connection(self.fault))
        return self.made[-1]

    def burst(self, count: int) -> None:
        """Have `count` messages under way at once."""
        with ExitStack() as under_way:
            for _ in range(count):
                under_way.enter_context(self.connections.use())

    @property
    def still_open(self) -> int:
        """How many connections are not closed."""
        return sum(not connection.closed for connection in self.made)


@pytest_asyncio.fixture
async def setup() -> Setup:
    """Fresh connections."""
    return Setup()


async def test_the_last_used_connection_is_the_next_used(setup: Setup) -> None:
    """Messages one after the other use one connection, however many are left from an earlier burst."""
    setup.burst(3)
    with setup.connections.use() as first:
        pass
    with setup.connections.use() as second:
        assert second is first
    assert len(setup.made) == 3


async def test_after_a_burst_idle_connections_are_closed(setup: Setup) -> None:
    """200 messages at once, then one every ten seconds: 199 connections are closed, one goes on being used."""
    setup.burst(200)
    for _ in range(2):
        await setup.clock.advance(10)
        setup.burst(1)
    await setup.clock.advance(9.9)
    assert setup.still_open == 200
    await setup.clock.advance(0.1)
    assert setup.still_open == 1
    setup.burst(1)
    assert len(setup.made) == 200


async def test_each_connection_is_closed_at_its_own_time(setup: Setup) -> None:
    """Two became idle ten seconds apart, so they are closed ten seconds apart."""
    with setup.connections.use():
        setup.burst(1)
        await setup.clock.advance(10)
    await setup.clock.advance(KEEP_ALIVE_S - 10)
    assert setup.still_open == 1
    await setup.clock.advance(9.9)
    assert setup.still_open == 1
    await setup.clock.advance(0.1)
    assert setup.still_open == 0


async def test_a_connection_in_use_is_not_closed(setup: Setup) -> None:
    """A connection stays open while its message takes long. Its idle time begins when the message ends."""
    with setup.connections.use():
        await setup.clock.advance(10 * KEEP_ALIVE_S)
        assert setup.still_open == 1
    await setup.clock.advance(KEEP_ALIVE_S - 0.1)
    assert setup.still_open == 1
    await setup.clock.advance(KEEP_ALIVE_S)
    assert setup.still_open == 0


async def test_a_closed_connection_is_not_used_again(setup: Setup) -> None:
    """The next message gets a new connection, which is closed later too."""
    setup.burst(1)
    await setup.clock.advance(2 * KEEP_ALIVE_S)
    with setup.connections.use() as connection:
        assert connection is not setup.made[0]
    await setup.clock.advance(2 * KEEP_ALIVE_S)
    assert [connection.closed for connection in setup.made] == [True, True]


async def test_a_clock_that_was_set_back_leaves_nothing_open(setup: Setup) -> None:
    """The clock is set back by an hour; the connection is still closed after 30 seconds, not after an hour."""
    setup.burst(1)
    setup.clock.set_back(3600)
    await setup.clock.advance(KEEP_ALIVE_S)
    assert setup.still_open == 0


async def test_a_connection_that_cannot_be_closed_does_not_keep_others_open(setup: Setup) -> None:
    """A fault while closing stops neither the timer nor `aclose`."""
    setup.fault = OSError("reset by peer")
    setup.burst(2)
    await setup.clock.advance(KEEP_ALIVE_S)
    assert setup.still_open == 0
    setup.burst(2)
    await setup.connections.aclose()
    assert setup.still_open == 0


async def test_closing_leaves_no_connection_and_no_timer(setup: Setup) -> None:
    """After `aclose` a message gets a new connection, because the service may start again."""
    setup.burst(2)
    await setup.connections.aclose()
    assert setup.still_open == 0
    assert setup.clock.next_at() is None
    setup.burst(1)
    assert setup.still_open == 1


def test_connections_of_an_event_loop_that_is_gone_are_not_used() -> None:
    """A message of the first loop that ends while the second runs does not give its connection to the second."""
    setup = Setup()
    cut_off = setup.connections.use()

    async def begin() -> None:
        setup.burst(1)
        cut_off.__enter__()

    async def go_on() -> None:
        setup.burst(1)
        cut_off.__exit__(None, None, None)
        setup.burst(2)
        await setup.connections.aclose()

    asyncio.run(begin())
    asyncio.run(go_on())
    # Only its own loop could close the first connection, and that loop is gone.
    assert [connection.closed for connection in setup.made] == [False, True, True]
