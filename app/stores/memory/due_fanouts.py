"""The fanouts that wait for their due time. Holds keys, not records. Does no I/O."""

from collections.abc import Callable, Collection
from datetime import datetime
from heapq import heappop, heappush
from itertools import count
from typing import NamedTuple

from app.domain.due_steps import DueStep, due_step, pending_work
from app.domain.fanout_records import Fanout


class _Due(NamedTuple):
    """An entry of the heap. It is stale once the fanout has another `due_at`."""

    shift_id: str
    generation: int
    due_at: datetime


class DueFanouts:
    """Follows `due_at` of all fanouts, with a heap for each kind of step."""

    def __init__(self, fanout_of: Callable[[str], Fanout | None]) -> None:
        """`fanout_of`: the fanout of a shift as it is now."""
        self._fanout_of = fanout_of
        #: Heaps, each ordered by the time at which the fanout is to be taken.
        self._heaps: dict[DueStep, list[tuple[datetime, int, _Due]]] = {step: [] for step in DueStep}
        self._sequence = count()

    def schedule(self, fanout: Fanout) -> bool:
        """Put a fanout that is about to be written on a heap for its `due_at`.

        False if nothing is due, or if a heap already has an entry for the same pending work.
        """
        before = self._fanout_of(fanout.shift_id)
        if fanout.due_at is None or (before is not None and pending_work(before) == pending_work(fanout)):
            return False
        due = _Due(fanout.shift_id, fanout.generation, fanout.due_at)
        heappush(self._heaps[due_step(fanout)], (fanout.due_at, next(self._sequence), due))
        return True

    def take(self, now: datetime, until: datetime, limit: int) -> list[Fanout]:
        """See `Store.due_fanouts`."""
        found: list[Fanout] = []
        for heap in self._heaps.values():
            taken = 0
            while heap and heap[0][0] <= now and taken < limit:
                _, _, due = heappop(heap)
                fanout = self._still_due(due)
                if fanout is not None:
                    heappush(heap, (until, next(self._sequence), due))
                    found.append(fanout)
                    taken += 1
        return found

    def next_due(self, steps: Collection[DueStep] = tuple(DueStep)) -> datetime | None:
        """The earliest time at which a fanout is to be taken for one of these steps; None if none waits."""
        heaps = [self._heaps[step] for step in steps]
        for heap in heaps:
            while heap and self._still_due(heap[0][2]) is None:
                heappop(heap)
        return min((heap[0][0] for heap in heaps if heap), default=None)

    def due_since(self, steps: Collection[DueStep], now: datetime) -> datetime | None:
        """Since when the longest overdue of these steps waits; None if none is due at `now`."""
        first = self.next_due(steps)
        return first if first is not None and first <= now else None

    def _still_due(self, due: _Due) -> Fanout | None:
        fanout = self._fanout_of(due.shift_id)
        if fanout is None or (fanout.generation, fanout.due_at) != (due.generation, due.due_at):
            return None
        return fanout
