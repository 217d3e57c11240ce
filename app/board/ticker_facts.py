"""The facts that the ticker of the board announces, as the log has them. Imports no HTTP code."""

from collections import deque

from pydantic_core import to_json

from app.board.reading import caregivers_of
from app.board.schemas import BoardLogEntry
from app.domain.facts import FactType, LogEntry
from app.ports.store import Store
from app.web import rendering

#: What the ticker announces. Why a shift needs a person it takes from the rows: some reasons begin without a fact,
#: because time has passed.
TYPES = (FactType.SHIFT_FILLED, FactType.SHIFT_ASSIGNED, FactType.SHIFT_RELEASED)
#: At most this many are kept. The ticker shows three at once.
_MOST = 50
#: How far back in the log the first read begins. A page that was disconnected a moment ago announces what it missed.
_LOOK_BACK = 1000
_PER_READ = 100


async def named_entries(
    store: Store, entries: list[LogEntry], organization_id: str | None = None
) -> list[BoardLogEntry]:
    """The entries with the names of the caregivers whom they are about. `organization_id`: see `caregivers_of`."""
    named = {entry.fact.caregiver_id for entry in entries if entry.fact.caregiver_id is not None}
    names = {one.id: one.name for one in await caregivers_of(store, named, organization_id)}
    return [{**rendering.log_entry(entry), "name": names.get(entry.fact.caregiver_id or "")} for entry in entries]


class TickerFacts:
    """The last facts of `TYPES`, each as the JSON of a `BoardLogEntry`."""

    def __init__(self, store: Store, organization_id: str | None = None) -> None:
        """`organization_id`: only facts of that one; None: of all."""
        self._store = store
        self._organization_id = organization_id
        #: Up to which id of the log was read; None before the first read.
        self._read_up_to: int | None = None
        self._entries: deque[tuple[int, bytes]] = deque(maxlen=_MOST)

    @property
    def last_id(self) -> int:
        """The id of the last fact that is kept, 0 if there is none."""
        return self._entries[-1][0] if self._entries else 0

    async def read(self) -> None:
        """Read the facts since the last call."""
        end = await self._store.log_end()
        if self._read_up_to is None:
            self._read_up_to = max(0, end - _LOOK_BACK)
        while self._read_up_to < end:
            entries = await self._store.log_of_types(TYPES, self._read_up_to, _PER_READ, self._organization_id)
            items = await named_entries(self._store, entries, self._organization_id)
            self._entries.extend((entry.id, to_json(item)) for entry, item in zip(entries, items, strict=True))
            last = entries[-1].id if entries else 0
            self._read_up_to = last if len(entries) == _PER_READ else max(last, end)

    def json_after(self, fact_id: int) -> bytes:
        """The JSON of the list of those with a higher id, oldest first."""
        return b"[%b]" % b",".join(entry for id_, entry in self._entries if id_ > fact_id)

    def clear(self) -> None:
        """Forget everything. The next `read` begins like the first one."""
        self._read_up_to = None
        self._entries.clear()
