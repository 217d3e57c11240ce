"""Time zones by their IANA names: which names are accepted from outside, and the zone of a name."""

from datetime import UTC, tzinfo
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

#: Files of the time zone database whose names are not accepted: they are not zones, or differ between machines.
_NO_NAMES = frozenset({"Factory", "localtime", "posixrules"})


@cache
def load_zones() -> dict[str, tzinfo]:
    """Read every zone of the time zone database, about 600 files and 2 MB; later calls give the same dictionary.

    The service calls it at its start: a file that is opened later may fail, for instance because too many are open.
    Raises OSError if a file cannot be read.
    """
    return {name: ZoneInfo(name) for name in available_timezones() - _NO_NAMES}


def is_zone(name: str) -> bool:
    """Whether that is the IANA name of a zone. UTC is always one, even on a machine without a time zone database.

    `ZoneInfo` accepts more names than these, but browsers and other programs do not know them.
    """
    return name.upper() == "UTC" or name in load_zones()


def zone(name: str) -> tzinfo:
    """The zone with that IANA name.

    Raises ValueError if there is none (or the machine has no time zone database and it is not UTC).
    """
    if name.upper() == "UTC":
        return UTC
    try:
        return load_zones()[name]
    except KeyError:
        raise ValueError(f"no time zone is called {name!r}; use an IANA name such as America/New_York") from None
