"""The store in memory: the brief's key/value databases behind the `Store` contract, with their queue.

For one process and one event loop. A transition is a plain function call with no await inside, so transitions
come one after the other without a lock. Never imports the core or another store.
"""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from heapq import heappop, heappush
from itertools import count
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from app.domain.commands import Command
from app.domain.decisions import Delivery, Write, concerned
from app.domain.records import Assignment, Caregiver, Channel, Contact, ContactStatus, Fanout, Notice, Shift
from app.domain.reports import FanoutReport, Overview
from app.ports.store import Admit, Leased, Step, Store
from app.stores.memory.outbox import ContactName, EntryName, NoticeName, Outbox
from app.stores.memory.tables import FanoutBook, Tables
from app.stores.rate_limit import RateLimiter

ResultT = TypeVar("ResultT")


class _Due(NamedTuple):
    """A fanout, and the `due_at` for which it waits in the queue."""

    shift_id: str
    generation: int
    due_at: datetime


#: Queue entries looked at in one call of `lease`: a closed fanout's thousands must not hold up the loop.
_LOOK_AT = 200


class MemoryStore:
    """Implements `Store`."""

    def __init__(
        self, retention_s: float = 604_800.0, rates: Mapping[Channel, float | None] = MappingProxyType({})
    ) -> None:
        """`retention_s`: how long stored answers are kept, at least. `rates`: messages per second; None: no limit."""
        self._tables = Tables(retention_s)
        self._outbox = Outbox()
        self._paces = {channel: RateLimiter(rates.get(channel)) for channel in Channel}
        #: Which message is leased until when; those leased last stand last.
        self._leases: dict[EntryName, datetime] = {}
        self._due: list[tuple[datetime, int, _Due]] = []
        self._numbers = count()
        self._wake: Callable[[], None] = lambda: None
        self._changed: Callable[[str | None], None] = lambda _: None

    async def open(self) -> None:
        """See `Store`. Nothing is held open."""

    async def aclose(self) -> None:
        """See `Store`."""

    async def check(self) -> None:
        """See `Store`. Memory is always there."""

    async def transition(self, command: Command, step: Step[ResultT]) -> ResultT:
        """See `Store`."""
        decision = step(self._tables, command)
        self._write(decision.writes)
        return decision.result

    def _write(self, writes: tuple[Write, ...]) -> None:
        self._tables.check(writes)
        work = False
        for write in writes:
            if isinstance(write, Fanout):
                work |= self._schedule(write)
            self._tables.put(write)
            if isinstance(write, Contact | Notice):
                name = _name_of(write)
                self._leases.pop(name, None)
                if write.status is ContactStatus.QUEUED:
                    self._outbox.add(name, write.due_at)
                    work = True
        if work:
            self._wake()
        for shift_id in concerned(writes):
            self._changed(shift_id)

    def _schedule(self, fanout: Fanout) -> bool:
        """Queue the fanout for its `due_at`, unless it waits for just that already."""
        before = self._tables.fanout(fanout.shift_id)
        if fanout.due_at is None or (before is not None and _waits_for(before) == _waits_for(fanout)):
            return False
        self._queue(fanout.due_at, _Due(fanout.shift_id, fanout.generation, fanout.due_at))
        return True

    def _queue(self, at: datetime, due: _Due) -> None:
        heappush(self._due, (at, next(self._numbers), due))

    async def lease(self, now: datetime, until: datetime, total: int, admit: Admit) -> Leased:
        """See `Store`."""
        self._outbox.move_due_retries(now)
        left = {channel: pace.allowance(now) for channel, pace in self._paces.items()}
        deliveries: list[Delivery] = []
        for _ in range(_LOOK_AT):
            allowed = [channel for channel in Channel if left[channel] > 0 and len(deliveries) < total]
            popped = self._outbox.pop(allowed)
            if popped is None:
                more = False
                break
            entry = self._entry(popped.name)
            if entry is None or entry.status is not ContactStatus.QUEUED:
                continue
            if entry.due_at is not None and entry.due_at > now:
                continue
            decision = admit(self._tables, entry)
            self._write(decision.writes)
            if decision.result is not None:
                channel = decision.result.message.channel
                left[channel] -= 1
                self._paces[channel].spend(now)
                self._outbox.handed_over(popped)
                self._leases[popped.name] = until
                deliveries.append(decision.result)
        else:
            more = True
        held_back = [self._paces[channel].next_at for channel, allowed in left.items() if allowed <= 0]
        return Leased(deliveries, more, min(held_back, default=None))

    async def renew(self, entries: Collection[Contact | Notice], until: datetime) -> None:
        """See `Store`."""
        for name in map(_name_of, entries):
            if self._leases.pop(name, None) is not None:
                self._leases[name] = until

    async def expired(self, now: datetime, until: datetime, limit: int) -> list[Contact | Notice]:
        """See `Store`."""
        found: list[Contact | Notice] = []
        while self._leases and len(found) < limit:
            name, ends_at = next(iter(self._leases.items()))
            if ends_at > now:
                break
            del self._leases[name]
            entry = self._entry(name)
            if entry is not None and entry.status is ContactStatus.SENDING:
                self._leases[name] = until
                found.append(entry)
        return found

    def _entry(self, name: EntryName) -> Contact | Notice | None:
        if isinstance(name, NoticeName):
            return self._tables.notice(name.id)
        return self._tables.contact(*name)

    async def due_fanouts(self, now: datetime, until: datetime, limit: int) -> list[Fanout]:
        """See `Store`."""
        found: list[Fanout] = []
        while self._due and self._due[0][0] <= now and len(found) < limit:
            _, _, due = heappop(self._due)
            fanout = self._still_due(due)
            if fanout is not None:
                self._queue(until, due)
                found.append(fanout)
        return found

    def _still_due(self, due: _Due) -> Fanout | None:
        fanout = self._tables.fanout(due.shift_id)
        if fanout is None or (fanout.generation, fanout.due_at) != (due.generation, due.due_at):
            return None
        return fanout

    async def next_due(self) -> datetime | None:
        """See `Store`."""
        while self._due and self._still_due(self._due[0][2]) is None:
            heappop(self._due)
        times = [
            self._due[0][0] if self._due else None,
            self._outbox.next_due(),
            next(iter(self._leases.values()), None),
        ]
        return min((time for time in times if time is not None), default=None)

    def on_work(self, wake: Callable[[], None]) -> None:
        """See `Store`."""
        self._wake = wake

    async def caregiver(self, caregiver_id: str) -> tuple[Caregiver, bool] | None:
        """See `Store`."""
        caregiver = self._tables.caregiver(caregiver_id)
        return (caregiver, self._tables.opted_out(caregiver.phone)) if caregiver else None

    async def caregivers(self, after: str, limit: int) -> list[tuple[Caregiver, bool]]:
        """See `Store`."""
        found = self._tables.caregivers.find("all", True, after=after, limit=limit)
        return [(caregiver, self._tables.opted_out(caregiver.phone)) for caregiver in found]

    async def shift(self, shift_id: str) -> tuple[Shift, Assignment | None] | None:
        """See `Store`."""
        row = self._tables.shifts.get(shift_id)
        return (row.shift, row.assignment) if row else None

    async def shifts(self, after: str, limit: int, *, claimed: bool | None) -> list[tuple[Shift, Assignment | None]]:
        """See `Store`."""
        if claimed is None:
            rows = self._tables.shifts.find("all", True, after=after, limit=limit)
        else:
            rows = self._tables.shifts.find("claimed", claimed, after=after, limit=limit)
        return [(row.shift, row.assignment) for row in rows]

    async def report(self, shift_id: str, *, full: bool) -> FanoutReport | None:
        """See `Store`."""
        fanout = self._tables.fanout(shift_id)
        if fanout is None:
            return None
        book = self._tables.books.get(shift_id) or FanoutBook(fanout.generation)
        counts = _counts(fanout, book)
        assignment = self._tables.assignment(shift_id)
        if not full:
            return FanoutReport(fanout=fanout, assignment=assignment, counts=counts)
        contacts = (contact for channel in Channel for contact in book.contacts.get(channel, ()))
        return FanoutReport(
            fanout=fanout,
            assignment=assignment,
            counts=counts,
            contacts=tuple(contacts),
            responses=tuple(book.responses.values()),
            excluded=tuple(book.excluded.values()),
        )

    def on_change(self, changed: Callable[[str | None], None]) -> None:
        """See `Store`."""
        self._changed = changed

    async def shifts_from(self, start: datetime, limit: int) -> list[str]:
        """See `Store`."""
        # No id is empty, so this key is below every shift's that starts then.
        return self._tables.starts.find("all", True, after=(start, ""), limit=limit)

    async def overviews(self, shift_ids: Collection[str]) -> list[Overview]:
        """See `Store`."""
        return [found for shift_id in shift_ids if (found := self._overview(shift_id)) is not None]

    def _overview(self, shift_id: str) -> Overview | None:
        row, fanout = self._tables.shifts.get(shift_id), self._tables.fanout(shift_id)
        if row is None or fanout is None:
            return Overview(shift=row.shift, assignment=row.assignment) if row else None
        book = self._tables.books.get(shift_id) or FanoutBook(fanout.generation)
        report = FanoutReport(
            fanout=fanout,
            assignment=row.assignment,
            counts=_counts(fanout, book),
            responses=tuple(book.responses.values()),
        )
        return Overview(shift=row.shift, assignment=row.assignment, report=report, asked=book.asked)

    async def caregivers_named(self, caregiver_ids: Collection[str]) -> list[Caregiver]:
        """See `Store`."""
        return [found for id_ in caregiver_ids if (found := self._tables.caregiver(id_)) is not None]


def _counts(fanout: Fanout, book: FanoutBook) -> dict[ContactStatus, int]:
    """The contacts by status; what is queued when the fanout closes is skipped when its turn comes."""
    counts = {status: book.counts.get(status, 0) for status in ContactStatus}
    if not fanout.claimable:
        counts[ContactStatus.SKIPPED] += counts[ContactStatus.QUEUED]
        counts[ContactStatus.QUEUED] = 0
    return counts


def _waits_for(fanout: Fanout) -> tuple[object, ...]:
    """What the fanout is due for; it falls due anew when this changes."""
    return fanout.generation, fanout.due_at, fanout.late_first, fanout.planned_up_to


def _name_of(entry: Contact | Notice) -> EntryName:
    if isinstance(entry, Notice):
        return NoticeName(entry.id)
    return ContactName(entry.shift_id, entry.generation, entry.channel, entry.caregiver_id)


if TYPE_CHECKING:
    _: Store = MemoryStore()
