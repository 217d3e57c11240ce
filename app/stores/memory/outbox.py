"""The queue of messages in memory: what is handed over next. Holds names of records, not the records.

Notices go before offers. Offers take turns between channels, between retries and first tries of a channel, and
between fanouts, so that a fanout to thousands does not hold up another shift's. Imports nothing that does I/O.
"""

from collections import deque
from collections.abc import Collection
from datetime import datetime
from heapq import heappop, heappush
from itertools import count
from typing import NamedTuple

from app.domain.records import Channel
from app.stores.turns import FIRST_ORDER, OfferQueue, order_after


class ContactName(NamedTuple):
    """Which contact of which fanout."""

    shift_id: str
    generation: int
    channel: Channel
    caregiver_id: str


class NoticeName(NamedTuple):
    """Which notice."""

    id: str


EntryName = ContactName | NoticeName


class Popped(NamedTuple):
    """What `Outbox.pop` took."""

    name: EntryName
    #: The queue it stood in; None: it is a notice, and notices take no turns.
    queue: OfferQueue | None


class _FirstTries:
    """The first tries of one channel: a queue per fanout, and the fanouts in the order of their turns."""

    __slots__ = ("_queues", "_turns")

    def __init__(self) -> None:
        self._queues: dict[tuple[str, int], deque[ContactName]] = {}
        self._turns: deque[tuple[str, int]] = deque()

    def append(self, name: ContactName) -> None:
        fanout = name.shift_id, name.generation
        queue = self._queues.get(fanout)
        if queue is None:
            queue = self._queues[fanout] = deque()
            self._turns.append(fanout)
        queue.append(name)

    def popleft(self) -> ContactName:
        """The next one of the fanout whose turn it is. Raises IndexError if there is none."""
        fanout = self._turns.popleft()
        queue = self._queues[fanout]
        name = queue.popleft()
        if queue:
            self._turns.append(fanout)
        else:
            del self._queues[fanout]
        return name

    def __len__(self) -> int:
        return len(self._queues)


class Outbox:
    """Names of the messages that wait. A name may stand in it twice or be stale: look at the record."""

    def __init__(self) -> None:
        self._order = FIRST_ORDER
        self._notices: deque[str] = deque()
        self._first_tries = {channel: _FirstTries() for channel in Channel}
        self._retries: dict[Channel, deque[ContactName]] = {channel: deque() for channel in Channel}
        #: What must not go before a time: a heap by that time, then by the order of adding.
        self._not_yet: list[tuple[datetime, int, EntryName]] = []
        self._numbers = count()

    def add(self, name: EntryName, due_at: datetime | None) -> None:
        """Queue the entry; not before `due_at` if that is given."""
        if due_at is not None:
            heappush(self._not_yet, (due_at, next(self._numbers), name))
        elif isinstance(name, NoticeName):
            self._notices.append(name.id)
        else:
            self._first_tries[name.channel].append(name)

    def move_due_retries(self, now: datetime) -> None:
        """Move the retries that are due at `now` into the queues."""
        while self._not_yet and self._not_yet[0][0] <= now:
            _, _, name = heappop(self._not_yet)
            if isinstance(name, NoticeName):
                self._notices.append(name.id)
            else:
                self._retries[name.channel].append(name)

    def pop(self, channels: Collection[Channel]) -> Popped | None:
        """Take the next entry of these channels out; None if nothing of them waits.

        The caller calls `handed_over` if the entry is.
        """
        if self._notices and Channel.SMS in channels:
            return Popped(NoticeName(self._notices.popleft()), None)
        for queue in self._order:
            waiting = self._retries[queue.channel] if queue.retries else self._first_tries[queue.channel]
            if waiting and queue.channel in channels:
                return Popped(waiting.popleft(), queue)
        return None

    def handed_over(self, popped: Popped) -> None:
        """Let the other queues go before the one this entry stood in."""
        if popped.queue is not None:
            self._order = order_after(self._order, popped.queue)

    def next_due(self) -> datetime | None:
        """When the next retry is due; None if none waits for its time."""
        return self._not_yet[0][0] if self._not_yet else None
