"""Whether this process can work with the database: it must accept writes, and have the right schema and time."""

import logging
from datetime import datetime, timedelta

import psycopg

from app.clock import SystemClock
from app.errors import StoreUnavailable
from app.ports.clock import Clock
from app.stores.postgres.connections import Connection, Connections
from app.stores.postgres.migrate import schema_fault, schema_mismatch
from app.stores.postgres.schema import PARTS

log = logging.getLogger("shift_fanout.postgres")

_STATE = "SELECT pg_is_in_recovery(), current_setting('transaction_read_only')::boolean, clock_timestamp()"
#: Needs new pages on the disk, and leaves nothing behind.
_USE_SPACE = "CREATE TEMPORARY TABLE free_space ON COMMIT DROP AS SELECT n FROM generate_series(1, 2000) AS n"
#: A difference between the clocks that is worth a line in the log.
_NOTEWORTHY = timedelta(seconds=1)


class Health:
    """Checks the database for one process.

    Leases end by the clock of the database (`queue`), so a host with a wrong clock takes no work from others. But
    texts and calls are due by the clock of the host.
    """

    def __init__(self, connections: Connections, clock: Clock, lease_s: float) -> None:
        """A process whose clock is off by more than half of `lease_s` is not ready."""
        self._connections = connections
        self._clock = clock
        self._most = timedelta(seconds=lease_s / 2)
        self._warned = False

    async def check(self, connection: Connection) -> None:
        """Raises StoreUnavailable with the reason if the process cannot do its work."""
        asked_at = self._clock.now()
        # Not prepared: these look at the catalogs, whose plans need not last.
        row = await (await connection.execute(_STATE, prepare=False)).fetchone()
        if row is None:
            raise AssertionError("a SELECT without FROM has one row")
        standby, only_reads, database_now = row
        answered_at = self._clock.now()
        if standby:
            raise StoreUnavailable("the database is a standby, which accepts no writes")
        if only_reads:
            raise StoreUnavailable("the database accepts no writes")
        try:
            fault = schema_fault(await (await connection.execute(PARTS, prepare=False)).fetchall())
        except psycopg.errors.UndefinedTable:
            fault = schema_mismatch(0, 0)
        if fault is not None:
            raise StoreUnavailable(fault)
        if self._connections.disk_was_full:
            await connection.execute(_USE_SPACE, prepare=False)
            self._connections.disk_was_full = False
        # Simulated time has nothing to do with the time of the database.
        if isinstance(self._clock, SystemClock):
            self.compare_clocks(asked_at, database_now, answered_at)

    def compare_clocks(self, asked_at: datetime, database_now: datetime, answered_at: datetime) -> None:
        """Warn once if the clocks of host and database differ. Raises StoreUnavailable if they differ too much.

        The time of the database was read at some moment between `asked_at` and `answered_at`.
        """
        ahead = max(asked_at - database_now, timedelta(0)) or min(answered_at - database_now, timedelta(0))
        difference = abs(ahead)
        difference_in_words = (
            f"the clock of this host is {difference.total_seconds():.1f} s "
            f"{'ahead of' if ahead > timedelta(0) else 'behind'} the clock of the database"
        )
        if difference > _NOTEWORTHY and not self._warned:
            log.warning("clock.differs %s: run NTP on both", difference_in_words)
        self._warned = difference > _NOTEWORTHY
        if difference > self._most:
            raise StoreUnavailable(difference_in_words)
