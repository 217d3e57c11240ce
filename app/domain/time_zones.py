"""Time zones by their IANA names: which names are accepted from outside, and the zone of a name."""

from datetime import UTC, tzinfo
from functools import cache, lru_cache
from zoneinfo import ZoneInfo, available_timezones

#: Files of the database that are no zone, or another on each machine.
_NO_NAMES = frozenset({"Factory", "localtime", "posixrules"})


@cache
def _names() -> frozenset[str]:
    return frozenset(available_timezones()) - _NO_NAMES


def is_zone(name: str) -> bool:
    """Whether that is the IANA name of a zone. UTC is, in any case, also on a machine without a database.

    Python opens more files of the database than these; browsers and other programs know nothing of them.
    """
    return name.upper() == "UTC" or name in _names()


@lru_cache(maxsize=512)
def zone(name: str) -> tzinfo:
    """The IANA zone of that name.

    Raises ValueError if there is none (or the machine has no time zone database and it is not UTC).
    """
    if name.upper() == "UTC":
        return UTC
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, LookupError) as exc:
        raise ValueError(f"no time zone is called {name!r}; use an IANA name such as America/New_York") from exc
