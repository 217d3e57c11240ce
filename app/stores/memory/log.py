"""The log of the memory store: the last facts, in order. No I/O, no awaits."""

from bisect import bisect_right
from collections import deque
from datetime import timedelta

from app.domain.facts import Fact, LogEntry

#: The log holds at most this many facts, some 20 MB of them. A fanout writes about one for each caregiver.
MOST_FACTS = 50_000
#: Adding one fact deletes at most this many that are older than the retention.
_DROPPED_PER_FACT = 4


class Log:
    """The last facts of all shifts, oldest first."""

    def __init__(self, retention_s: float, most: int = MOST_FACTS) -> None:
        """`retention_s`: facts older than this many seconds are deleted, and the oldest of more than `most`."""
        self._retention = timedelta(seconds=retention_s)
        self._most = most
        self._entries: deque[LogEntry] = deque()
        #: The same entries by shift.
        self._of_shift: dict[str, deque[LogEntry]] = {}
        self._last_id = 0

    def add(self, fact: Fact) -> LogEntry:
        """Append the fact.

        The first id is the time in microseconds: ids must grow across restarts too, because receivers of events
        ignore an id that they have seen.
        """
        self._last_id = self._last_id + 1 if self._last_id else int(fact.at.timestamp() * 1e6)
        entry = LogEntry(id=self._last_id, fact=fact)
        self._entries.append(entry)
        if fact.shift_id is not None:
            self._of_shift.setdefault(fact.shift_id, deque()).append(entry)
        for _ in range(_DROPPED_PER_FACT):
            oldest = self._entries[0]
            if len(self._entries) <= self._most and oldest.fact.at + self._retention >= fact.at:
                break
            self._drop_oldest()
        return entry

    def _drop_oldest(self) -> None:
        shift_id = self._entries.popleft().fact.shift_id
        if shift_id is not None:
            of_shift = self._of_shift[shift_id]
            of_shift.popleft()
            if not of_shift:
                del self._of_shift[shift_id]

    def page(self, after: int, limit: int, shift_id: str | None = None) -> list[LogEntry]:
        """At most `limit` entries with an id above `after`; with `shift_id` those about that shift."""
        entries = self._entries if shift_id is None else self._of_shift.get(shift_id, deque())
        first = bisect_right(entries, after, key=lambda entry: entry.id)
        return [entries[place] for place in range(first, min(first + limit, len(entries)))]
