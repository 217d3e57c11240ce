"""Implements `relative_to` of a data file: moves the shifts by whole weeks, to the week after the service's start.

Never reads a clock or a file.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType

from app.domain.records import Shift
from app.domain.time_zones import zone

_NONE: Mapping[str, str] = MappingProxyType({})
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def parse_monday(value: object) -> date:
    """The date in a `relative_to`. Raises ValueError unless `value` is a Monday as YYYY-MM-DD, from 1971 to 2999."""
    try:
        monday = date.fromisoformat(value) if isinstance(value, str) and _DATE.fullmatch(value) else None
    except ValueError:
        monday = None
    if monday is None or monday.weekday() != 0 or not 1970 < monday.year < 3000:
        raise ValueError("must be the date of a Monday, like 2038-03-01, in the years 1971 to 2999")
    return monday


def move_to_next_week(
    shifts: Sequence[Shift], monday: date, now: datetime, zone_name: str, zone_names: Mapping[str, str] = _NONE
) -> tuple[Shift, ...]:
    """The shifts, all moved by the same number of weeks, forward or back.

    The week that begins on `monday` becomes the first week that, at `now`, has begun in no shift's zone.
    `zone_names`: the zones of organizations, by id. `zone_name`: the zone of a shift that has none.

    Each shift keeps its local times, across changes to and from summer time too. So a shift during which the clocks
    change becomes an hour longer or shorter.
    """
    zones = {shift.id: zone(shift.time_zone or zone_names.get(shift.organization_id, zone_name)) for shift in shifts}
    if not zones:
        return ()
    today = max(now.astimezone(its_zone).date() for its_zone in zones.values())
    next_monday = today + timedelta(days=7 - today.weekday())
    distance = next_monday - monday

    def moved(shift: Shift) -> Shift:
        # Adding to a datetime with a zone changes the local time; `astimezone` then takes the offset of that day.
        start = (shift.start_time.astimezone(zones[shift.id]) + distance).astimezone(UTC)
        end = (shift.end_time.astimezone(zones[shift.id]) + distance).astimezone(UTC)
        if end <= start:
            # The shift is within the hour that the clocks skip or repeat on that day.
            end = start + (shift.end_time - shift.start_time)
        return replace(shift, start_time=start, end_time=end)

    return tuple(map(moved, shifts))
