"""The live board: what its viewers see, and when they are told. No HTML, no HTTP.

Viewers get the whole page when they join and changed rows after that. What a viewer has not read yet is two sets
of shift ids, so one that does not read costs no more than that, however long it sleeps.
"""

import asyncio
import logging
from collections.abc import Iterable
from datetime import datetime, timedelta

from pydantic_core import to_json

from app.board import rows
from app.ports.clock import Clock
from app.ports.store import Store

log = logging.getLogger("shift_fanout.board")

#: The first so many shifts by start time are on the page.
MAX_ROWS = 500
#: A shift leaves the page this long after its start.
_LOOK_BACK = timedelta(days=1)
#: The store is read at most this often, and rows are sent at most this often.
_MIN_INTERVAL = timedelta(milliseconds=200)
#: So often it is looked which shifts are on the page, which they leave as time goes by, and whether the store
#: still answers.
_LIST_INTERVAL = timedelta(seconds=15)
#: So often every row is read again, also while there are changes: a process that was killed may not have told of
#: its last one.
_REREAD_INTERVAL = timedelta(minutes=1)
#: After a fault of the store it is left alone this long.
_RETRY_DELAY = timedelta(seconds=1)
#: A viewer hears something at least this often; proxies close connections that are silent for long.
_KEEP_ALIVE_INTERVAL = timedelta(seconds=15)
#: Rows read and rendered before other requests get their turn.
_ROWS_PER_BATCH = 100


class Viewer:
    """One reader of the board. `next_event` gives what it has not seen, as server-sent events."""

    def __init__(self, hub: "Hub", clock: Clock) -> None:
        self._hub = hub
        self._clock = clock
        self._wake = asyncio.Event()
        self._notified = False
        self._ended = asyncio.Event()
        #: Shifts to send; None: the whole page.
        self._unsent_rows: set[str] | None = None
        self._unsent_writes: set[str] = set()

    def notify(self, changed: Iterable[str], written: Iterable[str]) -> None:
        """The rows of these shifts differ, and something of those was written.

        Also called, perhaps without any, when the page can be read.
        """
        if self._unsent_rows is not None:
            self._unsent_rows.update(changed)
            self._unsent_writes.update(written)
        self._notified = True
        self._wake.set()

    def end(self) -> None:
        """No further event."""
        self._ended.set()
        self._wake.set()

    async def ended(self) -> None:
        """Wait for the end, also while an event is on its way."""
        await self._ended.wait()

    async def next_event(self) -> bytes | None:
        """Wait for the next event; None when there will be no more.

        `snapshot` has the whole page, `changes` the rows that differ, the ids that are gone and those of which
        anything was written, `time` nothing of it: it keeps the connection open. Each has the service's time, and
        since when the store cannot be read, if it cannot.
        """
        timer = self._clock.call_at(self._clock.now() + _KEEP_ALIVE_INTERVAL, self._wake.set)
        try:
            await self._wake.wait()
        finally:
            timer.cancel()
        self._wake.clear()
        if self._ended.is_set():
            return None
        current = self._hub.rows
        now = b'%b,"stale_since":%b' % (to_json(self._clock.now()), to_json(self._hub.stale_since))
        if current is None or not self._notified:
            return _event("time", b'{"now":%b}' % now)
        self._notified = False
        unsent, self._unsent_rows = self._unsent_rows, set()
        written, self._unsent_writes = to_json(sorted(self._unsent_writes)), set()
        if unsent is None:
            sent, removed = list(current.values()), b"[]"
        else:
            sent = [current[shift_id] for shift_id in unsent if shift_id in current]
            removed = to_json([shift_id for shift_id in unsent if shift_id not in current])
        parts = (now, self._hub.common_fields, to_json(self._hub.has_later), removed, written, b",".join(sent))
        data = b'{"now":%b,%b,"more":%b,"gone":%b,"touched":%b,"rows":[%b]}' % parts
        return _event("snapshot" if unsent is None else "changes", data)


class Hub:
    """Keeps the page up to date while somebody watches, and does nothing while nobody does."""

    def __init__(self, store: Store, clock: Clock, *, version: str, zone_name: str) -> None:
        #: Said in every event: the version of the page that shows the board (an older one should be loaded
        #: anew), and the zone in which it shows the times of a shift that names none.
        self.common_fields = to_json({"version": version, "time_zone": zone_name})[1:-1]
        self._store = store
        self._clock = clock
        self._viewers: set[Viewer] = set()
        self._closed = False
        #: To read again, and to tell of.
        self._dirty: set[str] = set()
        self._written: set[str] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[None] | None = None
        self._wake = asyncio.Event()
        #: The rows on the page, in JSON, by shift; None until they were read.
        self.rows: dict[str, bytes] | None = None
        #: Whether there are later shifts that are not on the page.
        self.has_later = False
        #: When what is on the page was last known to be so, while the store cannot be read; None: it can.
        self.stale_since: datetime | None = None
        self._last_read_at: datetime | None = None
        self._reread_at: datetime | None = None
        store.on_change(self._on_write)

    def open(self) -> None:
        """Let viewers join, again after a `close`."""
        self._closed = False

    def close(self) -> None:
        """End every viewer's stream: a server that stops waits for them."""
        self._closed = True
        for viewer in self._viewers:
            viewer.end()

    def join(self) -> Viewer:
        """A new viewer, who must `leave`. One who joins while the board is closed is ended at once."""
        loop = asyncio.get_running_loop()
        if self._loop is not loop:
            # Those of an event loop that is gone never left.
            self._reset()
            self._loop = loop
        viewer = Viewer(self, self._clock)
        self._viewers.add(viewer)
        if self._closed:
            viewer.end()
        elif self._task is None:
            self._wake = asyncio.Event()
            self._task = loop.create_task(self._run())
        elif self.rows is not None or self.stale_since is not None:
            viewer.notify((), ())
        return viewer

    def leave(self, viewer: Viewer) -> None:
        """Forget the viewer; with the last one goes everything that was kept for them."""
        self._viewers.discard(viewer)
        if not self._viewers:
            if self._task is not None:
                self._task.cancel()
            self._reset()

    def _reset(self) -> None:
        self._viewers.clear()
        self._dirty.clear()
        self._written.clear()
        self._task, self.rows, self.has_later = None, None, False
        self.stale_since = self._last_read_at = self._reread_at = None

    def _on_write(self, shift_id: str | None) -> None:
        """A write concerned that shift (None: any). On the way of every write, so it only takes a note."""
        if self._task is None:
            return
        if self._loop is None or self._loop.is_closed():
            self._reset()
            return
        concerned = {shift_id} if shift_id is not None else self._listed_ids()
        self._dirty |= concerned
        self._written |= concerned
        self._wake.set()

    def _listed_ids(self) -> set[str]:
        return set(self.rows or ())

    async def _run(self) -> None:
        """Read what has changed, then rest; until cancelled. No fault of the store ends it."""
        while True:
            now = self._clock.now()
            if self._reread_at is None or self._reread_at <= now:
                self._dirty |= self._listed_ids()
                self._reread_at = now + _REREAD_INTERVAL
            dirty, self._dirty = self._dirty, set()
            written, self._written = self._written, set()
            try:
                await self._refresh(dirty, written)
            except Exception:
                log.exception("board.fault")
                self._dirty |= dirty
                self._written |= written
                self._set_stale_since(self._last_read_at or now)
                await self._wait(_RETRY_DELAY)
                continue
            self._last_read_at = now
            self._set_stale_since(None)
            await self._wait(_MIN_INTERVAL)
            if not self._dirty:
                self._wake.clear()
                await self._wait(_LIST_INTERVAL, unless=self._wake)

    def _set_stale_since(self, since: datetime | None) -> None:
        if (since is None) != (self.stale_since is None):
            self.stale_since = since
            for viewer in self._viewers:
                viewer.notify((), ())

    async def _wait(self, length: timedelta, unless: asyncio.Event | None = None) -> None:
        """Wait that long; less if the event comes first."""
        over = unless or asyncio.Event()
        timer = self._clock.call_at(self._clock.now() + length, over.set)
        try:
            await over.wait()
        finally:
            timer.cancel()

    async def _refresh(self, dirty: set[str], written: set[str]) -> None:
        """Bring the page up to date and tell the viewers."""
        listed = await self._store.shifts_from(self._clock.now() - _LOOK_BACK, MAX_ROWS + 1)
        listed, has_later = listed[:MAX_ROWS], len(listed) > MAX_ROWS
        before = self.rows or {}
        to_read = [shift_id for shift_id in listed if shift_id in dirty or shift_id not in before]
        read: dict[str, bytes] = {}
        for first in range(0, len(to_read), _ROWS_PER_BATCH):
            read |= await self._read_rows(to_read[first : first + _ROWS_PER_BATCH])
            await asyncio.sleep(0)
        current = {shift_id: row for shift_id in listed if (row := read.get(shift_id) or before.get(shift_id))}
        changed = {shift_id for shift_id, row in read.items() if before.get(shift_id) != row}
        changed |= before.keys() - current.keys()
        # A row is less than the whole shift: somebody who has opened it wants to know of every write.
        written = written & (current.keys() | before.keys())
        if changed or written or has_later != self.has_later or self.rows is None:
            self.rows, self.has_later = current, has_later
            for viewer in self._viewers:
                viewer.notify(changed, written)

    async def _read_rows(self, shift_ids: list[str]) -> dict[str, bytes]:
        overviews = await self._store.overviews(shift_ids)
        holders = {one.assignment.caregiver_id for one in overviews if one.assignment is not None}
        names = {one.id: one.name for one in await self._store.caregivers_named(holders)} if holders else {}
        return {one.shift.id: to_json(rows.row(one, names)) for one in overviews}


def _event(name: str, data: bytes) -> bytes:
    """One server-sent event; JSON as pydantic writes it has no line break."""
    return b"event: %b\ndata: %b\n\n" % (name.encode(), data)
