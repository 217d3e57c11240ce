"""Owns the rows of the live board, and which rows each viewer has not been sent yet. Imports no HTTP code.

A viewer gets all rows when it joins, and changed rows after that. Per viewer the hub keeps two sets of shift ids and
no queue of events. So a browser that stops reading costs a bounded amount of memory.
"""

import asyncio
import logging
from collections.abc import Iterable, Mapping
from contextvars import Context
from datetime import datetime, timedelta

from pydantic_core import to_json

from app.board.reading import read_rows
from app.board.ticker_facts import TickerFacts
from app.domain.records import Channel
from app.errors import StoreUnavailable
from app.ports.clock import Clock
from app.ports.store import Store
from app.runtime.figures import LISTED_SINCE, MOST_LISTED

log = logging.getLogger("shift_fanout.board")

#: The board lists at most this many shifts, the earliest start times first.
MAX_ROWS = MOST_LISTED
#: A shift leaves the board this long after its start.
LOOK_BACK = LISTED_SINCE
#: The shortest time between two reads of the store, and so between two `changes` events.
_MIN_INTERVAL = timedelta(milliseconds=200)
#: The longest time between two reads of the list of shifts. Shifts leave the list as time passes, and a failing
#: store must be noticed even if nothing is written.
_LIST_INTERVAL = timedelta(seconds=15)
#: Every row is read again this often, however many changes are reported: a process that was killed may not have
#: reported its last write.
_REREAD_INTERVAL = timedelta(minutes=1)
#: How long to wait after the store failed.
_RETRY_DELAY = timedelta(seconds=1)
#: A viewer is sent an event at least this often: proxies close connections that stay silent.
_KEEP_ALIVE_INTERVAL = timedelta(seconds=15)


#: A snapshot is sent in pieces of this size. A server buffers about 64 KiB for a client before it makes us wait.
_PIECE_BYTES = 2**14


class Viewer:
    """One open stream. The hub reports changes with `notify`; the stream takes events with `next_event`."""

    def __init__(self, hub: "Hub", clock: Clock) -> None:
        self._hub = hub
        self._clock = clock
        self._wake = asyncio.Event()
        self._notified = False
        self._ended = asyncio.Event()
        #: Shifts whose row changed since the last event. None: no snapshot was sent yet, so all rows are due.
        self._unsent_rows: set[str] | None = None
        #: Shifts that were written to since the last event, whether or not their row changed.
        self._unsent_writes: set[str] = set()
        #: The id of the last fact that was sent. The first event has all that the hub keeps.
        self._sent_fact_id = 0

    def notify(self, changed: Iterable[str], written: Iterable[str]) -> None:
        """Make an event due: the rows of `changed` differ, and the shifts of `written` were written to.

        Both may be empty: the rows were read for the first time, or `Hub.stale_since` has changed.
        """
        if self._unsent_rows is not None:
            self._unsent_rows.update(changed)
            self._unsent_writes.update(written)
        self._notified = True
        self._wake.set()

    def end(self) -> None:
        """End the stream: `next_event` returns None from now on."""
        self._ended.set()
        self._wake.set()

    async def ended(self) -> None:
        """Wait until `end` is called. Sending an event to a client that stopped reading may never return."""
        await self._ended.wait()

    async def next_event(self) -> tuple[bytes, ...] | None:
        """Wait for the next server-sent event, and return it in pieces; None once `end` was called.

        Every event has `now`, the service's time; `stale_since`: since when the store cannot be read, else null; and
        `channel_faults`: the channels whose provider refuses everything, each with the reason.
        `snapshot` is the first event with rows and has all of them. `changes` has the rows that differ, in `gone` the
        ids of shifts that were removed from the board, and in `touched` the ids of shifts that were written to.
        Both have `more`: whether there are later shifts than the board lists; and `facts`, for the ticker: those of
        `ticker_facts.TYPES` since the last event. A snapshot has the last ones: the page knows which of them are new
        to it.
        `time` has no rows; it comes every 15 s while nothing changes, and keeps the connection open.
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
        now = b'"now":%b,"stale_since":%b,"channel_faults":%b' % (
            to_json(self._clock.now()),
            to_json(self._hub.stale_since),
            self._hub.channel_faults,
        )
        if current is None or not self._notified:
            return _event("time", now)
        self._notified = False
        unsent, self._unsent_rows = self._unsent_rows, set()
        touched, self._unsent_writes = to_json(sorted(self._unsent_writes)), set()
        more = to_json(self._hub.has_later)
        if unsent is None:
            sent, gone = self._hub.all_rows(), b"[]"
        else:
            sent = (b",".join(current[shift_id] for shift_id in unsent if shift_id in current),)
            gone = to_json([shift_id for shift_id in unsent if shift_id not in current])
        facts, self._sent_fact_id = (
            self._hub.ticker_facts.json_after(self._sent_fact_id),
            self._hub.ticker_facts.last_id,
        )
        parts = (now, self._hub.common_fields, more, gone, touched, facts)
        fields = b'%b,%b,"more":%b,"gone":%b,"touched":%b,"facts":%b' % parts
        return _event("snapshot" if unsent is None else "changes", fields, sent)


#: No channel has a limit.
NO_RATES: Mapping[Channel, float | None] = dict.fromkeys(Channel)


class Hub:
    """Keeps the rows up to date while there are viewers. Without viewers it keeps and reads nothing."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        *,
        version: str,
        zone_name: str,
        rates: Mapping[Channel, float | None] = NO_RATES,
        organization_id: str | None = None,
    ) -> None:
        """`rates`: messages per second of each channel; None: no limit.

        `organization_id`: the viewers see only what belongs to that one; None: everything.
        """
        #: Part of every event with rows, as JSON without braces: the version of the static files, by which an
        #: older page knows that it should be reloaded; the zone for shifts without a zone of their own; the rates,
        #: by which the page knows when the last queued message will be out.
        self.common_fields = to_json({"version": version, "time_zone": zone_name, "rates": rates})[1:-1]
        self._store = store
        self._clock = clock
        self._organization_id = organization_id
        self._viewers: set[Viewer] = set()
        self._closed = False
        #: Shifts whose row must be read again.
        self._dirty: set[str] = set()
        #: Shifts that were written to since the viewers were last notified.
        self._written: set[str] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[None] | None = None
        self._wake = asyncio.Event()
        #: Shift id to the row as JSON, in the order of start times; None until the first read.
        self.rows: dict[str, bytes] | None = None
        #: The last facts for the ticker.
        self.ticker_facts = TickerFacts(store, organization_id)
        self._notified_fact_id = 0
        #: Whether there are later shifts than the board lists; `more` in the events.
        self.has_later = False
        #: What `all_rows` returns, until the rows change.
        self._all_rows: tuple[bytes, ...] | None = None
        #: While the store cannot be read: the time of the last successful read, or of the first attempt. Else None.
        self.stale_since: datetime | None = None
        #: The JSON of `channel_faults` in the events.
        self.channel_faults = b"[]"
        self._last_read_at: datetime | None = None
        self._reread_at: datetime | None = None
        #: Shift id to the time at which its row changes without a write, None if it never does.
        self._changes_at: dict[str, datetime | None] = {}

    @property
    def viewer_count(self) -> int:
        """How many streams are open in this process."""
        return len(self._viewers)

    def all_rows(self) -> tuple[bytes, ...]:
        """All rows, separated by commas, in pieces. All viewers share the pieces, and each is sent one by one.

        So a viewer that reads slowly takes the memory of a few pieces, and not that of all rows.
        """
        if self._all_rows is None:
            joined = b",".join((self.rows or {}).values())
            self._all_rows = tuple(joined[at : at + _PIECE_BYTES] for at in range(0, len(joined), _PIECE_BYTES))
        return self._all_rows

    def open(self) -> None:
        """Let viewers join. Also reopens the hub after `close`."""
        self._closed = False

    def close(self) -> None:
        """End every stream, because a server that shuts down waits for open responses."""
        self._closed = True
        for viewer in self._viewers:
            viewer.end()

    async def stop(self) -> None:
        """Close the hub, and return once it reads nothing any more: then the store may be closed."""
        self.close()
        task = self._task
        if task is not None and self._loop is asyncio.get_running_loop():
            task.cancel()
            await asyncio.wait({task})
        self._reset()

    def join(self) -> Viewer:
        """Return a new viewer, which the caller must pass to `leave`. While the hub is closed it ends at once."""
        loop = asyncio.get_running_loop()
        if self._loop is not loop:
            # The viewers of an event loop that was closed never called `leave`.
            self._reset()
            self._loop = loop
        viewer = Viewer(self, self._clock)
        self._viewers.add(viewer)
        if self._closed:
            viewer.end()
        elif self._task is None:
            self._wake = asyncio.Event()
            self._task = loop.create_task(self._run(), context=Context())
        elif self.rows is not None or self.stale_since is not None:
            viewer.notify((), ())
        return viewer

    def leave(self, viewer: Viewer) -> None:
        """Remove the viewer. After the last one, stop reading and drop the rows."""
        self._viewers.discard(viewer)
        if not self._viewers:
            if self._task is not None:
                self._task.cancel()
            self._reset()

    def _reset(self) -> None:
        self._viewers.clear()
        self._dirty.clear()
        self._written.clear()
        self._changes_at.clear()
        self._task, self.rows, self.has_later, self._all_rows = None, None, False, None
        self.stale_since = self._last_read_at = self._reread_at = None
        self.channel_faults = b"[]"
        self.ticker_facts.clear()
        self._notified_fact_id = 0

    def on_write(self, shift_id: str | None) -> None:
        """See `Store.on_change`. Runs on every write, of any organization, so it only records the id."""
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
        """Refresh the rows after changes and at intervals, until cancelled. An error of the store does not end it."""
        while True:
            now = self._clock.now()
            if self._reread_at is None or self._reread_at <= now:
                self._dirty |= self._listed_ids()
                self._reread_at = now + _REREAD_INTERVAL
            self._dirty |= {shift_id for shift_id, at in self._changes_at.items() if at is not None and at <= now}
            dirty, self._dirty = self._dirty, set()
            written, self._written = self._written, set()
            try:
                await self._refresh(dirty, written)
            except Exception as exc:
                if isinstance(exc, StoreUnavailable):
                    log.warning("board.paused %s", exc.reason)
                else:
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
                now = self._clock.now()
                until = min((now + _LIST_INTERVAL, *filter(None, self._changes_at.values())))
                await self._wait(until - now, or_until=self._wake)

    def _set_stale_since(self, since: datetime | None) -> None:
        if (since is None) != (self.stale_since is None):
            self.stale_since = since
            for viewer in self._viewers:
                viewer.notify((), ())

    async def _wait(self, length: timedelta, or_until: asyncio.Event | None = None) -> None:
        """Wait for that time, or until `or_until` is set if that is earlier."""
        over = or_until or asyncio.Event()
        timer = self._clock.call_at(self._clock.now() + length, over.set)
        try:
            await over.wait()
        finally:
            timer.cancel()

    async def _refresh(self, dirty: set[str], written: set[str]) -> None:
        """Read the list and the rows that are dirty or new, and notify the viewers of differences."""
        now = self._clock.now()
        listed = await self._store.shift_ids_from(now - LOOK_BACK, MAX_ROWS + 1, self._organization_id)
        listed, has_later = listed[:MAX_ROWS], len(listed) > MAX_ROWS
        before = self.rows or {}
        to_read = [shift_id for shift_id in listed if shift_id in dirty or shift_id not in before]
        found = await read_rows(self._store, to_read, now, self._organization_id)
        read = {shift_id: row.json for shift_id, row in found.items()}
        changes_at = self._changes_at | {shift_id: row.changes_at for shift_id, row in found.items()}
        self._changes_at = {shift_id: changes_at[shift_id] for shift_id in listed if shift_id in changes_at}
        current = {shift_id: row for shift_id in listed if (row := read.get(shift_id) or before.get(shift_id))}
        changed = {shift_id for shift_id, row in read.items() if before.get(shift_id) != row}
        changed |= before.keys() - current.keys()
        # A write can leave the row as it was. The page that shows the shift in detail must reload it all the same.
        written = written & (current.keys() | before.keys())
        faults = await self._read_channel_faults()
        await self.ticker_facts.read()
        before_other = (self.has_later, self.channel_faults, self._notified_fact_id)
        other = (has_later, faults, self.ticker_facts.last_id) != before_other
        if changed or written or other or self.rows is None:
            self.rows, self.has_later, self._all_rows = current, has_later, None
            self.channel_faults, self._notified_fact_id = faults, self.ticker_facts.last_id
            for viewer in self._viewers:
                viewer.notify(changed, written)

    async def _read_channel_faults(self) -> bytes:
        channels = await self._store.channels()
        return to_json([{"channel": one.channel, "fault": one.fault} for one in channels if one.fault is not None])


def _event(name: str, fields: bytes, rows: tuple[bytes, ...] | None = None) -> tuple[bytes, ...]:
    """Format a server-sent event in pieces: `fields`, and `rows` unless the event has none.

    The data needs no escaping, because pydantic writes JSON without line breaks.
    """
    start = b"event: %b\ndata: {%b" % (name.encode(), fields)
    if rows is None:
        return (start + b"}\n\n",)
    return (start + b',"rows":[', *rows, b"]}\n\n")
