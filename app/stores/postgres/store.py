"""`Store` in PostgreSQL, for any number of processes.

Commands that wait at the same time are decided in one transaction. The transaction takes the locks in a fixed order,
loads what the decisions read, decides as the memory store does, and saves the writes. Never imports a rule or the
other store.
"""

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypeVar

import psycopg

from app.clock import SystemClock
from app.domain.commands import Command
from app.domain.facts import Fact, FactType, LogEntry
from app.domain.fanout_records import Fanout
from app.domain.fanout_reports import FanoutReport, Overview
from app.domain.messages import ChannelStatus, Contact, KeptText, Notice, Silence
from app.domain.policy import LOG_RETENTION_S, RETENTION_S
from app.domain.records import Assignment, Caregiver, Channel, Organization, Shift
from app.errors import StoreUnavailable
from app.ports.clock import Clock
from app.ports.requests import KeyedRequests
from app.ports.store import Admit, Leased, LeasedEvent, ShiftFilter, Step, Store, StoreFigures
from app.stores.postgres import events, figures, kept_texts, queries, receipts_due, statements
from app.stores.postgres import log as fact_log
from app.stores.postgres.change_feed import ChangeFeed
from app.stores.postgres.connections import Connection, Connections
from app.stores.postgres.health import Health
from app.stores.postgres.lease_candidates import LeaseCandidates
from app.stores.postgres.loading import load, take_locks
from app.stores.postgres.prefetch import MissingReads
from app.stores.postgres.queue import Queue
from app.stores.postgres.requests import PostgresRequests
from app.stores.postgres.saving import SaveResult, save
from app.stores.postgres.transitions import ATTEMPTS, Transitions

log = logging.getLogger("shift_fanout.postgres")

ResultT = TypeVar("ResultT")

#: Answers, and facts, past the retention are deleted each time this many new ones have been stored.
_FORGET_EVERY = 500

#: Seconds for `check`: load balancers do not wait long.
_CHECK_LIMIT_S = 3.0


class PostgresStore:
    """Implements `Store`. Call `open` in the event loop in which it is used."""

    def __init__(
        self,
        url: str,
        clock: Clock,
        *,
        retention_s: float = RETENTION_S,
        log_retention_s: float = LOG_RETENTION_S,
        sends_events: bool = False,
        rates: Mapping[Channel, float | None] | None = None,
        has_worker: bool = True,
        lease_s: float = 10.0,
        connections: Connections | None = None,
    ) -> None:
        """`retention_s`, `log_retention_s`: seconds for which stored answers, and facts, are kept, at least.

        `lease_s`: how long the leases of workers are; a clock must not be wrong by more than half of it.

        `rates`: messages per second of each channel, over all processes; None, or a channel left out, means no
        limit. `has_worker`: whether this process has a worker, see `ChangeFeed`.

        `connections`: what it uses in place of connections of its own to `url`.
        """
        self._connections = connections or Connections(url, clock)
        self._with_connection = self._connections.run
        self._clock = clock
        self._retention = timedelta(seconds=retention_s)
        self._health = Health(self._connections, clock, lease_s)
        self._queue = Queue(rates or {}, simulated_time=not isinstance(clock, SystemClock))
        self._change_feed = ChangeFeed(self._connections, has_worker=has_worker)
        self.requests: KeyedRequests = PostgresRequests(self._connections)
        self._sends_events = sends_events
        self._log_retention = timedelta(seconds=log_retention_s)
        self._stored_answers = self._stored_facts = 0
        self._on_facts: Callable[[Sequence[Fact]], None] = lambda _: None
        self._transitions = Transitions(
            self._connections,
            self._change_feed,
            sends_events=sends_events,
            on_facts=lambda facts: self._on_facts(facts),
            after_commit=self._forget_old,
        )

    async def open(self) -> None:
        """See `Store`."""
        if await self._connections.open(self._change_feed.receive):
            # The store was used in another event loop, which is gone with all that waited in it.
            self._transitions.abandon()
            self._change_feed.abandon()

    async def aclose(self) -> None:
        """See `Store`."""
        await self._transitions.wait_until_idle()
        self._change_feed.close()
        await self._connections.close()

    async def check(self) -> None:
        """See `Store`."""
        await self._with_connection(self._health.check, _CHECK_LIMIT_S)

    async def transition(self, command: Command, step: Step[ResultT]) -> ResultT:
        """See `Store`."""
        result: ResultT = await self._transitions.carry_out(command, step)
        return result

    async def transitions(self, commands: Sequence[Command], step: Step[ResultT]) -> list[ResultT]:
        """See `Store`."""
        results: list[ResultT] = await self._transitions.carry_out_in_order(commands, step)
        return results

    async def _forget_old(self, saved: SaveResult, now: datetime) -> None:
        """Delete answers and facts past their retention, once many new ones have been stored.

        More than were added since the last time, so that the tables do not grow. If it fails, the next deletion makes
        up for it.
        """
        self._stored_answers += saved.answers
        self._stored_facts += saved.facts
        with suppress(StoreUnavailable, psycopg.Error):
            if self._stored_answers >= _FORGET_EVERY:
                self._stored_answers = 0
                await self.forget_answers(now - self._retention, 4 * _FORGET_EVERY)
            if self._stored_facts >= _FORGET_EVERY:
                self._stored_facts = 0
                await self._with_connection(
                    lambda connection: fact_log.forget(connection, now - self._log_retention, 4 * _FORGET_EVERY)
                )

    async def forget_answers(self, before: datetime, limit: int) -> int:
        """Delete at most `limit` of the answers stored before that time, oldest first; returns how many."""

        async def delete(connection: Connection) -> int:
            return (await connection.execute(statements.FORGET_ANSWERS, (before, limit))).rowcount

        return await self._with_connection(delete)

    async def fanouts_closed_before(self, before: datetime, limit: int) -> list[tuple[str, int]]:
        """At most `limit` fanouts closed before that time, oldest first, that are not forgotten yet.

        For each: shift id and generation.
        """
        return await self._with_connection(
            lambda connection: queries.fanouts_closed_before(connection, before, limit)
        )

    async def lease(self, now: datetime, until: datetime, limit: int, admit: Admit) -> Leased:
        """See `Store`."""
        for attempts_left in reversed(range(ATTEMPTS)):
            try:
                candidates, saved, facts = await self._lease(now, until, limit, admit)
                break
            except psycopg.OperationalError:
                if not attempts_left:
                    raise
        self._queue.after_commit(candidates)
        self._change_feed.after_commit(saved)
        if facts:
            self._on_facts(facts)
        return Leased(candidates.deliveries, candidates.more, candidates.next_at)

    async def _lease(
        self, now: datetime, until: datetime, limit: int, admit: Admit
    ) -> tuple[LeaseCandidates, SaveResult, list[Fact]]:
        async with self._connections.transaction() as transaction:
            candidates = await self._queue.lock_candidates(transaction, now, limit)
            if not candidates.entries:
                return candidates, SaveResult(), []
            read_set, locks = candidates.read_set(), candidates.locks()
            if locks.names:
                await take_locks(transaction, locks)
            while True:
                state = await load(transaction, read_set)
                try:
                    candidates.admit_in_turn(state, admit)
                    break
                except MissingReads as more:
                    read_set.add(more.read_set)
            # First, because `save` ends with the lock of the log: nothing may wait for another lock after that.
            await self._queue.save_send_times(transaction, candidates, now)
            saved = await save(
                transaction,
                state,
                self._queue.lease_end(candidates, now, until),
                sends_events=self._sends_events,
            )
            await self._change_feed.announce_work(saved, transaction)
        return candidates, saved, [write for write in state.writes if isinstance(write, Fact)]

    async def renew(self, entries: Collection[Contact | Notice], until: datetime) -> None:
        """See `Store`."""
        now = self._clock.now()
        await self._with_connection(lambda connection: self._queue.renew(connection, entries, now, until))

    async def take_over(self, now: datetime, until: datetime, limit: int) -> list[Contact | Notice]:
        """See `Store`."""
        return await self._with_connection(lambda connection: self._queue.take_over(connection, now, until, limit))

    async def to_ask(self, now: datetime, limit: int) -> list[Contact | Notice]:
        """See `Store`."""
        return await self._with_connection(lambda connection: receipts_due.to_ask(connection, now, limit))

    async def ringing_calls(self, since: datetime) -> list[tuple[Contact, bool]]:
        """See `Store`."""
        return await self._with_connection(lambda connection: receipts_due.ringing_calls(connection, since))

    async def due_fanouts(self, now: datetime, until: datetime, limit: int) -> list[Fanout]:
        """See `Store`."""
        return await self._with_connection(lambda connection: self._queue.due_fanouts(connection, now, until, limit))

    async def next_due(self) -> datetime | None:
        """See `Store`."""
        now = self._clock.now()
        return await self._with_connection(lambda connection: self._queue.next_due(connection, now))

    def on_work(self, wake: Callable[[], None]) -> None:
        """See `Store`."""
        self._change_feed.on_work = wake

    async def caregiver(self, caregiver_id: str) -> tuple[Caregiver, bool] | None:
        """See `Store`."""
        return await self._with_connection(lambda connection: queries.caregiver(connection, caregiver_id))

    async def caregivers(
        self, after: str | datetime, limit: int, organization_id: str | None = None
    ) -> list[tuple[Caregiver, bool]]:
        """See `Store`."""
        return await self._with_connection(lambda c: queries.caregivers(c, after, limit, organization_id))

    async def organization(self, organization_id: str) -> Organization | None:
        """See `Store`."""
        return await self._with_connection(lambda connection: queries.organization(connection, organization_id))

    async def organizations(self, after: str | datetime, limit: int) -> list[Organization]:
        """See `Store`."""
        return await self._with_connection(lambda connection: queries.organizations(connection, after, limit))

    async def silent_numbers(self, phones: Collection[str]) -> dict[str, Silence]:
        """See `Store`."""
        return await self._with_connection(lambda connection: queries.silent_numbers(connection, phones))

    async def shift(self, shift_id: str) -> tuple[Shift, Assignment | None] | None:
        """See `Store`."""
        return await self._with_connection(lambda connection: queries.shift(connection, shift_id))

    async def shifts(
        self, after: str | datetime, limit: int, shift_filter: ShiftFilter
    ) -> list[tuple[Shift, Assignment | None]]:
        """See `Store`."""
        return await self._with_connection(lambda connection: queries.shifts(connection, after, limit, shift_filter))

    async def report(self, shift_id: str, *, full: bool) -> FanoutReport | None:
        """See `Store`."""
        return await self._with_connection(lambda connection: queries.report(connection, shift_id, full=full))

    async def channels(self) -> list[ChannelStatus]:
        """See `Store`."""
        return await self._with_connection(queries.channels)

    async def figures(self, now: datetime) -> StoreFigures:
        """See `Store`."""
        return await self._with_connection(lambda connection: figures.read(connection, now))

    async def log(
        self, after: int, limit: int, shift_id: str | None = None, organization_id: str | None = None
    ) -> list[LogEntry]:
        """See `Store`."""
        return await self._with_connection(lambda c: fact_log.page(c, after, limit, shift_id, organization_id))

    async def log_of_types(
        self, types: Collection[FactType], after: int, limit: int, organization_id: str | None = None
    ) -> list[LogEntry]:
        """See `Store`."""
        return await self._with_connection(lambda c: fact_log.page_of_types(c, types, after, limit, organization_id))

    async def fill_facts(self, start: datetime, after: int, end: datetime, limit: int) -> list[LogEntry]:
        """See `Store`."""
        return await self._with_connection(
            lambda connection: fact_log.fill_facts(connection, start, after, end, limit)
        )

    async def log_end(self) -> int:
        """See `Store`."""
        return await self._with_connection(fact_log.last_id)

    async def kept_texts(self, shift_id: str, since: datetime) -> list[KeptText]:
        """See `Store`."""
        return await self._with_connection(lambda connection: kept_texts.about(connection, shift_id, since))

    async def forget_texts(self, before: datetime, limit: int) -> int:
        """See `Store`."""
        return await self._with_connection(lambda connection: kept_texts.forget(connection, before, limit))

    async def lease_events(self, now: datetime, until: datetime, limit: int) -> list[LeasedEvent]:
        """See `Store`."""
        return await self._with_connection(lambda connection: events.lease(connection, now, until, limit))

    async def settle_event(self, event: LeasedEvent, now: datetime, retry_at: datetime | None) -> None:
        """See `Store`."""
        await self._with_connection(lambda connection: events.settle(connection, event, now, retry_at))

    async def next_event_due(self) -> datetime | None:
        """See `Store`."""
        return await self._with_connection(events.next_due)

    def on_events(self, wake: Callable[[], None]) -> None:
        """See `Store`."""
        self._change_feed.on_events = wake

    def on_facts(self, written: Callable[[Sequence[Fact]], None]) -> None:
        """See `Store`."""
        self._on_facts = written

    def on_change(self, changed: Callable[[str | None], None]) -> None:
        """See `Store`."""
        self._change_feed.on_change = changed

    async def shift_ids_from(self, start: datetime, limit: int, organization_id: str | None = None) -> list[str]:
        """See `Store`."""
        return await self._with_connection(lambda c: queries.shift_ids_from(c, start, limit, organization_id))

    async def overviews(self, shift_ids: Collection[str]) -> list[Overview]:
        """See `Store`."""
        return await self._with_connection(lambda connection: queries.overviews(connection, shift_ids))

    async def caregivers_by_id(self, caregiver_ids: Collection[str]) -> list[Caregiver]:
        """See `Store`."""
        return await self._with_connection(lambda connection: queries.caregivers_by_id(connection, caregiver_ids))


if TYPE_CHECKING:
    # Lets mypy check that the class implements the protocol.
    def _conforms(store: PostgresStore) -> Store:
        return store
