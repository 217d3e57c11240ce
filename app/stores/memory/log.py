"""The log of the memory store: the last facts, in order. No I/O, no awaits."""

from array import array
from bisect import bisect_right
from collections import deque
from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from itertools import islice

from app.domain.facts import Fact, FactType, LogEntry
from app.domain.fills import matters

#: The log holds at most this many facts, some 100 bytes each. A fanout writes about one for each caregiver.
MOST_FACTS = 50_000
#: Adding one fact deletes at most this many that are older than the retention.
_DROPPED_PER_FACT = 4
#: Ids of deleted facts leave an array this many at a time: deleting the first ones moves all the others.
_STALE_IDS = 512


class Log:
    """The last facts of all shifts, oldest first. Their ids follow each other without a gap."""

    def __init__(self, retention_s: float, most: int = MOST_FACTS) -> None:
        """`retention_s`: facts older than this many seconds are deleted, and the oldest of more than `most`."""
        self._retention = timedelta(seconds=retention_s)
        self._most = most
        self._facts: deque[Fact] = deque()
        #: The id of the oldest fact.
        self._first_id = 0
        #: The ids of the facts about each shift (`s:` and its id) and of each organization (`o:` and its id). An
        #: array takes a quarter of the memory of a list. The first ids may be those of deleted facts.
        self._ids_of: dict[str, array[int]] = {}
        #: The organizations of the facts.
        self._organizations: deque[str | None] = deque()

    def add(self, fact: Fact, organization_id: str | None) -> LogEntry:
        """Append the fact, which belongs to that organization, or to none.

        The first id is the time in microseconds: ids must grow across restarts too, because receivers of events
        ignore an id that they have seen.
        """
        if not self._first_id:
            self._first_id = int(fact.at.timestamp() * 1e6)
        id_ = self._first_id + len(self._facts)
        self._facts.append(fact)
        self._organizations.append(organization_id)
        for name in _names(fact.shift_id, organization_id):
            self._ids_of.setdefault(name, array("q")).append(id_)
        for _ in range(_DROPPED_PER_FACT):
            if len(self._facts) <= self._most and self._facts[0].at + self._retention >= fact.at:
                break
            self._drop_oldest()
        return LogEntry(id=id_, fact=fact)

    def _drop_oldest(self) -> None:
        fact, organization_id = self._facts.popleft(), self._organizations.popleft()
        self._first_id += 1
        for name in _names(fact.shift_id, organization_id):
            ids = self._ids_of[name]
            if ids[-1] < self._first_id:
                del self._ids_of[name]
            elif len(ids) > _STALE_IDS and ids[_STALE_IDS] < self._first_id:
                del ids[:_STALE_IDS]

    def page(
        self, after: int, limit: int, shift_id: str | None = None, organization_id: str | None = None
    ) -> list[LogEntry]:
        """See `Store.log`."""
        found = self._ids(after, *_names(shift_id, None if shift_id is not None else organization_id))
        visible = (id_ for id_ in found if organization_id in (None, self._organizations[id_ - self._first_id]))
        return [self._entry(id_) for id_ in islice(visible, limit)]

    def _ids(self, after: int, name: str | None = None) -> Iterator[int]:
        """The ids above `after` of all facts, or of those under that name."""
        if name is None:
            yield from range(max(after + 1, self._first_id), self.last_id + 1)
            return
        ids = self._ids_of.get(name, array("q"))
        yield from islice(ids, bisect_right(ids, max(after, self._first_id - 1)), None)

    def page_of_types(
        self, types: Collection[FactType], after: int, limit: int, organization_id: str | None = None
    ) -> list[LogEntry]:
        """See `Store.log_of_types`."""
        entries = (
            self._entries(after)
            if organization_id is None
            else map(self._entry, self._ids(after, *_names(None, organization_id)))
        )
        return list(islice((entry for entry in entries if entry.fact.type in types), limit))

    def forgotten_generation(self, shift_id: str) -> int:
        """See `StateReader`. The shift has no fanout, so few facts about it are newer."""
        for id_ in reversed(self._ids_of.get(f"s:{shift_id}", array("q"))):
            if id_ < self._first_id:
                break
            data = self._entry(id_).fact.data
            if data.get("change") == "forgotten":
                return int(data.get("generation") or 0)
        return 0

    def fill_facts(self, start: datetime, after: int, end: datetime, limit: int) -> list[LogEntry]:
        """See `Store.fill_facts`."""
        between = (
            LogEntry(id=id_, fact=fact)
            for id_, fact in enumerate(self._facts, self._first_id)
            if start <= fact.at < end and (start, after) < (fact.at, id_) and matters(fact)
        )
        return sorted(between, key=lambda one: (one.fact.at, one.id))[:limit]

    @property
    def last_id(self) -> int:
        """The id of the last fact, 0 if there is none."""
        return self._first_id + len(self._facts) - 1 if self._facts else 0

    def _entries(self, after: int) -> Iterator[LogEntry]:
        """All entries with an id above `after`. To find each by its id takes time that grows with all facts."""
        facts = islice(enumerate(self._facts, self._first_id), max(0, after + 1 - self._first_id), None)
        return (LogEntry(id=id_, fact=fact) for id_, fact in facts)

    def _entry(self, id_: int) -> LogEntry:
        return LogEntry(id=id_, fact=self._facts[id_ - self._first_id])


def _names(shift_id: str | None, organization_id: str | None) -> list[str]:
    """The names under which the ids of a fact are found."""
    names = [] if shift_id is None else [f"s:{shift_id}"]
    return names if organization_id is None else [*names, f"o:{organization_id}"]
