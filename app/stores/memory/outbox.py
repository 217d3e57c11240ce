"""The queue of messages in memory: which one is handed over next. Holds the keys of records, not the records.

Notices go before offers; of the notices, those that have waited for a time go first. Offers alternate between
channels, between retries and first tries of a channel, and between fanouts, so that a fanout to thousands of
caregivers does not delay that of another shift. Does no I/O.
"""

from collections import deque
from collections.abc import Collection
from datetime import datetime
from heapq import heappop, heappush
from itertools import count, islice
from typing import NamedTuple

from app.domain.messages import ContactKey
from app.domain.records import Channel
from app.stores.turns import FIRST_ORDER, OfferQueue, order_after


class NoticeKey(NamedTuple):
    """Identifies a notice."""

    id: str


EntryKey = ContactKey | NoticeKey


class Popped(NamedTuple):
    """The entry that `Outbox.pop` took out."""

    key: EntryKey
    #: The queue it was in. None for a notice: notices take no turns.
    queue: OfferQueue | None


class _FirstTries:
    """First tries of one channel: one queue for each fanout. The fanouts send in turn, one message each."""

    __slots__ = ("_queues", "_turns")

    def __init__(self) -> None:
        self._queues: dict[tuple[str, int], deque[ContactKey]] = {}
        self._turns: deque[tuple[str, int]] = deque()

    def append(self, key: ContactKey) -> None:
        fanout = key.shift_id, key.generation
        queue = self._queues.get(fanout)
        if queue is None:
            queue = self._queues[fanout] = deque()
            self._turns.append(fanout)
        queue.append(key)

    def popleft(self) -> ContactKey:
        """Take the first entry of the fanout whose turn it is. Raises IndexError if nothing waits."""
        fanout = self._turns.popleft()
        queue = self._queues[fanout]
        key = queue.popleft()
        if queue:
            self._turns.append(fanout)
        else:
            del self._queues[fanout]
        return key

    def first(self, limit: int) -> list[ContactKey]:
        """The first entry of each fanout, of at most `limit` fanouts."""
        return [self._queues[fanout][0] for fanout in islice(self._turns, limit)]

    def count(self) -> int:
        """The number of entries."""
        return sum(map(len, self._queues.values()))

    def __len__(self) -> int:
        return len(self._queues)


class Outbox:
    """The keys of the messages that wait.

    A key may be in it twice, and its record may have changed since it was added. The caller checks the record.
    """

    def __init__(self) -> None:
        self._order = FIRST_ORDER
        #: Those that have waited for a time, and the others.
        self._due_notices: deque[NoticeKey] = deque()
        self._notices: deque[NoticeKey] = deque()
        self._first_tries = {channel: _FirstTries() for channel in Channel}
        self._retries: dict[Channel, deque[ContactKey]] = {channel: deque() for channel in Channel}
        #: Messages that are not due yet: a heap, ordered by their time, then by when they were added. Each with
        #: whether it is a first try.
        self._waiting_for_time: list[tuple[datetime, int, EntryKey, bool]] = []
        self._sequence = count()

    def add(self, key: EntryKey, due_at: datetime | None, *, first_try: bool) -> None:
        """Queue the entry. `due_at`: the time it waits for; None: it may be handed over now."""
        if due_at is not None:
            heappush(self._waiting_for_time, (due_at, next(self._sequence), key, first_try))
        elif isinstance(key, NoticeKey):
            self._notices.append(key)
        else:
            # A retry without a wait is queued again like a first try.
            self._first_tries[key.channel].append(key)

    def move_due(self, now: datetime) -> None:
        """Move the messages that are due at `now` into the ready queues."""
        while self._waiting_for_time and self._waiting_for_time[0][0] <= now:
            _, _, key, first_try = heappop(self._waiting_for_time)
            if isinstance(key, NoticeKey):
                self._due_notices.append(key)
            elif first_try:
                self._first_tries[key.channel].append(key)
            else:
                self._retries[key.channel].append(key)

    def pop(self, channels: Collection[Channel]) -> Popped | None:
        """Take out the next entry of these channels; None if nothing of theirs is ready.

        If the message is then handed over, the caller says so with `handed_over`.
        """
        notices = self._due_notices or self._notices
        if notices and Channel.SMS in channels:
            return Popped(notices.popleft(), None)
        for queue in self._order:
            waiting = self._retries[queue.channel] if queue.retries else self._first_tries[queue.channel]
            if waiting and queue.channel in channels:
                return Popped(waiting.popleft(), queue)
        return None

    def handed_over(self, popped: Popped) -> None:
        """Give the next turn to the other queues."""
        if popped.queue is not None:
            self._order = order_after(self._order, popped.queue)

    def count_ready(self, most: int) -> int:
        """The number of entries that are ready. At most `most` of each queue are counted."""
        offers = (min(most, one.count()) for one in self._first_tries.values())
        retries = (min(most, len(one)) for one in self._retries.values())
        notices = len(self._due_notices) + len(self._notices)
        return min(most, notices) + sum(offers) + sum(retries)

    def longest_ready(self, most: int) -> list[EntryKey]:
        """The entries that are first in their queue, at most `most` for each channel: one of them waits longest."""
        found: list[EntryKey] = [notices[0] for notices in (self._due_notices, self._notices) if notices]
        for channel in Channel:
            found += [*islice(self._retries[channel], 1), *self._first_tries[channel].first(most)]
        return found

    def next_due(self) -> datetime | None:
        """When the next message falls due; None if none waits for a time."""
        return self._waiting_for_time[0][0] if self._waiting_for_time else None
