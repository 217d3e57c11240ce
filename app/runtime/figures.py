"""What those who operate the service look at: what is under way in the store, and how many shifts need a person."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

from app.domain.attention import attention_of
from app.domain.attention_reasons import AttentionReason
from app.domain.fanout_reports import Overview
from app.ports.clock import Clock
from app.ports.meter import Gauges
from app.ports.store import Store

#: The shifts that the board lists, and that are counted: those that start from this long ago on, at most so many.
LISTED_SINCE = timedelta(days=1)
MOST_LISTED = 500
#: What was read is used again for this long, however many ask.
_KEPT_FOR = timedelta(seconds=5)
#: Shifts read before the event loop runs other tasks.
_SHIFTS_PER_BATCH = 100


async def listed_overviews(
    store: Store, now: datetime, organization_id: str | None = None
) -> AsyncIterator[Overview]:
    """The shifts that the board lists, of one organization or of all. Lets other tasks run between the batches."""
    shift_ids = await store.shift_ids_from(now - LISTED_SINCE, MOST_LISTED, organization_id)
    for first in range(0, len(shift_ids), _SHIFTS_PER_BATCH):
        for overview in await store.overviews(shift_ids[first : first + _SHIFTS_PER_BATCH]):
            yield overview
        await asyncio.sleep(0)


class FiguresReader:
    """Reads the figures from the store, at most once in five seconds."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._last: Gauges | None = None

    async def read(self) -> Gauges:
        """The figures of now, or of at most five seconds ago. Raises StoreUnavailable."""
        now = self._clock.now()
        if self._last is None or not self._last.at <= now < self._last.at + _KEPT_FOR:
            attention = await self._count_attention(now)
            self._last = Gauges(at=now, store=await self._store.figures(now), attention=attention)
        return self._last

    async def _count_attention(self, now: datetime) -> dict[AttentionReason, int]:
        """How many of the listed shifts need a person, for each reason."""
        counts: Counter[AttentionReason] = Counter()
        async for one in listed_overviews(self._store, now):
            if one.report is not None:
                counts.update({attention.reason for attention in attention_of(one.report, now)})
        return dict(counts)
