"""Reads rows of the board from the store. No HTTP."""

import asyncio
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from pydantic_core import to_json

from app.board import rows
from app.domain.attention import attention_changes_at
from app.domain.records import Caregiver
from app.ports.store import ShiftFilter, Store

#: Rows read and rendered before the event loop runs other tasks.
_ROWS_PER_BATCH = 100
_SHIFTS_PER_PAGE = 1000


class ReadRow(NamedTuple):
    """One row of the board."""

    #: The JSON of `schemas.BoardRow`.
    json: bytes
    #: The next time at which the row changes without a write; None: never.
    changes_at: datetime | None


async def caregivers_of(store: Store, caregiver_ids: Collection[str], organization_id: str | None) -> list[Caregiver]:
    """The caregivers with these ids whom a viewer of that organization may see; None: all of them."""
    found = await store.caregivers_by_id(caregiver_ids) if caregiver_ids else []
    return [one for one in found if organization_id is None or one.works_for(organization_id)]


async def read_rows(
    store: Store, shift_ids: Sequence[str], now: datetime, organization_id: str | None = None
) -> dict[str, ReadRow]:
    """The rows of these shifts as they are at `now`, by shift id, in any order. Unknown ids are left out.

    `organization_id`: see `caregivers_of`.
    """
    read: dict[str, ReadRow] = {}
    for first in range(0, len(shift_ids), _ROWS_PER_BATCH):
        overviews = await store.overviews(shift_ids[first : first + _ROWS_PER_BATCH])
        named = set[str]().union(*(rows.row_caregiver_ids(one, now) for one in overviews))
        names = {one.id: one.name for one in await caregivers_of(store, named, organization_id)}
        for one in overviews:
            changes_at = None if one.report is None else attention_changes_at(one.report, now)
            read[one.shift.id] = ReadRow(to_json(rows.row(one, names, now)), changes_at)
        await asyncio.sleep(0)
    return read


async def first_shift_ids(store: Store, shift_filter: ShiftFilter, limit: int) -> list[str]:
    """The ids of at most `limit` shifts that the filter accepts, by start time, then by id.

    The store has pages by id only, so this reads all shifts that the filter accepts, and keeps `limit` of them.
    """
    found: list[tuple[datetime, str]] = []
    after = ""
    while True:
        page = await store.shifts(after, _SHIFTS_PER_PAGE, shift_filter)
        found = sorted([*found, *((shift.start_time, shift.id) for shift, _ in page)])[:limit]
        if len(page) < _SHIFTS_PER_PAGE:
            return [shift_id for _, shift_id in found]
        after = page[-1][0].id
