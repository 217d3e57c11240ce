"""The events that wait in memory: which one is sent next. No I/O, no awaits."""

from collections import deque
from dataclasses import dataclass
from datetime import datetime
from heapq import heappop, heappush

from app.domain.facts import LogEntry
from app.ports.store import LeasedEvent


@dataclass(slots=True)
class _Stream:
    """The events of one stream that were not sent yet, oldest first."""

    due_at: datetime
    entries: deque[LogEntry]
    #: How many tries of the first one have failed.
    attempts: int = 0


class EventQueue:
    """The facts that were not sent yet. Each stream sends its own in order, one at a time."""

    def __init__(self) -> None:
        self._streams: dict[str, _Stream] = {}
        #: A heap of (due time, id of the event, stream). Stale if the stream is due at another time by now.
        self._due: list[tuple[datetime, int, str]] = []

    def add(self, entry: LogEntry) -> None:
        """Append an event to its stream."""
        name = entry.fact.stream
        stream = self._streams.get(name)
        if stream is None:
            self._streams[name] = _Stream(due_at=entry.fact.at, entries=deque([entry]))
            heappush(self._due, (entry.fact.at, entry.id, name))
        else:
            stream.entries.append(entry)

    def lease(self, now: datetime, until: datetime, limit: int) -> list[LeasedEvent]:
        """See `Store.lease_events`."""
        found: list[LeasedEvent] = []
        while len(found) < limit and (due_at := self.next_due()) is not None and due_at <= now:
            _, _, name = heappop(self._due)
            stream = self._streams[name]
            self._set_due(name, stream, until)
            found.append(LeasedEvent(stream.entries[0], stream.attempts))
        return found

    def settle(self, event: LeasedEvent, now: datetime, retry_at: datetime | None) -> None:
        """See `Store.settle_event`."""
        name = event.entry.fact.stream
        stream = self._streams.get(name)
        if stream is None or stream.entries[0].id != event.entry.id:
            return
        if retry_at is not None:
            stream.attempts += 1
            self._set_due(name, stream, retry_at)
            return
        stream.entries.popleft()
        stream.attempts = 0
        if stream.entries:
            self._set_due(name, stream, now)
        else:
            del self._streams[name]

    def next_due(self) -> datetime | None:
        """See `Store.next_event_due`."""
        while self._due:
            due_at, _, name = self._due[0]
            stream = self._streams.get(name)
            if stream is not None and stream.due_at == due_at:
                return due_at
            heappop(self._due)
        return None

    def _set_due(self, name: str, stream: _Stream, at: datetime) -> None:
        stream.due_at = at
        heappush(self._due, (at, stream.entries[0].id, name))
