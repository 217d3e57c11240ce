"""The queue of messages in memory: what is handed over next. Holds names of records, not the records.

Notices go before offers; offers take turns between channels and, within one, between fanouts, so that a
fanout to thousands does not hold up another shift's. Imports nothing that does I/O.
"""

from collections import deque
from collections.abc import Mapping
from datetime import datetime
from heapq import heappop, heappush
from itertools import count
from typing import NamedTuple

from app.domain.records import Channel


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


#: The channel taken last -> the order in which they are asked next.
_TURNS: dict[Channel | None, tuple[Channel, ...]] = {
    None: (Channel.SMS, Channel.VOICE),
    Channel.SMS: (Channel.VOICE, Channel.SMS),
    Channel.VOICE: (Channel.SMS, Channel.VOICE),
}


class _Lane:
    """The offers of one channel: a queue per fanout, and whose turn it is."""

    __slots__ = ("queues", "turns")

    def __init__(self) -> None:
        self.queues: dict[tuple[str, int], deque[str]] = {}
        self.turns: deque[tuple[str, int]] = deque()

    def add(self, fanout: tuple[str, int], caregiver_id: str) -> None:
        queue = self.queues.get(fanout)
        if queue is None:
            queue = self.queues[fanout] = deque()
            self.turns.append(fanout)
        queue.append(caregiver_id)

    def take(self) -> tuple[tuple[str, int], str] | None:
        if not self.turns:
            return None
        fanout = self.turns.popleft()
        queue = self.queues[fanout]
        caregiver_id = queue.popleft()
        if queue:
            self.turns.append(fanout)
        else:
            del self.queues[fanout]
        return fanout, caregiver_id


class Outbox:
    """What waits to be handed over. A name may stand in it twice or be stale: look at the record."""

    def __init__(self) -> None:
        self._notices: deque[str] = deque()
        self._lanes = {channel: _Lane() for channel in Channel}
        self._later: list[tuple[datetime, int, EntryName]] = []
        self._numbers = count()

    def add(self, name: EntryName, due_at: datetime | None) -> None:
        """Queue the entry; not before `due_at` if that is given."""
        if due_at is not None:
            heappush(self._later, (due_at, next(self._numbers), name))
        elif isinstance(name, NoticeName):
            self._notices.append(name.id)
        else:
            self._lanes[name.channel].add((name.shift_id, name.generation), name.caregiver_id)

    def take(self, limits: Mapping[Channel, int], last: Channel | None) -> EntryName | None:
        """The next entry of a channel whose limit is above 0; of another than `last` if there is one."""
        if self._notices and limits.get(Channel.SMS, 0) > 0:
            return NoticeName(self._notices.popleft())
        for channel in _TURNS[last]:
            taken = self._lanes[channel].take() if limits.get(channel, 0) > 0 else None
            if taken is not None:
                (shift_id, generation), caregiver_id = taken
                return ContactName(shift_id, generation, channel, caregiver_id)
        return None

    def promote(self, now: datetime) -> None:
        """Let in what waited for a time that has come."""
        while self._later and self._later[0][0] <= now:
            _, _, name = heappop(self._later)
            self.add(name, None)

    def next_due(self) -> datetime | None:
        """When the next waiting entry may go; None if none waits for a time."""
        return self._later[0][0] if self._later else None
