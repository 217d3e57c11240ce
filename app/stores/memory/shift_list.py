"""Lists the shifts that a filter accepts. It pauses between slices, because it may have to look at every shift."""

import asyncio
from datetime import datetime

from app.domain.records import Assignment, Shift, role_key
from app.ports.store import ShiftFilter
from app.stores.memory.shift_table import ShiftRow
from app.stores.memory.tables import Tables
from app.stores.memory.updates import Updates

#: Shifts looked at before other tasks get their turn: about three milliseconds.
_SHIFTS_PER_SLICE = 500


async def list_shifts(
    tables: Tables, updates: Updates, after: str | datetime, limit: int, shift_filter: ShiftFilter
) -> list[tuple[Shift, Assignment | None]]:
    """See `Store.shifts`."""

    def listed(shift_id: str) -> ShiftRow | None:
        row = tables.shifts.listed(shift_id)
        return row if row is not None and _accepts(tables, shift_filter, row) else None

    if isinstance(after, str):
        found = await _by_id(tables, after, limit, shift_filter)
    else:
        found = await updates.find("shift", after, limit, listed)
    return [(row.shift, row.assignment) for row in found]


async def _by_id(tables: Tables, after: str, limit: int, shift_filter: ShiftFilter) -> list[ShiftRow]:
    index, value = _narrowest_index(shift_filter)
    found: list[ShiftRow] = []
    while True:
        rows = tables.shifts.rows.find(index, value, after=after, limit=_SHIFTS_PER_SLICE)
        for row in rows:
            if _accepts(tables, shift_filter, row):
                found.append(row)
                if len(found) == limit:
                    return found
        if len(rows) < _SHIFTS_PER_SLICE:
            return found
        after = rows[-1].shift.id
        await asyncio.sleep(0)


def _accepts(tables: Tables, shift_filter: ShiftFilter, row: ShiftRow) -> bool:
    organization = tables.organization(row.shift.organization_id)
    return shift_filter.accepts(row.shift, claimed=row.assignment is not None, organization=organization)


def _narrowest_index(shift_filter: ShiftFilter) -> tuple[str, object]:
    """The index that leaves the fewest shifts to look at, as far as that is known without counting, and its value."""
    if shift_filter.within is not None:
        return "organization", shift_filter.within
    if shift_filter.organization_id is not None:
        return "organization", shift_filter.organization_id
    if shift_filter.role is not None:
        return "role", role_key(shift_filter.role)
    if shift_filter.claimed is not None:
        return "claimed", shift_filter.claimed
    return "all", True
