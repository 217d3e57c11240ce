"""The log of the memory store: the last facts, in order. No I/O, no awaits."""

from array import array
from bisect import bisect_right
from collections import deque
from collections.abc import Collection
from datetime import timedelta
from itertools import islice

from app.domain.facts import Fact, FactType, LogEntry

#: The log holds at most this many facts, some 100 bytes each. A fanout writes about one for each caregiver.
MOST_FACTS = 50_000
#: Adding one fact deletes at most this many that are older than the retention.
_DROPPED_PER_FACT = 4


class Log:
    """The last facts of all shifts, oldest first. Their ids follow each other without a gap."""

    def __init__(self, retention_s: float, most: int = MOST_FACTS) -> None:
        """`retention_s`: facts older than this many seconds are deleted, and the oldest of more than `most`."""
        self._retention = timedelta(seconds=retention_s)
        self._most = most
        self._facts: deque[Fact] = deque()
        #: The id of the oldest fact.
        self._first_id = 0
        #: The ids of the facts about each shift. An array takes a quarter of the memory of a list.
        self._of_shift: dict[str, array[int]] = {}

    def add(self, fact: Fact) -> LogEntry:
        """Append the fact.

        The first id is the time in microseconds: ids must grow across restarts too, because receivers of events
        ignore an id that they have seen.
        """
        if not self._first_id:
            self._first_id = int(fact.at.timestamp() * 1e6)
        id_ = self._first_id + len(self._facts)
        self._facts.append(fact)
        if fact.shift_id is not None:
            self._of_shift.setdefault(fact.shift_id, array("q")).append(id_)
        for _ in range(_DROPPED_PER_FACT):
            if len(self._facts) <= self._most and self._facts[0].at + self._retention >= fact.at:
                break
            self._drop_oldest()
        return LogEntry(id=id_, fact=fact)

    def _drop_oldest(self) -> None:
        shift_id = self._facts.popleft().shift_id
        self._first_id += 1
        if shift_id is not None:
            ids = self._of_shift[shift_id]
            del ids[0]
            if not ids:
                del self._of_shift[shift_id]

    def page(self, after: int, limit: int, shift_id: str | None = None) -> list[LogEntry]:
        """At most `limit` entries with an id above `after`; with `shift_id` those about that shift."""
        if shift_id is None:
            first = max(after + 1, self._first_id)
            ids = range(first, min(first + limit, self.last_id + 1))
            return [self._entry(id_) for id_ in ids]
        of_shift = self._of_shift.get(shift_id, array("q"))
        place = bisect_right(of_shift, after)
        return [self._entry(id_) for id_ in of_shift[place : place + limit]]

    def page_of_types(self, types: Collection[FactType], after: int, limit: int) -> list[LogEntry]:
        """See `Store.log_of_types`."""
        entries = map(self._entry, range(max(after + 1, self._first_id), self.last_id + 1))
        return list(islice((entry for entry in entries if entry.fact.type in types), limit))

    @property
    def last_id(self) -> int:
        """The id of the last fact, 0 if there is none."""
        return self._first_id + len(self._facts) - 1 if self._facts else 0

    def _entry(self, id_: int) -> LogEntry:
        return LogEntry(id=id_, fact=self._facts[id_ - self._first_id])
