"""The messages whose provider is to be asked, and the calls that may ring. Holds keys, not records. Does no I/O."""

from collections.abc import Iterator
from datetime import datetime
from heapq import heappop, heappush
from itertools import count

from app.domain.messages import Contact, ContactKey, Notice
from app.domain.records import Channel
from app.stores.memory.outbox import EntryKey


class Asking:
    """Follows `ask_at` of all messages. The caller checks the record of each key that it gets."""

    def __init__(self) -> None:
        #: A heap. An entry is stale once its message has another `ask_at`.
        self._times: list[tuple[datetime, int, EntryKey]] = []
        self._sequence = count()
        #: When each call that may ring was handed over.
        self._calls: dict[ContactKey, datetime] = {}

    def put(self, key: EntryKey, entry: Contact | Notice) -> None:
        """Note the message's `ask_at`."""
        if entry.ask_at is not None:
            heappush(self._times, (entry.ask_at, next(self._sequence), key))
        if isinstance(key, ContactKey) and key.channel is Channel.VOICE:
            self._calls.pop(key, None)
            if entry.ask_at is not None and entry.handed_over_at is not None:
                self._calls[key] = entry.handed_over_at

    def pop_due(self, now: datetime) -> tuple[datetime, EntryKey] | None:
        """Take out the first `ask_at` that has come, with its message; None if there is none."""
        if not self._times or self._times[0][0] > now:
            return None
        ask_at, _, key = heappop(self._times)
        return ask_at, key

    def calls_since(self, since: datetime) -> Iterator[ContactKey]:
        """The calls handed over at `since` or later. Earlier ones are forgotten."""
        self._calls = {key: at for key, at in self._calls.items() if at >= since}
        return iter(tuple(self._calls))
