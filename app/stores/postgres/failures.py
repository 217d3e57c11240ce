"""What a failure of the database means for a caller. The driver's own words go to the log and to nobody else.

They name files, tables and statements of the database, which are of no use to a caller.
"""

import logging
from datetime import datetime, timedelta

import psycopg
from psycopg import errors

from app.errors import StoreUnavailable
from app.ports.clock import Clock

log = logging.getLogger("shift_fanout.postgres")

#: The reason of a failure that is mostly a wait for locks.
TOO_LONG = "the database took too long"
#: A failure with the same reason is logged again after this time.
_LOG_AGAIN = timedelta(minutes=1)


class NoConnection(StoreUnavailable):
    """The pool could not provide a connection in time."""


class NoAnswer(StoreUnavailable):
    """The database did not answer in time. Another call would wait as long."""


class ConnectionLost(StoreUnavailable):
    """A connection broke while it was in use. Another one may work."""


class CommitUnknown(StoreUnavailable):
    """A connection broke after COMMIT was sent. The transaction may have been carried out: never repeat it unseen."""


class DiskFull(StoreUnavailable):
    """The database could not write for want of space. Reads still work."""


def one_line(error: Exception) -> str:
    """The message of a database error, in one line."""
    return " ".join(str(error).split()) or type(error).__name__


def failure_of(error: psycopg.Error) -> StoreUnavailable | None:
    """What the error means; None if it is no outage: a conflict, or a fault of a statement."""
    match error:
        case errors.SerializationFailure() | errors.DeadlockDetected():
            return None
        case errors.DiskFull():
            return DiskFull("the database has no space left on its disk")
        case errors.ReadOnlySqlTransaction():
            return StoreUnavailable("the database accepts no writes")
        # The database answers. Both are mostly waits for locks, also the limit of a statement, which takes several
        # locks one after the other. Commands that need other locks do not fail for it, so this is not `NoAnswer`.
        case errors.QueryCanceled() | errors.LockNotAvailable():
            return StoreUnavailable(TOO_LONG)
        # Class 53, insufficient resources.
        case psycopg.OperationalError(sqlstate=str(state)) if state.startswith("53"):
            return StoreUnavailable("the database is out of memory or connections")
        case psycopg.OperationalError() | psycopg.InterfaceError():
            return ConnectionLost("the connection to the database was lost")
        # Class 25, invalid transaction state: the session was idle for too long.
        case psycopg.InternalError(sqlstate=str(state)) if state.startswith("25"):
            return ConnectionLost("the connection to the database was lost")
        case _:
            return None


class FailureLog:
    """Logs each reason at most once a minute."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._logged_at: dict[str, datetime] = {}

    def write(self, failure: StoreUnavailable, detail: str = "") -> None:
        """Log the failure. `detail`: the driver's own words."""
        now, last = self._clock.now(), self._logged_at.get(failure.reason)
        if last is None or not timedelta(0) <= now - last < _LOG_AGAIN:
            self._logged_at[failure.reason] = now
            log.warning("store.unavailable %s%s", failure.reason, f": {detail}" if detail else "")
