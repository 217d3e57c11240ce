"""What this process tells the others of its writes, and hears of theirs.

A message says that there is work, or which shifts have changed, for the boards that are watched elsewhere. The
first goes with the transaction that makes the work. The second are gathered for a moment and sent on their own, so
that they cost the writes nothing; one that a killed process did not get to send is made up for by the board's own
reading.
"""

import asyncio
import logging
import os
from collections.abc import Callable

from app.errors import StoreUnavailable
from app.stores.postgres.connections import CHANNEL, Connection, Connections
from app.stores.postgres.saving import Saved

log = logging.getLogger("shift_fanout.postgres")

_NOTIFY = "SELECT pg_notify(%s, %s)"
_GATHER_S = 0.2
#: PostgreSQL takes less than 8,000 bytes.
_LONGEST = 7000
_WORK, _CHANGED, _EVERYTHING = "work", "changed", "everything"


class ChangeFeed:
    """Tells and hears. `has_worker`: work that is small enough for this process's own worker is not told."""

    def __init__(self, connections: Connections, *, has_worker: bool) -> None:
        self.wake: Callable[[], None] = lambda: None
        self.changed: Callable[[str | None], None] = lambda _: None
        self._connections = connections
        self._has_worker = has_worker
        self._me = os.urandom(6).hex()
        self._gathered: set[str] = set()
        self._sending: asyncio.Task[None] | None = None

    def heard(self, payload: str) -> None:
        """Take in what came from a process; "" after a time in which nothing was heard."""
        if not payload:
            self.wake()
            self.changed(None)
            return
        sender, _, said = payload.partition("\n")
        if sender == self._me:
            return
        what, *shift_ids = said.split("\n")
        if what == _WORK:
            self.wake()
        elif what == _EVERYTHING:
            self.changed(None)
        else:
            for shift_id in shift_ids:
                self.changed(shift_id)

    async def tell_of(self, saved: Saved, connection: Connection) -> None:
        """Tell the others of work, as part of the transaction that made it: heard when it is committed."""
        if saved.work and (saved.announce or not self._has_worker):
            await connection.execute(_NOTIFY, (CHANNEL, f"{self._me}\n{_WORK}"))

    def tell_after(self, saved: Saved) -> None:
        """After the commit: of work and changes here at once, of changes elsewhere soon."""
        if saved.work:
            self.wake()
        for shift_id in saved.shift_ids:
            self.changed(shift_id)
        self._gathered |= saved.shift_ids
        if self._gathered and self._sending is None:
            self._sending = asyncio.get_running_loop().create_task(self._send())

    async def _send(self) -> None:
        """Gather for a moment, then send."""
        await self._connections.pause(_GATHER_S)
        gathered, self._gathered, self._sending = self._gathered, set(), None
        said = "\n".join((self._me, _CHANGED, *sorted(gathered)))
        if len(said.encode()) > _LONGEST:
            said = f"{self._me}\n{_EVERYTHING}"
        try:
            async with self._connections.connection() as connection:
                await connection.execute(_NOTIFY, (CHANNEL, said))
        except StoreUnavailable as exc:
            # Whoever listens has lost the database too, and reads everything when it is back.
            log.debug("store.news_lost %s", exc.reason)

    def abandon(self) -> None:
        """Forget what was to be sent: the event loop it was to be sent in is gone."""
        self._gathered, self._sending = set(), None

    def close(self) -> None:
        """Send no more."""
        if self._sending is not None:
            self._sending.cancel()
            self._sending = None
