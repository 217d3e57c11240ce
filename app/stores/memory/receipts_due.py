"""The messages whose receipt must be asked for, and the calls that may ring. Does no I/O."""

from datetime import datetime
from heapq import heappop, heappush
from itertools import count

from app.domain.messages import Contact, ContactKey, Notice
from app.domain.records import Channel
from app.stores.memory.outbox import EntryKey


class ReceiptsDue:
    """Follows `ask_at` of all messages. The caller checks the record of each key that it gets."""

    def __init__(self) -> None:
        #: A heap. An entry is stale once its message has another `ask_at`.
        self._times: list[tuple[datetime, int, EntryKey]] = []
        self._sequence = count()
        #: The calls that may ring, with when each was handed over. The records themselves: a later generation of the
        #: fanout drops them from the tables, and such a call must still be ended.
        self._calls: dict[ContactKey, tuple[datetime, Contact]] = {}

    def put(self, key: EntryKey, entry: Contact | Notice) -> None:
        """Note the message's `ask_at`."""
        if entry.ask_at is not None:
            heappush(self._times, (entry.ask_at, next(self._sequence), key))
        if isinstance(key, ContactKey) and isinstance(entry, Contact) and key.channel is Channel.VOICE:
            self._calls.pop(key, None)
            if entry.ask_at is not None and entry.handed_over_at is not None:
                self._calls[key] = entry.handed_over_at, entry

    def pop_due(self, now: datetime) -> tuple[datetime, EntryKey] | None:
        """Take out the first `ask_at` that has come, with its message; None if there is none."""
        if not self._times or self._times[0][0] > now:
            return None
        ask_at, _, key = heappop(self._times)
        return ask_at, key

    def calls_since(self, since: datetime) -> list[Contact]:
        """The calls handed over at `since` or later. Earlier ones are forgotten."""
        self._calls = {key: call for key, call in self._calls.items() if call[0] >= since}
        return [call for _, call in self._calls.values()]
