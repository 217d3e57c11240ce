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
PAGE = 500
#: A shift leaves the page this long after its start.
_LOOK_BACK = timedelta(days=1)
#: The store is read at most this often, and rows are sent at most this often.
_PACE = timedelta(milliseconds=200)
#: So often it is looked which shifts are on the page, which they leave as time goes by, and whether the store
#: still answers.
_LOOK = timedelta(seconds=15)
#: So often every row is read again, also while there are changes: a process that was killed may not have told of
#: its last one.
_REREAD = timedelta(minutes=1)
#: After a fault of the store it is left alone this long.
_AFTER_A_FAULT = timedelta(seconds=1)
#: A viewer hears something at least this often; proxies close connections that are silent for long.
_KEEP_ALIVE = timedelta(seconds=15)
#: Rows read and rendered before other requests get their turn.
_ROWS_A_TURN = 100


class Viewer:
    """One reader of the board. `frame` gives what it has not seen, as server-sent events."""

    def __init__(self, hub: "Hub", clock: Clock) -> None:
        self._hub = hub
        self._clock = clock
        self._news = asyncio.Event()
        self._told = False
        self._over = asyncio.Event()
        #: Shifts to send; None: the whole page.
        self._unseen: set[str] | None = None
        self._touched: set[str] = set()

    def tell(self, changed: Iterable[str], touched: Iterable[str]) -> None:
        """The rows of these shifts differ, and something of those was written.

        Also called, perhaps without any, when the page can be read.
        """
        if self._unseen is not None:
            self._unseen.update(changed)
            self._touched.update(touched)
        self._told = True
        self._news.set()

    def end(self) -> None:
        """No further frame."""
        self._over.set()
        self._news.set()

    async def ended(self) -> None:
        """Wait for the end, also while a frame is on its way."""
        await self._over.wait()

    async def frame(self) -> bytes | None:
        """Wait for the next event; None when there will be no more.

        `snapshot` has the whole page, `changes` the rows that differ, the ids that are gone and those of which
        anything was written, `time` nothing of it: it keeps the connection open. Each has the service's time, and
        since when the store cannot be read, if it cannot.
        """
        timer = self._clock.call_at(self._clock.now() + _KEEP_ALIVE, self._news.set)
        try:
            await self._news.wait()
        finally:
            timer.cancel()
        self._news.clear()
        if self._over.is_set():
            return None
        page = self._hub.page
        now = b'%b,"stale_since":%b' % (to_json(self._clock.now()), to_json(self._hub.stale_since))
        if page is None or not self._told:
            return _event("time", b'{"now":%b}' % now)
        self._told = False
        unseen, self._unseen = self._unseen, set()
        touched, self._touched = to_json(sorted(self._touched)), set()
        more = to_json(self._hub.more)
        if unseen is None:
            rows, gone = list(page.values()), b"[]"
        else:
            rows = [page[shift_id] for shift_id in unseen if shift_id in page]
            gone = to_json([shift_id for shift_id in unseen if shift_id not in page])
        parts = (now, self._hub.about, more, gone, touched, b",".join(rows))
        data = b'{"now":%b,%b,"more":%b,"gone":%b,"touched":%b,"rows":[%b]}' % parts
        return _event("snapshot" if unseen is None else "changes", data)


class Hub:
    """Keeps the page up to date while somebody watches, and does nothing while nobody does."""

    def __init__(self, store: Store, clock: Clock, *, version: str, zone_name: str) -> None:
        #: Said in every event: the version of the page that shows the board (an older one should be loaded
        #: anew), and the zone in which it shows the times of a shift that names none.
        self.about = to_json({"version": version, "time_zone": zone_name})[1:-1]
        self._store = store
        self._clock = clock
        self._viewers: set[Viewer] = set()
        self._closed = False
        #: To read again, and to tell of.
        self._dirty: set[str] = set()
        self._touched: set[str] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[None] | None = None
        self._wake = asyncio.Event()
        #: The rows on the page, in JSON, by shift; None until they were read.
        self.page: dict[str, bytes] | None = None
        #: Whether there are later shifts that are not on the page.
        self.more = False
        #: When what is on the page was last known to be so, while the store cannot be read; None: it can.
        self.stale_since: datetime | None = None
        self._read_at: datetime | None = None
        self._all_at: datetime | None = None
        store.on_change(self._changed)

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
            self._drop()
            self._loop = loop
        viewer = Viewer(self, self._clock)
        self._viewers.add(viewer)
        if self._closed:
            viewer.end()
        elif self._task is None:
            self._wake = asyncio.Event()
            self._task = loop.create_task(self._run())
        elif self.page is not None or self.stale_since is not None:
            viewer.tell((), ())
        return viewer

    def leave(self, viewer: Viewer) -> None:
        """Forget the viewer; with the last one goes everything that was kept for them."""
        self._viewers.discard(viewer)
        if not self._viewers:
            if self._task is not None:
                self._task.cancel()
            self._drop()

    def _drop(self) -> None:
        self._viewers.clear()
        self._dirty.clear()
        self._touched.clear()
        self._task, self.page, self.more = None, None, False
        self.stale_since = self._read_at = self._all_at = None

    def _changed(self, shift_id: str | None) -> None:
        """A write concerned that shift (None: any). On the way of every write, so it only takes a note."""
        if self._task is None:
            return
        if self._loop is None or self._loop.is_closed():
            self._drop()
            return
        concerned = {shift_id} if shift_id is not None else self._all()
        self._dirty |= concerned
        self._touched |= concerned
        self._wake.set()

    def _all(self) -> set[str]:
        return set(self.page or ())

    async def _run(self) -> None:
        """Read what has changed, then rest; until cancelled. No fault of the store ends it."""
        while True:
            now = self._clock.now()
            if self._all_at is None or self._all_at <= now:
                self._dirty |= self._all()
                self._all_at = now + _REREAD
            dirty, self._dirty = self._dirty, set()
            touched, self._touched = self._touched, set()
            try:
                await self._read(dirty, touched)
            except Exception:
                log.exception("board.fault")
                self._dirty |= dirty
                self._touched |= touched
                self._stale(self._read_at or now)
                await self._rest(_AFTER_A_FAULT)
                continue
            self._read_at = now
            self._stale(None)
            await self._rest(_PACE)
            if not self._dirty:
                self._wake.clear()
                await self._rest(_LOOK, unless=self._wake)

    def _stale(self, since: datetime | None) -> None:
        if (since is None) != (self.stale_since is None):
            self.stale_since = since
            for viewer in self._viewers:
                viewer.tell((), ())

    async def _rest(self, length: timedelta, unless: asyncio.Event | None = None) -> None:
        """Wait that long; less if the event comes first."""
        rested = unless or asyncio.Event()
        timer = self._clock.call_at(self._clock.now() + length, rested.set)
        try:
            await rested.wait()
        finally:
            timer.cancel()

    async def _read(self, dirty: set[str], touched: set[str]) -> None:
        """Bring the page up to date and tell the viewers."""
        listed = await self._store.shifts_from(self._clock.now() - _LOOK_BACK, PAGE + 1)
        listed, more = listed[:PAGE], len(listed) > PAGE
        before = self.page or {}
        wanted = [shift_id for shift_id in listed if shift_id in dirty or shift_id not in before]
        read: dict[str, bytes] = {}
        for first in range(0, len(wanted), _ROWS_A_TURN):
            read |= await self._rows(wanted[first : first + _ROWS_A_TURN])
            await asyncio.sleep(0)
        page = {shift_id: row for shift_id in listed if (row := read.get(shift_id) or before.get(shift_id))}
        changed = {shift_id for shift_id, row in read.items() if before.get(shift_id) != row}
        changed |= before.keys() - page.keys()
        # A row is less than the whole shift: somebody who has opened it wants to know of every write.
        touched = touched & (page.keys() | before.keys())
        if changed or touched or more != self.more or self.page is None:
            self.page, self.more = page, more
            for viewer in self._viewers:
                viewer.tell(changed, touched)

    async def _rows(self, shift_ids: list[str]) -> dict[str, bytes]:
        overviews = await self._store.overviews(shift_ids)
        holders = {one.assignment.caregiver_id for one in overviews if one.assignment is not None}
        named = {one.id: one.name for one in await self._store.caregivers_named(holders)} if holders else {}
        return {one.shift.id: to_json(rows.row(one, named)) for one in overviews}


def _event(name: str, data: bytes) -> bytes:
    """One server-sent event; JSON as pydantic writes it has no line break."""
    return b"event: %b\ndata: %b\n\n" % (name.encode(), data)
