"""Quiet hours: whether a moment lies in the quiet hours of a place, and when they end. Pure, imports nothing."""

from bisect import bisect_left
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache


@lru_cache(maxsize=256)
def quiet_until(start: time, end: time, zone: tzinfo, moment: datetime) -> datetime | None:
    """When the quiet hours end in which `moment` lies, in UTC; None if it lies in none.

    `start` and `end` are the same local times every day. If `end` is earlier, the hours last over midnight; if both
    are the same, there are no quiet hours. `moment` is aware. The end itself is no longer quiet.

    Where the clocks are set back, the longer night counts: hours that start at a time that comes twice start at the
    first, and hours that end at such a time end at the second. A time that the clocks skip counts as the moment at
    which they skip it.

    Cached: a batch of a round asks for the same moment again and again.
    """
    if start == end:
        return None
    today = moment.astimezone(zone).date()
    # The hours that began yesterday may still last, and end today at the earliest.
    ends = [
        ends_at
        for first_day in (today - timedelta(days=1), today)
        if (_instants(first_day, start, zone)[0] <= moment)
        and moment < (ends_at := _instants(_last_day(first_day, start, end), end, zone)[1])
    ]
    return max(ends, default=None)


def _last_day(first_day: date, start: time, end: time) -> date:
    return first_day if start < end else first_day + timedelta(days=1)


def _instants(day: date, local: time, zone: tzinfo) -> tuple[datetime, datetime]:
    """The first and the last moment at which the clocks show that local time; if they skip it, when they do so."""
    first, last = (datetime.combine(day, local.replace(fold=fold), tzinfo=zone).astimezone(UTC) for fold in (0, 1))
    if first <= last:
        return first, last
    # The offsets before and after the change give two moments, one on each side of it.
    before = last.astimezone(zone).utcoffset()

    def is_changed(seconds: int) -> bool:
        return (last + timedelta(seconds=seconds)).astimezone(zone).utcoffset() != before

    change = last + timedelta(seconds=bisect_left(range(int((first - last).total_seconds())), True, key=is_changed))
    return change, change
