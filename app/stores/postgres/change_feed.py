"""Tells the other processes about this one's writes with NOTIFY, and receives theirs.

There are two kinds of notification. "Work" is sent in the transaction that leaves work for a worker. "Changed" names
the shifts that changed, for the boards that other processes serve. Changes are collected for a moment and sent in a
transaction of their own, so that they do not slow the writes down. If a process is killed before it has sent them,
the boards are only updated later: they also read the shifts at intervals.
"""

import asyncio
import logging
import os
from collections.abc import Callable
from contextvars import Context

from app.errors import StoreUnavailable
from app.stores.postgres.connections import NOTIFY_CHANNEL, Connections
from app.stores.postgres.saving import SaveResult
from app.stores.postgres.transaction import Transaction

log = logging.getLogger("shift_fanout.postgres")

_NOTIFY = "SELECT pg_notify(%s, %s)"
_COLLECT_CHANGES_S = 0.2
#: PostgreSQL accepts payloads of less than 8,000 bytes.
_MAX_PAYLOAD_BYTES = 7000
_WORK, _CHANGED, _ANY_CHANGE = "work", "changed", "everything"


class ChangeFeed:
    """Sends and receives the notifications between processes: work for a worker, and changed shifts.

    `has_worker`: this process has a worker. Then work that one worker can do is not announced to other processes.
    """

    def __init__(self, connections: Connections, *, has_worker: bool) -> None:
        self.on_work: Callable[[], None] = lambda: None
        self.on_events: Callable[[], None] = lambda: None
        self.on_change: Callable[[str | None], None] = lambda _: None
        self._connections = connections
        self._has_worker = has_worker
        self._process_id = os.urandom(6).hex()
        self._changed_ids: set[str] = set()
        self._sending_task: asyncio.Task[None] | None = None

    def receive(self, payload: str) -> None:
        """Handle a notification of any process. "" means that notifications may have been missed."""
        if not payload:
            self.on_work()
            self.on_events()
            self.on_change(None)
            return
        sender, _, message = payload.partition("\n")
        if sender == self._process_id:
            return
        what, *shift_ids = message.split("\n")
        if what == _WORK:
            self.on_work()
            self.on_events()
        elif what == _ANY_CHANGE:
            self.on_change(None)
        else:
            for shift_id in shift_ids:
                self.on_change(shift_id)

    async def announce_work(self, saved: SaveResult, transaction: Transaction) -> None:
        """Announce new work to the other processes, in the transaction that wrote it: they get it at the commit."""
        if (saved.work and saved.announce) or ((saved.work or saved.events) and not self._has_worker):
            await transaction.execute(_NOTIFY, (NOTIFY_CHANNEL, f"{self._process_id}\n{_WORK}"))

    def after_commit(self, saved: SaveResult) -> None:
        """Call this process's own listeners, and send the changed shifts to the other processes soon."""
        if saved.work:
            self.on_work()
        if saved.events:
            self.on_events()
        for shift_id in saved.shift_ids:
            self.on_change(shift_id)
        self._changed_ids |= saved.shift_ids
        if self._changed_ids and self._sending_task is None:
            loop = asyncio.get_running_loop()
            self._sending_task = loop.create_task(self._send_changes(), context=Context())

    async def _send_changes(self) -> None:
        """Collect changes for a moment, then send them."""
        await self._connections.pause(_COLLECT_CHANGES_S)
        changed_ids, self._changed_ids, self._sending_task = self._changed_ids, set(), None
        message = "\n".join((self._process_id, _CHANGED, *sorted(changed_ids)))
        if len(message.encode()) > _MAX_PAYLOAD_BYTES:
            message = f"{self._process_id}\n{_ANY_CHANGE}"
        try:
            async with self._connections.connection() as connection:
                await connection.execute(_NOTIFY, (NOTIFY_CHANNEL, message))
        except StoreUnavailable as exc:
            # The other processes have lost the database too. They read all shifts again when it is back.
            log.debug("store.changes_not_sent %s", exc.reason)

    def abandon(self) -> None:
        """Forget the unsent changes. Called when the event loop in which they were to be sent is gone."""
        self._changed_ids, self._sending_task = set(), None

    def close(self) -> None:
        """Stop sending."""
        if self._sending_task is not None:
            self._sending_task.cancel()
            self._sending_task = None
