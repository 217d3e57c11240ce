"""What those who operate the service look at is read without holding up others."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import cast

from fakes import START

from app.domain.fanout_reports import Overview
from app.domain.records import Shift
from app.ports.store import Store
from app.runtime.figures import LISTED_SINCE, MOST_LISTED, listed_overviews


class ManyShifts:
    """The part of a store that lists shifts. Like the memory store, it never lets another task run."""

    def __init__(self, count: int) -> None:
        self.ids = [f"s{n}" for n in range(count)]
        self.asked: list[tuple[datetime, int, str | None]] = []

    async def shift_ids_from(self, moment: datetime, limit: int, organization_id: str | None = None) -> list[str]:
        self.asked.append((moment, limit, organization_id))
        return self.ids

    async def overviews(self, shift_ids: Sequence[str]) -> list[Overview]:
        end = START + timedelta(hours=8)
        return [
            Overview(
                shift=Shift(id=one, organization_id="org", role_required="RN", start_time=START, end_time=end),
                assignment=None,
                report=None,
            )
            for one in shift_ids
        ]


async def test_other_tasks_run_between_two_batches() -> None:
    """Else the figures, or the PUT of an organization, would stop every request until all shifts are read."""
    store = ManyShifts(250)
    turns = 0

    async def count_turns() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    other = asyncio.create_task(count_turns())
    found = [one.shift.id async for one in listed_overviews(cast("Store", store), START, "org")]
    other.cancel()
    assert found == store.ids
    assert store.asked == [(START - LISTED_SINCE, MOST_LISTED, "org")]
    assert turns == 3
