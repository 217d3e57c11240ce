"""The connections of one process: a pool, and one connection that listens for notifications.

Driver errors that mean a lost database are translated here, into `NoConnection` and `ConnectionLost`.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import timedelta

import psycopg
from psycopg.conninfo import conninfo_to_dict
from psycopg.rows import TupleRow
from psycopg_pool import AsyncConnectionPool, PoolClosed, PoolTimeout

from app.clock import sleep_until
from app.errors import StartRefused, StoreUnavailable
from app.ports.clock import Clock

log = logging.getLogger("shift_fanout.postgres")
# The driver logs a warning for failed connections and aborted pipelines and raises an exception as well. The
# exception is enough: this module logs it in the words of the service.
logging.getLogger("psycopg").setLevel(logging.ERROR)

#: The largest number of connections of one process, not counting the one that listens.
POOL_SIZE = 8
#: The channel of LISTEN and NOTIFY.
NOTIFY_CHANNEL = "shift_fanout"

#: A call that gets no connection from the pool within this time fails with `NoConnection`.
_POOL_TIMEOUT_S = 2.0
_RECONNECT_S = 0.5
#: - read committed: a statement that runs after the locks are taken must see what was committed before it began.
#: - generic plans, no sequential scans: a statement is planned once per connection, perhaps while its tables are
#:   empty, and every statement here finds its rows by an index.
#: - timeouts: a process that hangs in a transaction must not hold its locks for more than five seconds.
_SERVER_SETTINGS = (
    "-c timezone=UTC -c default_transaction_isolation=read\\ committed"
    " -c jit=off -c plan_cache_mode=force_generic_plan -c enable_seqscan=off"
    " -c statement_timeout=10s -c lock_timeout=5s -c idle_in_transaction_session_timeout=5s"
    # Client and server both notice within seconds when the other host has vanished.
    " -c tcp_keepalives_idle=5 -c tcp_keepalives_interval=2 -c tcp_keepalives_count=3 -c tcp_user_timeout=10000"
)
_DRIVER_SETTINGS: dict[str, str | int] = {
    "application_name": "shift-fanout",
    "connect_timeout": 5,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}


class NoConnection(StoreUnavailable):
    """The pool could not provide a connection in time."""


class ConnectionLost(StoreUnavailable):
    """A connection broke while it was in use. Another one may work."""


def connection_parameters(url: str) -> dict[str, str | int]:
    """The parameters for `psycopg.connect`. Parameters in the URL override ours; its `options` are appended."""
    given = {name: str(value) for name, value in conninfo_to_dict(url).items()}
    return _DRIVER_SETTINGS | given | {"options": f"{_SERVER_SETTINGS} {given.get('options', '')}".strip()}


def connect(url: str) -> psycopg.Connection[tuple[object, ...]]:
    """A single connection, for a command of the command line or the check before the service starts.

    Raises StartRefused if it cannot be made, with one line that contains no part of the URL.
    """
    try:
        settings = connection_parameters(url)
        return psycopg.connect(**settings, autocommit=True)  # type: ignore[arg-type]  # libpq's own names
    except psycopg.Error as exc:
        raise StartRefused(f"FANOUT_DATABASE_URL (value not shown): {one_line(exc)}") from exc


def one_line(error: Exception) -> str:
    """The message of a database error, in one line."""
    return " ".join(str(error).split()) or type(error).__name__


class Connection(psycopg.AsyncConnection[TupleRow]):
    """A connection that remembers its open pipeline, so that `sync_pipeline` can be called anywhere."""

    _open_pipeline: psycopg.AsyncPipeline | None = None

    @asynccontextmanager
    async def pipeline(self) -> AsyncIterator[psycopg.AsyncPipeline]:
        """See `AsyncConnection`."""
        async with super().pipeline() as pipeline:
            self._open_pipeline = pipeline
            try:
                yield pipeline
            finally:
                self._open_pipeline = None

    async def sync_pipeline(self) -> None:
        """Make the results of all statements sent so far available. Outside a pipeline this does nothing.

        It sends a sync and not only a flush. After a flush the server does not count the session as idle, so
        `idle_in_transaction_session_timeout` would not end the transaction of a process that hangs.
        """
        if self._open_pipeline is not None:
            await self._open_pipeline.sync()


class Connections:
    """The pool and the listening connection of one process, in one event loop."""

    def __init__(self, url: str, clock: Clock) -> None:
        self._parameters = connection_parameters(url)
        self._clock = clock
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
    async def connection(self) -> AsyncIterator[Connection]:
        """Borrow a connection from the pool.

        Raises NoConnection if there is none in time, ConnectionLost if it breaks in use, StoreUnavailable after
        `close`. Serialization failures and deadlocks are raised as they are.
        """
        if self._pool is None:
            raise StoreUnavailable("the store is closed")
        try:
            async with self._pool.connection() as connection:
                yield connection
        except (PoolTimeout, PoolClosed) as exc:
            raise NoConnection(f"no database connection within {_POOL_TIMEOUT_S:g} s") from exc
        except (psycopg.errors.SerializationFailure, psycopg.errors.DeadlockDetected):
            raise
        except (psycopg.OperationalError, psycopg.InterfaceError) as exc:
            raise ConnectionLost(f"the connection to the database was lost: {one_line(exc)}") from exc
        except psycopg.InternalError as exc:
            # Class 25, invalid transaction state: the session was idle for too long, or the server is read-only.
            if not (exc.sqlstate or "").startswith("25"):
                raise
            raise ConnectionLost(f"the connection to the database was lost: {one_line(exc)}") from exc

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        """A transaction in a pipeline: statements are sent together until a result is read. Raises as `connection`.

        psycopg's own `transaction()` would wait for the server at BEGIN and at COMMIT.
        """
        async with self.connection() as connection, connection.pipeline():
            await connection.execute("BEGIN")
            yield connection
            await connection.execute("COMMIT")

    async def pause(self, seconds: float) -> None:
        """Wait that long, by the clock of the service."""
        await sleep_until(self._clock, self._clock.now() + timedelta(seconds=seconds))

    async def discard_dead(self) -> None:
        """Discard idle connections that are dead. After a restart of the database all of them are."""
        if self._pool is not None:
            with suppress(PoolTimeout, PoolClosed, psycopg.Error):
                await self._pool.check()

    async def _listen(self, on_message: Callable[[str], None], first_attempt_ended: asyncio.Event) -> None:
        """Pass on notifications for ever, and connect again whenever the connection is lost."""
        disconnected = False
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(
                    **self._parameters,  # type: ignore[arg-type]  # libpq's own names
                    autocommit=True,
                ) as connection:
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
