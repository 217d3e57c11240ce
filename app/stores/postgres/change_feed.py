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
from app.stores.postgres.saving import SaveResult

log = logging.getLogger("shift_fanout.postgres")

_NOTIFY = "SELECT pg_notify(%s, %s)"
_COLLECT_CHANGES_S = 0.2
#: PostgreSQL takes less than 8,000 bytes.
_MAX_PAYLOAD_BYTES = 7000
_WORK, _CHANGED, _ANY_CHANGE = "work", "changed", "everything"


class ChangeFeed:
    """Tells and hears. `has_worker`: work that is small enough for this process's own worker is not told."""

    def __init__(self, connections: Connections, *, has_worker: bool) -> None:
        self.on_work: Callable[[], None] = lambda: None
        self.on_change: Callable[[str | None], None] = lambda _: None
        self._connections = connections
        self._has_worker = has_worker
        self._process_id = os.urandom(6).hex()
        self._changed_ids: set[str] = set()
        self._sending_task: asyncio.Task[None] | None = None

    def receive(self, payload: str) -> None:
        """Take in what came from a process; "" after a time in which nothing was heard."""
        if not payload:
            self.on_work()
            self.on_change(None)
            return
        sender, _, message = payload.partition("\n")
        if sender == self._process_id:
            return
        what, *shift_ids = message.split("\n")
        if what == _WORK:
            self.on_work()
        elif what == _ANY_CHANGE:
            self.on_change(None)
        else:
            for shift_id in shift_ids:
                self.on_change(shift_id)

    async def announce_work(self, saved: SaveResult, connection: Connection) -> None:
        """Tell the others of work, as part of the transaction that made it: heard when it is committed."""
        if saved.work and (saved.announce or not self._has_worker):
            await connection.execute(_NOTIFY, (CHANNEL, f"{self._process_id}\n{_WORK}"))

    def after_commit(self, saved: SaveResult) -> None:
        """After the commit: of work and changes here at once, of changes elsewhere soon."""
        if saved.work:
            self.on_work()
        for shift_id in saved.shift_ids:
            self.on_change(shift_id)
        self._changed_ids |= saved.shift_ids
        if self._changed_ids and self._sending_task is None:
            self._sending_task = asyncio.get_running_loop().create_task(self._send_changes())

    async def _send_changes(self) -> None:
        """Gather for a moment, then send."""
        await self._connections.pause(_COLLECT_CHANGES_S)
        changed_ids, self._changed_ids, self._sending_task = self._changed_ids, set(), None
        message = "\n".join((self._process_id, _CHANGED, *sorted(changed_ids)))
        if len(message.encode()) > _MAX_PAYLOAD_BYTES:
            message = f"{self._process_id}\n{_ANY_CHANGE}"
        try:
            async with self._connections.connection() as connection:
                await connection.execute(_NOTIFY, (CHANNEL, message))
        except StoreUnavailable as exc:
            # Whoever listens has lost the database too, and reads everything when it is back.
            log.debug("store.news_lost %s", exc.reason)

    def abandon(self) -> None:
        """Forget what was to be sent: the event loop it was to be sent in is gone."""
        self._changed_ids, self._sending_task = set(), None

    def close(self) -> None:
        """Send no more."""
        if self._sending_task is not None:
            self._sending_task.cancel()
            self._sending_task = None
