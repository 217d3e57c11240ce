"""Connections: the pool, what a lost database looks like, and the one connection that listens.

`NoConnection` and `ConnectionLost` are raised here and nowhere else.
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
# What the driver warns of is raised to us as well, and told in our own words: that a pipeline was given up with its
# transaction, that a connection could not be made.
logging.getLogger("psycopg").setLevel(logging.ERROR)

#: Connections of one process, besides the one that listens.
POOL_SIZE = 8
CHANNEL = "shift_fanout"

#: Seconds. A request that finds no connection within it is told to come back.
_POOL_TIMEOUT_S = 2.0
_RECONNECT_S = 0.5
#: What the locks rely on: a statement sees what was committed when it began. Plans are made once for each connection,
#: and all that is asked of the database is a look-up by an index. A process that froze must not keep the others from
#: what it had locked.
_SERVER_SETTINGS = (
    "-c timezone=UTC -c default_transaction_isolation=read\\ committed"
    " -c jit=off -c plan_cache_mode=force_generic_plan -c enable_seqscan=off"
    " -c statement_timeout=10s -c lock_timeout=5s -c idle_in_transaction_session_timeout=5s"
    # A host that vanished is noticed within seconds, by the server as well.
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
    """The pool has no connection to give."""


class ConnectionLost(StoreUnavailable):
    """A connection broke while it was used; another one may work."""


def connection_parameters(url: str) -> dict[str, str | int]:
    """How to connect: the URL's own words go before ours."""
    given = {name: str(value) for name, value in conninfo_to_dict(url).items()}
    return _DRIVER_SETTINGS | given | {"options": f"{_SERVER_SETTINGS} {given.get('options', '')}".strip()}


def connect(url: str) -> psycopg.Connection[tuple[object, ...]]:
    """One connection for a command or for a look at the start. Raises StartRefused, in one line, with no password."""
    try:
        settings = connection_parameters(url)
        return psycopg.connect(**settings, autocommit=True)  # type: ignore[arg-type]  # libpq's own names
    except psycopg.Error as exc:
        raise StartRefused(f"FANOUT_DATABASE_URL (value not shown): {one_line(exc)}") from exc


def one_line(error: Exception) -> str:
    """What the database said, in one line."""
    return " ".join(str(error).split()) or type(error).__name__


class Connection(psycopg.AsyncConnection[TupleRow]):
    """A connection whose pipeline is known to whoever waits for an answer in it."""

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
        """Have the answers to all that was sent.

        With a sync: to a flush alone the server would not see that it waits for us, and could not give up a
        transaction whose process stands still.
        """
        if self._open_pipeline is not None:
            await self._open_pipeline.sync()


class Connections:
    """The pool and the listener of one process, in one event loop."""

    def __init__(self, url: str, clock: Clock) -> None:
        self._parameters = connection_parameters(url)
        self._clock = clock
        self._pool: AsyncConnectionPool[Connection] | None = None
        self._listener: asyncio.Task[None] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    async def open(self, on_message: Callable[[str], None]) -> bool:
        """Be ready in this event loop. `on_message` gets what other processes announce; "" after a time of deafness.

        Returns whether it was not yet.
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
            # A failed attempt is given up soon: the next request makes a new one, without a grown delay.
            reconnect_timeout=1.0,
            name="shift-fanout",
        )
        await self._pool.open()
        first_attempt_ended = asyncio.Event()
        self._listener = loop.create_task(self._listen(on_message, first_attempt_ended))
        await first_attempt_ended.wait()
        return True

    async def close(self) -> None:
        """Let go of all connections."""
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
        """A connection of the pool. Raises StoreUnavailable if there is none, ConnectionLost if it goes meanwhile."""
        if self._pool is None:
            raise StoreUnavailable("the store is closed")
        try:
            async with self._pool.connection() as connection:
                yield connection
        except (PoolTimeout, PoolClosed) as exc:
            raise NoConnection("the database does not answer") from exc
        except (psycopg.errors.SerializationFailure, psycopg.errors.DeadlockDetected):
            raise
        except (psycopg.OperationalError, psycopg.InterfaceError) as exc:
            raise ConnectionLost(f"the database was lost: {one_line(exc)}") from exc
        except psycopg.InternalError as exc:
            # Class 25, invalid transaction state: it stood still for too long, or the server only reads for now.
            if not (exc.sqlstate or "").startswith("25"):
                raise
            raise ConnectionLost(f"the database was lost: {one_line(exc)}") from exc

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        """A transaction in a pipeline: statements travel together until a result is read. Raises as `connection`.

        psycopg's own `transaction()` waits for an answer at its begin and at its end.
        """
        async with self.connection() as connection, connection.pipeline():
            await connection.execute("BEGIN")
            yield connection
            await connection.execute("COMMIT")

    async def pause(self, seconds: float) -> None:
        """Wait that long, by the clock."""
        await sleep_until(self._clock, self._clock.now() + timedelta(seconds=seconds))

    async def discard_dead(self) -> None:
        """Throw away idle connections that are dead: after a restart of the database all of them are."""
        if self._pool is not None:
            with suppress(PoolTimeout, PoolClosed, psycopg.Error):
                await self._pool.check()

    async def _listen(self, on_message: Callable[[str], None], first_attempt_ended: asyncio.Event) -> None:
        """Pass on announcements; whenever the connection is lost, reconnect and sweep once."""
        disconnected = False
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(
                    **self._parameters,  # type: ignore[arg-type]  # libpq's own names
                    autocommit=True,
                ) as connection:
                    await connection.execute(f"LISTEN {CHANNEL}")
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
