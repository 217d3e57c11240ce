"""Chooses which of the messages that a lease has locked are sent, by turns and by rates. Knows no SQL."""

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from app.domain.decisions import Decision, Delivery
from app.domain.messages import Contact, Notice
from app.domain.records import Channel
from app.stores.postgres.prefetch import Locks, MissingReads, ReadSet, notice_lock
from app.stores.postgres.working_set import WorkingSet
from app.stores.rate_limit import RateLimiter
from app.stores.turns import OfferQueue, Order, order_after

Admit = Callable[[WorkingSet, Contact | Notice], Decision[Delivery | None]]


@dataclass(frozen=True)
class LockedRows:
    """Messages that this transaction has locked. Within each list, those to be sent first come first."""

    #: When they were locked, by the clock of the database.
    now: datetime
    notices: list[Notice]
    sms: list[Contact]
    voice: list[Contact]


@dataclass(frozen=True)
class ChannelLimits:
    """How fast a channel may send, over all processes: see `RateLimiter`. `interval_s`: as in `ChannelStatus`."""

    channel: Channel
    next_at: datetime | None
    paused_until: datetime | None
    interval_s: float


class LeaseCandidates:
    """The messages that one lease chooses from. After `admit_in_turn`: those it chose, and whose turn is next."""

    def __init__(
        self,
        rows: LockedRows,
        rate_limiters: Mapping[Channel, RateLimiter],
        order: Order,
        now: datetime,
        limit: int,
        *,
        more_waiting: bool,
    ) -> None:
        """`order`: whose turn it is. `more_waiting`: messages may be waiting that were not locked."""
        self.locked_at = rows.now
        self.entries: list[Contact | Notice] = [*rows.notices, *rows.sms, *rows.voice]
        self.rate_limiters = rate_limiters
        self.order = order
        #: The chosen messages, in the order in which they are to be handed over.
        self.deliveries: list[Delivery] = []
        self._rows = rows
        self._now = now
        self._limit = limit
        self._more_waiting = more_waiting
        self._allowances = {channel: limiter.allowance(now) for channel, limiter in rate_limiters.items()}

    def read_set(self) -> ReadSet:
        """What `admit` is known to read about these messages."""
        read_set = ReadSet(now=self._now)
        for entry in self.entries:
            if entry.shift_id is not None:
                read_set.shifts.add(entry.shift_id)
            if entry.caregiver_id:
                read_set.caregivers.add(entry.caregiver_id)
                if entry.shift_id is not None:
                    read_set.offers.add((entry.shift_id, entry.caregiver_id))
                    if isinstance(entry, Notice):
                        read_set.notice_pairs.add((entry.shift_id, entry.caregiver_id))
            if isinstance(entry, Notice) and entry.alert is not None:
                read_set.alerted_phones.add(entry.phone)
        return read_set

    def locks(self) -> Locks:
        """The locks to take before that is loaded: of the notices, so that no other lease takes one of the same pair.

        Two leases would otherwise not see that each hands over a notice to the same caregiver about the same shift.
        """
        pairs = {(one.shift_id, one.caregiver_id) for one in self._rows.notices if one.caregiver_id}
        return Locks(names={notice_lock(shift_id, id_) for shift_id, id_ in pairs if shift_id is not None})

    def admit_in_turn(self, state: WorkingSet, admit: Admit) -> None:
        """Call `admit` for one message after another, until `limit` or the rates are used up.

        Raises MissingReads with nothing changed but `state`, once it has found what several messages miss. The caller
        loads that and calls it again.
        """
        allowances, order = dict(self._allowances), self.order
        deliveries: list[Delivery] = []
        notices = deque(self._rows.notices)
        offers: dict[OfferQueue, deque[Contact]] = {queue: deque() for queue in order}
        for contact in (*self._rows.sms, *self._rows.voice):
            # A first try may have waited for a time as well. One that was returned has no time to wait for.
            is_retry = contact.attempts > 0 and contact.due_at is not None
            offers[OfferQueue(contact.channel, is_retry)].append(contact)
        state.messages.add_locked(self.entries)
        missing: list[ReadSet] = []
        while len(deliveries) + len(missing) < self._limit:
            queue = None
            if notices and allowances[Channel.SMS] > 0:
                entry: Contact | Notice = notices.popleft()
            else:
                queue = next((one for one in order if offers[one] and allowances[one.channel] > 0), None)
                if queue is None:
                    break
                entry = offers[queue].popleft()
            try:
                decision = admit(state, entry)
            except MissingReads as more:
                missing.append(more.read_set)
                continue
            for write in decision.writes:
                state.apply(write)
            if decision.result is not None:
                allowances[decision.result.message.channel] -= 1
                deliveries.append(decision.result)
                if queue is not None:
                    order = order_after(order, queue)
        if missing:
            read_set = ReadSet()
            for one in missing:
                read_set.add(one)
            raise MissingReads(read_set)
        self._allowances, self.order, self.deliveries = allowances, order, deliveries

    @property
    def more(self) -> bool:
        """Whether messages that were not locked might be sent now."""
        has_room = len(self.deliveries) < self._limit and any(left > 0 for left in self._allowances.values())
        return self._more_waiting and has_room

    @property
    def next_at(self) -> datetime | None:
        """When the first channel that has used up its rate may send again; None if no channel has."""
        next_times = (self.rate_limiters[channel].next_at for channel, left in self._allowances.items() if left <= 0)
        return min(next_times, default=None)
