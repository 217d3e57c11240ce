"""`Store` in memory, for one process and one event loop.

A transition contains no await, so no other task runs in the middle of it and no lock is needed. This module owns
leases and due times; the records are in `tables`, the queue of messages is in `outbox`. Never imports a rule or the
other store.
"""

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeVar

from app.domain.commands import Command
from app.domain.decisions import Delivery, Write, shift_ids_of
from app.domain.due_steps import DueStep
from app.domain.facts import Fact, FactType, LogEntry
from app.domain.fanout_records import Fanout
from app.domain.fanout_reports import FanoutReport, Overview
from app.domain.messages import (
    ChannelStatus,
    Contact,
    ContactStatus,
    KeptText,
    Notice,
    Silence,
    ask_again_at,
    contact_key,
)
from app.domain.policy import LOG_RETENTION_S, RETENTION_S
from app.domain.records import Assignment, Caregiver, Channel, Organization, Shift
from app.domain.silence import silence_of_office
from app.ports.requests import KeyedRequests
from app.ports.store import (
    MOST_COUNTED,
    Admit,
    Leased,
    LeasedEvent,
    ShiftFilter,
    Step,
    Store,
    StoreFigures,
)
from app.stores.memory.caregiver_list import list_caregivers
from app.stores.memory.due_fanouts import DueFanouts
from app.stores.memory.event_queue import EventQueue
from app.stores.memory.kept_texts import KeptTexts
from app.stores.memory.log import Log
from app.stores.memory.outbox import EntryKey, NoticeKey, Outbox
from app.stores.memory.rate_limits import RateLimits
from app.stores.memory.receipts_due import ReceiptsDue
from app.stores.memory.reports import fanout_report, overview
from app.stores.memory.requests import MemoryRequests
from app.stores.memory.shift_list import list_shifts
from app.stores.memory.tables import Tables
from app.stores.memory.updates import Updates

ResultT = TypeVar("ResultT")


#: Queue entries examined in one call of `lease`. A closed fanout may leave thousands of them, and skipping them all
#: at once would block the event loop.
_ENTRIES_PER_LEASE = 200
#: Transitions in a row before other tasks get their turn: about two milliseconds.
_TRANSITIONS_PER_SLICE = 50


class MemoryStore:
    """Implements `Store`."""

    def __init__(
        self,
        retention_s: float = RETENTION_S,
        rates: Mapping[Channel, float | None] = MappingProxyType({}),
        *,
        log_retention_s: float = LOG_RETENTION_S,
        sends_events: bool = False,
    ) -> None:
        """`retention_s`: seconds for which stored answers are kept, at least.

        `rates`: see `RateLimits`. `log_retention_s`: seconds for which facts are kept, unless there are too many of
        them (`MOST_FACTS`). `sends_events`: whether facts are queued as outgoing events.
        """
        self._log = Log(log_retention_s)
        self._tables = Tables(retention_s, self._log)
        self._updates = Updates(self._tables)
        self._sends_events = sends_events
        self._events = EventQueue()
        self.requests: KeyedRequests = MemoryRequests()
        self._outbox = Outbox()
        self._rates = RateLimits(rates)
        #: When the lease of each message under way ends. The latest lease is last, so the first ends first.
        self._leases: dict[EntryKey, datetime] = {}
        self._due_fanouts = DueFanouts(self._tables.fanout)
        self._receipts_due = ReceiptsDue()
        self._texts = KeptTexts()
        self._on_work: Callable[[], None] = lambda: None
        self._on_events: Callable[[], None] = lambda: None
        self._on_change: Callable[[str | None], None] = lambda _: None
        self._on_facts: Callable[[Sequence[Fact]], None] = lambda _: None

    async def open(self) -> None:
        """See `Store`. There is nothing to open."""

    async def aclose(self) -> None:
        """See `Store`."""

    async def check(self) -> None:
        """See `Store`. Memory is always available."""

    async def transition(self, command: Command, step: Step[ResultT]) -> ResultT:
        """See `Store`."""
        decision = step(self._tables, command)
        self._write(decision.writes)
        return decision.result

    async def transitions(self, commands: Sequence[Command], step: Step[ResultT]) -> list[ResultT]:
        """See `Store`."""
        results = []
        for number, command in enumerate(commands, start=1):
            results.append(await self.transition(command, step))
            if number % _TRANSITIONS_PER_SLICE == 0:
                await asyncio.sleep(0)
        return results

    def _write(self, writes: tuple[Write, ...]) -> None:
        """Write the records, queue what is to be done, call the listeners. Raises ValueError before any write."""
        self._tables.check(writes)
        work = events = False
        facts: list[Fact] = []
        for write in writes:
            if isinstance(write, Fanout):
                work |= self._due_fanouts.schedule(write)
            self._tables.put(write)
            if isinstance(write, ChannelStatus):
                self._rates.follow(write)
                work = True
            if isinstance(write, KeptText):
                self._texts.put(write)
            if isinstance(write, Fact):
                facts.append(write)
                events |= self._write_fact(write)
            if isinstance(write, Contact | Notice):
                key = _entry_key(write)
                self._leases.pop(key, None)
                self._receipts_due.put(key, write)
                if write.status is ContactStatus.QUEUED:
                    self._outbox.add(key, write.due_at, first_try=write.attempts == 0)
                    work = True
        if work:
            self._on_work()
        if events:
            self._on_events()
        for shift_id in shift_ids_of(writes):
            self._on_change(shift_id)
        if facts:
            self._on_facts(facts)

    def _write_fact(self, fact: Fact) -> bool:
        """Append the fact to the log, and queue it if it is an event. Returns whether it is one that is sent."""
        if fact.updates is not None:
            self._updates.note(fact.updates, fact.at)
        row = None if fact.shift_id is None else self._tables.shifts.rows.get(fact.shift_id)
        entry = self._log.add(fact, row.shift.organization_id if row else fact.organization_id)
        is_sent = self._sends_events and fact.type.is_event
        if is_sent:
            self._events.add(entry)
        return is_sent

    async def lease(self, now: datetime, until: datetime, limit: int, admit: Admit) -> Leased:
        """See `Store`."""
        self._outbox.move_due(now)
        allowances = self._rates.allowances(now)
        deliveries: list[Delivery] = []
        for _ in range(_ENTRIES_PER_LEASE):
            allowed = [channel for channel in Channel if allowances[channel] > 0 and len(deliveries) < limit]
            popped = self._outbox.pop(allowed)
            if popped is None:
                more = False
                break
            entry = self._entry(popped.key)
            if entry is None or entry.status is not ContactStatus.QUEUED:
                continue
            if entry.due_at is not None and entry.due_at > now:
                continue
            decision = admit(self._tables, entry)
            self._write(decision.writes)
            if decision.result is not None:
                channel = decision.result.message.channel
                allowances[channel] -= 1
                self._rates.spend(channel, now)
                self._outbox.handed_over(popped)
                self._leases[popped.key] = until
                deliveries.append(decision.result)
        else:
            more = True
        next_times = [self._rates.next_at(channel) for channel, left in allowances.items() if left <= 0]
        return Leased(deliveries, more, min(next_times, default=None))

    async def renew(self, entries: Collection[Contact | Notice], until: datetime) -> None:
        """See `Store`."""
        for key in map(_entry_key, entries):
            if self._leases.pop(key, None) is not None:
                self._leases[key] = until

    async def take_over(self, now: datetime, until: datetime, limit: int) -> list[Contact | Notice]:
        """See `Store`."""
        found: list[Contact | Notice] = []
        while self._leases and len(found) < limit:
            key, ends_at = next(iter(self._leases.items()))
            if ends_at > now:
                break
            del self._leases[key]
            entry = self._entry(key)
            if entry is not None and entry.status is ContactStatus.SENDING:
                self._leases[key] = until
                found.append(entry)
        return found

    def _entry(self, key: EntryKey) -> Contact | Notice | None:
        if isinstance(key, NoticeKey):
            return self._tables.notice(key.id)
        return self._tables.contact(*key)

    async def to_ask(self, now: datetime, limit: int) -> list[Contact | Notice]:
        """See `Store`."""
        found: list[Contact | Notice] = []
        while len(found) < limit and (due := self._receipts_due.pop_due(now)) is not None:
            ask_at, key = due
            entry = self._tables.message(key.id) if isinstance(key, NoticeKey) else self._entry(key)
            if entry is not None and entry.ask_at == ask_at and entry.handed_over_at is not None:
                entry = replace(entry, ask_at=ask_again_at(entry.handed_over_at, now))
                self._write((entry,))
                found.append(entry)
        return found

    async def ringing_calls(self, since: datetime) -> list[tuple[Contact, bool]]:
        """See `Store`."""
        found: list[tuple[Contact, bool]] = []
        for call in self._receipts_due.calls_since(since):
            fanout = self._tables.fanout(call.shift_id)
            over = fanout is None or fanout.closed_at is not None or fanout.generation != call.generation
            found.append((call, over or self._tables.number(call.phone).silence_for(call.caregiver_id) is not None))
        return found

    async def due_fanouts(self, now: datetime, until: datetime, limit: int) -> list[Fanout]:
        """See `Store`."""
        return self._due_fanouts.take(now, until, limit)

    async def next_due(self) -> datetime | None:
        """See `Store`."""
        times = [
            self._due_fanouts.next_due(),
            self._outbox.next_due(),
            next(iter(self._leases.values()), None),
        ]
        return min((time for time in times if time is not None), default=None)

    def on_work(self, wake: Callable[[], None]) -> None:
        """See `Store`."""
        self._on_work = wake

    async def caregiver(self, caregiver_id: str) -> tuple[Caregiver, bool] | None:
        """See `Store`."""
        caregiver = self._tables.caregiver(caregiver_id)
        return (caregiver, self._tables.number(caregiver.phone).opted_out) if caregiver else None

    async def caregivers(
        self, after: str | datetime, limit: int, organization_id: str | None = None
    ) -> list[tuple[Caregiver, bool]]:
        """See `Store`."""
        found = await list_caregivers(self._tables, self._updates, after, limit, organization_id)
        return [(caregiver, self._tables.number(caregiver.phone).opted_out) for caregiver in found]

    async def organization(self, organization_id: str) -> Organization | None:
        """See `Store`."""
        return self._tables.organization(organization_id)

    async def organizations(self, after: str | datetime, limit: int) -> list[Organization]:
        """See `Store`."""
        if isinstance(after, datetime):
            return await self._updates.find("organization", after, limit, self._tables.organization)
        return self._tables.organizations.find("all", True, after=after, limit=limit)

    async def silent_numbers(self, phones: Collection[str]) -> dict[str, Silence]:
        """See `Store`."""
        found = ((phone, silence_of_office(self._tables, phone)) for phone in phones)
        return {phone: silence for phone, silence in found if silence is not None}

    async def shift(self, shift_id: str) -> tuple[Shift, Assignment | None] | None:
        """See `Store`."""
        row = self._tables.shifts.listed(shift_id)
        return (row.shift, row.assignment) if row else None

    async def shifts(
        self, after: str | datetime, limit: int, shift_filter: ShiftFilter
    ) -> list[tuple[Shift, Assignment | None]]:
        """See `Store`."""
        return await list_shifts(self._tables, self._updates, after, limit, shift_filter)

    async def report(self, shift_id: str, *, full: bool) -> FanoutReport | None:
        """See `Store`."""
        row, fanout = self._tables.shifts.listed(shift_id), self._tables.fanout(shift_id)
        return None if row is None or fanout is None else fanout_report(self._tables, row, fanout, full=full)

    async def channels(self) -> list[ChannelStatus]:
        """See `Store`."""
        return [self._tables.channel(channel) for channel in Channel]

    async def figures(self, now: datetime) -> StoreFigures:
        """See `Store`."""
        self._outbox.move_due(now)
        first = (self._entry(key) for key in self._outbox.longest_ready(MOST_COUNTED))
        queued = (entry for entry in first if entry is not None and entry.status is ContactStatus.QUEUED)
        return StoreFigures(
            open_fanouts=self._tables.fanouts.count("open", True),
            queued=self._outbox.count_ready(MOST_COUNTED),
            queued_since=min((entry.due_at or entry.updated_at for entry in queued), default=None),
            due_since=self._due_fanouts.due_since((DueStep.START, DueStep.CONTINUE), now),
            to_forget_since=self._due_fanouts.due_since((DueStep.FORGET,), now),
        )

    async def log(
        self, after: int, limit: int, shift_id: str | None = None, organization_id: str | None = None
    ) -> list[LogEntry]:
        """See `Store`."""
        return self._log.page(after, limit, shift_id, organization_id)

    async def log_of_types(
        self, types: Collection[FactType], after: int, limit: int, organization_id: str | None = None
    ) -> list[LogEntry]:
        """See `Store`."""
        return self._log.page_of_types(types, after, limit, organization_id)

    async def fill_facts(self, start: datetime, after: int, end: datetime, limit: int) -> list[LogEntry]:
        """See `Store`."""
        return self._log.fill_facts(start, after, end, limit)

    async def log_end(self) -> int:
        """See `Store`."""
        return self._log.last_id

    async def kept_texts(self, shift_id: str, since: datetime) -> list[KeptText]:
        """See `Store`."""
        return self._texts.about(shift_id, since)

    async def forget_texts(self, before: datetime, limit: int) -> int:
        """See `Store`."""
        return self._texts.forget(before, limit)

    async def lease_events(self, now: datetime, until: datetime, limit: int) -> list[LeasedEvent]:
        """See `Store`."""
        return self._events.lease(now, until, limit)

    async def settle_event(self, event: LeasedEvent, now: datetime, retry_at: datetime | None) -> None:
        """See `Store`."""
        self._events.settle(event, now, retry_at)

    async def next_event_due(self) -> datetime | None:
        """See `Store`."""
        return self._events.next_due()

    def on_events(self, wake: Callable[[], None]) -> None:
        """See `Store`."""
        self._on_events = wake

    def on_facts(self, written: Callable[[Sequence[Fact]], None]) -> None:
        """See `Store`."""
        self._on_facts = written

    def on_change(self, changed: Callable[[str | None], None]) -> None:
        """See `Store`."""
        self._on_change = changed

    async def shift_ids_from(self, start: datetime, limit: int, organization_id: str | None = None) -> list[str]:
        """See `Store`."""
        # No shift id is empty, so this key sorts before the keys of all shifts that start at `start`.
        index, value = ("all", True) if organization_id is None else ("organization", organization_id)
        return [one.id for one in self._tables.shifts.starts.find(index, value, after=(start, ""), limit=limit)]

    async def overviews(self, shift_ids: Collection[str]) -> list[Overview]:
        """See `Store`."""
        return [found for shift_id in shift_ids if (found := overview(self._tables, shift_id)) is not None]

    async def caregivers_by_id(self, caregiver_ids: Collection[str]) -> list[Caregiver]:
        """See `Store`."""
        return [found for id_ in caregiver_ids if (found := self._tables.caregiver(id_)) is not None]


def _entry_key(entry: Contact | Notice) -> EntryKey:
    if isinstance(entry, Notice):
        return NoticeKey(entry.id)
    return contact_key(entry)


if TYPE_CHECKING:
    _: Store = MemoryStore()
