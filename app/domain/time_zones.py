"""Which names of time zones are taken from outside."""

from functools import cache
from zoneinfo import available_timezones

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
