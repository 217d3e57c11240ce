"""Which record changed when: the order in which lists show the records that changed after a given time."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple, TypeVar, get_args

from app.database import InMemoryKeyValueDatabase
from app.domain.facts import ListedKind, Updated
from app.domain.records import NOT_STORED
from app.stores.memory.tables import Tables

RecordT = TypeVar("RecordT")

_TICK = timedelta(microseconds=1)
#: Records looked at before other tasks get their turn: about three milliseconds.
_RECORDS_PER_SLICE = 500


class _Update(NamedTuple):
    at: datetime
    id: str


class Updates:
    """The time of the last change of each record. No two times are the same, and a later change has a later time."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._last = NOT_STORED
        self._times: dict[Updated, datetime] = {}
        self._by_time: dict[ListedKind, InMemoryKeyValueDatabase[datetime, _Update]] = {
            kind: InMemoryKeyValueDatabase({"all": lambda _: True}) for kind in get_args(ListedKind)
        }

    def note(self, updated: Updated, now: datetime) -> None:
        """Store that the record changed at `now`, or a little later if another one did. Call it after the change.

        A record that was deleted is forgotten.
        """
        before = self._times.pop(updated, None)
        if before is not None:
            self._by_time[updated.kind].delete(before)
        at = max(now, self._last + _TICK)
        if self._store_time(updated, at):
            self._last = self._times[updated] = at
            self._by_time[updated.kind].put(at, _Update(at, updated.id))

    async def find(
        self, kind: ListedKind, after: datetime, limit: int, listed: Callable[[str], RecordT | None]
    ) -> list[RecordT]:
        """At most `limit` records that changed later than `after`, in the order of their last changes.

        `listed` takes an id, and returns what the list has under it, or None to leave it out.
        """
        found: list[RecordT] = []
        while True:
            changed = self._by_time[kind].find("all", True, after=after, limit=_RECORDS_PER_SLICE)
            for update in changed:
                record = listed(update.id)
                if record is not None:
                    found.append(record)
                    if len(found) == limit:
                        return found
            if len(changed) < _RECORDS_PER_SLICE:
                return found
            after = changed[-1].at
            await asyncio.sleep(0)

    def _store_time(self, updated: Updated, at: datetime) -> bool:
        """Store it in the record. Returns False if there is no such record."""
        match updated.kind:
            case "caregiver":
                caregiver = self._tables.caregivers.get(updated.id)
                if caregiver is not None:
                    self._tables.caregivers.put(updated.id, replace(caregiver, updated_at=at))
                return caregiver is not None
            case "organization":
                organization = self._tables.organizations.get(updated.id)
                if organization is not None:
                    self._tables.organizations.put(updated.id, replace(organization, updated_at=at))
                return organization is not None
            case "shift":
                return self._tables.shifts.set_updated_at(updated.id, at)
