"""The connections of one process: a pool, and one connection that listens for notifications.

Driver errors that mean an outage are translated here into `StoreUnavailable` (`failures`).
"""

import asyncio
import logging
import os
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from datetime import timedelta
from typing import Any, LiteralString, TypeVar

import psycopg
from psycopg.rows import TupleRow
from psycopg_pool import AsyncConnectionPool, PoolClosed, PoolTimeout

from app.clock import sleep_until
from app.errors import StoreUnavailable
from app.ports.clock import Clock
from app.stores.postgres.failures import (
    TOO_LONG,
    CommitUnknown,
    ConnectionLost,
    DiskFull,
    FailureLog,
    NoAnswer,
    NoConnection,
    failure_of,
    one_line,
)
from app.stores.postgres.transaction import Transaction
from app.stores.postgres.url import STATEMENT_LIMIT_S, connection_parameters, refusal

log = logging.getLogger("shift_fanout.postgres")

ResultT = TypeVar("ResultT")

# The driver logs a warning for failed connections and aborted pipelines and raises an exception as well. The
# exception is enough: this module logs it in the words of the service.
logging.getLogger("psycopg").setLevel(logging.ERROR)

#: The largest number of connections of one process, not counting the one that listens.
POOL_SIZE = 8
#: The channel of LISTEN and NOTIFY.
NOTIFY_CHANNEL = "shift_fanout"

#: A call that gets no connection from the pool in this time fails with `NoConnection`.
_POOL_TIMEOUT_S = 2.0
#: A call that holds a connection for longer than this fails, whatever the server and its host do.
CALL_LIMIT_S = 7.0
#: The same for a call that only asks whether the connection works.
_CHECK_LIMIT_S = 1.0
_RECONNECT_S = 0.5


def connect(url: str) -> psycopg.Connection[tuple[object, ...]]:
    """A single connection, for a command of the command line or the check before the service starts.

    Raises StartRefused if it cannot be made, with one line that contains no part of a password.
    """
    settings = connection_parameters(url)
    try:
        return psycopg.connect(**settings, autocommit=True)  # type: ignore[arg-type]  # libpq's own names
    except psycopg.Error as exc:
        # Not `from exc`: a traceback would show the words of the driver.
        raise refusal(url, exc) from None


@contextmanager
def _cut_off_after(
    seconds: float, connection: psycopg.AsyncConnection[Any], cut_off: asyncio.Event
) -> Iterator[None]:
    """Shut the connection's socket down if the block takes longer; `cut_off` is set then.

    The driver then raises an error, as if the server had gone. To cancel its call would not do: it asks the server to
    cancel the statement and waits for the answer. The time is real time whatever the clock of the service, because
    the network knows no other.
    """

    def shut_down() -> None:
        cut_off.set()
        with suppress(OSError, psycopg.Error), socket.socket(fileno=os.dup(connection.fileno())) as end:
            end.shutdown(socket.SHUT_RDWR)

    timer = asyncio.get_running_loop().call_later(seconds, shut_down)
    try:
        yield
    finally:
        timer.cancel()


async def _keep_statements_prepared(connection: "Connection") -> None:
    """Keep every statement prepared. The store has about a hundred, and by default psycopg keeps a hundred."""
    connection.prepared_max = None


class Connection(psycopg.AsyncConnection[TupleRow]):
    """A connection that knows which statements its transactions have prepared."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        #: The names of the statements. psycopg knows of those only that were executed outside of `transaction`.
        self.prepared: dict[LiteralString, bytes] = {}
        #: When the server last answered a transaction, in seconds of the event loop; None: not since it was borrowed.
        self.answered_at: float | None = None

    def note_answer(self) -> None:
        """Remember that the server has just answered."""
        self.answered_at = asyncio.get_running_loop().time()

    def answered_within(self, seconds: float) -> bool:
        """Whether the server has answered a transaction in that time."""
        return self.answered_at is not None and asyncio.get_running_loop().time() - self.answered_at < seconds


class Connections:
    """The pool and the listening connection of one process, in one event loop."""

    def __init__(
        self,
        url: str,
        clock: Clock,
        *,
        call_limit_s: float = CALL_LIMIT_S,
        statement_limit_s: float = STATEMENT_LIMIT_S,
    ) -> None:
        """`call_limit_s`: for how many seconds one call may hold a connection. `statement_limit_s`: a server that is
        silent for longer does not work, because it gives a statement up before.
        """
        self._parameters = connection_parameters(url)
        self._clock = clock
        self._call_limit_s = call_limit_s
        self._statement_limit_s = statement_limit_s
        self._failures = FailureLog(clock)
        #: Whether a write has failed for want of space, and no check has found space since.
        self.disk_was_full = False
        self._pool: AsyncConnectionPool[Connection] | None = None
        self._listener: asyncio.Task[None] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    async def open(self, on_message: Callable[[str], None]) -> bool:
        """Open the pool and start to listen. Returns False and does nothing if the pool is open in this event loop.

        `on_message` gets the payload of each notification. It gets "" whenever the listener has connected:
        notifications may have been missed until then.
        """
        loop = asyncio.get_running_loop()
        if self._loop is loop:
            return False
        self._loop = loop
        self._pool = AsyncConnectionPool(
            connection_class=Connection,
            kwargs={**self._parameters, "autocommit": True, "prepare_threshold": 0},
            min_size=1,
            max_size=POOL_SIZE,
            open=False,
            timeout=_POOL_TIMEOUT_S,
            # The pool stops reconnecting after a second. The next caller that asks for a connection starts again with
            # the shortest delay.
            reconnect_timeout=1.0,
            name="shift-fanout",
            configure=_keep_statements_prepared,
        )
        await self._pool.open()
        first_attempt_ended = asyncio.Event()
        self._listener = loop.create_task(self._listen(on_message, first_attempt_ended))
        await first_attempt_ended.wait()
        return True

    async def close(self) -> None:
        """Close all connections."""
        listener, pool = self._listener, self._pool
        self._listener = self._pool = self._loop = None
        if listener is not None:
            listener.cancel()
            with suppress(asyncio.CancelledError):
                await listener
        if pool is not None:
            await pool.close()

    @asynccontextmanager
    async def connection(self, limit_s: float | None = None) -> AsyncIterator[Connection]:
        """Borrow a connection from the pool, for `limit_s` seconds at most (by default `call_limit_s`).

        Raises NoConnection if there is none in time, NoAnswer if the time is over, ConnectionLost if it breaks in
        use, StoreUnavailable after `close` and for other outages, also if the time is over because waits for locks
        add up while the server answers. Conflicts are raised as they are.
        """
        pool = self._pool
        if pool is None:
            raise StoreUnavailable("the store is closed")
        limit_s = limit_s or self._call_limit_s
        try:
            borrowed = await pool.getconn()
        except (PoolTimeout, PoolClosed) as exc:
            raise self._logged(NoConnection(f"no database connection within {_POOL_TIMEOUT_S:g} s")) from exc
        borrowed.answered_at = None
        cut_off = asyncio.Event()
        try:
            # The connection's own block, which ends a transaction that was left open, is under the limit too.
            with _cut_off_after(limit_s, borrowed, cut_off):
                async with borrowed:
                    yield borrowed
        except psycopg.Error as exc:
            if cut_off.is_set() and borrowed.answered_within(self._statement_limit_s):
                raise self._logged(StoreUnavailable(TOO_LONG), f"not done within {limit_s:g} s") from exc
            if cut_off.is_set():
                raise self._logged(NoAnswer(f"the database did not answer within {limit_s:g} s")) from exc
            failure = failure_of(exc)
            if failure is None:
                raise
            raise self._logged(failure, one_line(exc)) from exc
        finally:
            await pool.putconn(borrowed)

    def _logged(self, failure: StoreUnavailable, detail: str = "") -> StoreUnavailable:
        self._failures.write(failure, detail)
        self.disk_was_full |= isinstance(failure, DiskFull)
        return failure

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        """A transaction whose statements are sent together until a result is needed. Raises as `connection`.

        A connection that breaks after COMMIT was sent raises CommitUnknown instead of ConnectionLost.
        """
        commits = False
        try:
            async with (
                self.connection() as connection,
                Transaction(connection, connection.prepared, connection.note_answer) as transaction,
            ):
                await transaction.execute("BEGIN")
                yield transaction
                commits = True
                await transaction.execute("COMMIT")
                await transaction.sync()
        except ConnectionLost as lost:
            if commits:
                raise CommitUnknown(lost.reason) from lost
            raise

    async def pause(self, seconds: float) -> None:
        """Wait that long, by the clock of the service."""
        await sleep_until(self._clock, self._clock.now() + timedelta(seconds=seconds))

    async def run(self, work: Callable[[Connection], Awaitable[ResultT]], limit_s: float | None = None) -> ResultT:
        """Do the work on a connection, and once more if the connection was dead or the work hit a conflict.

        The work may thus be done twice, each time within `limit_s` seconds (by default `call_limit_s`). The second
        time it finds what it did the first time, if only the answer was lost.
        """
        try:
            async with self.connection(limit_s) as connection:
                return await work(connection)
        except ConnectionLost:
            await self.discard_dead()
        except psycopg.OperationalError:
            log.debug("store.conflict", exc_info=True)
        async with self.connection(limit_s) as connection:
            return await work(connection)

    async def discard_dead(self) -> None:
        """Discard idle connections that are dead. After a restart of the database all of them are."""
        pool = self._pool
        if pool is None:
            return
        # Not `pool.check`, which waits for ever for a server that stands still.
        for _ in range(pool.get_stats()["pool_available"]):
            with suppress(StoreUnavailable, psycopg.Error):
                async with self.connection(_CHECK_LIMIT_S) as connection:
                    await connection.execute("")

    async def _listen(self, on_message: Callable[[str], None], first_attempt_ended: asyncio.Event) -> None:
        """Pass on notifications for ever, and connect again whenever the connection is lost."""
        disconnected = False
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(
                    **self._parameters,  # type: ignore[arg-type]  # libpq's own names
                    autocommit=True,
                ) as connection:
                    with _cut_off_after(self._call_limit_s, connection, asyncio.Event()):
                        await connection.execute(f"LISTEN {NOTIFY_CHANNEL}")
                    if disconnected:
                        log.info("store.back")
                        await self.discard_dead()
                    disconnected = False
                    on_message("")
                    first_attempt_ended.set()
                    async for notification in connection.notifies():
                        on_message(notification.payload)
                raise psycopg.OperationalError("the connection ended")
            except psycopg.Error as exc:
                if not disconnected:
                    log.warning("store.lost %s", one_line(exc))
                disconnected = True
                first_attempt_ended.set()
            await self.pause(_RECONNECT_S)
