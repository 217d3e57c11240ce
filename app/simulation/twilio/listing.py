"""Which messages or calls a list of the API shows, page by page. Pure."""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from operator import eq, ge, le
from typing import Any
from urllib.parse import urlencode

from app.simulation.twilio.account import Refused
from app.simulation.twilio.records import Record

_DEFAULT_PAGE_SIZE, _LARGEST_PAGE_SIZE = 50, 1000
#: A parameter that compares a time ends in one of these. They mean "at or before" and "at or after".
_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {"<": le, ">": ge, "": eq}
#: The field of the resource that a parameter of the list compares.
_TEXT_FIELDS = {"To": "to", "From": "from", "Status": "status"}
_TIME_FIELDS = {"DateSent": "date_sent", "StartTime": "start_time", "EndTime": "end_time"}


def page(name: str, stored: Iterable[Record], query: Mapping[str, str], path: str) -> Record:
    """One page of the list. `name`: `messages` or `calls`. `stored`: the newest first. `path`: of the request.

    Raises Refused for a page size or a time that is not valid.
    """
    found = [one for one in stored if _matches(one, query)]
    size, number = _whole(query.get("PageSize"), _DEFAULT_PAGE_SIZE), _whole(query.get("Page"), 0)
    if not 1 <= size <= _LARGEST_PAGE_SIZE:
        raise Refused(400, 20006)
    following = None
    if len(found) > (number + 1) * size:
        following = f"{path}?{urlencode({**query, 'Page': number + 1, 'PageToken': f'P{number + 1}'})}"
    return {
        name: found[number * size : (number + 1) * size],
        "page": number,
        "page_size": size,
        "next_page_uri": following,
        "uri": path,
    }


def _matches(record: Record, query: Mapping[str, str]) -> bool:
    for name, value in query.items():
        if (field := _TEXT_FIELDS.get(name)) and record.get(field) != value:
            return False
        comparison = name[-1] if name.endswith(("<", ">")) else ""
        if (field := _TIME_FIELDS.get(name.removesuffix(comparison))) and not _compares(
            record.get(field), value, comparison
        ):
            return False
    return True


def _compares(stored: str | None, value: str, comparison: str) -> bool:
    """Whether the stored time is at, before or after the given one. A day is the whole day, in UTC."""
    try:
        given = datetime.fromisoformat(value)
    except ValueError:
        raise Refused(400, 20001) from None
    if stored is None:
        return False
    moment, given = parsedate_to_datetime(stored), given.replace(tzinfo=given.tzinfo or UTC)
    if len(value) == len("2026-06-01"):
        return _COMPARISONS[comparison](moment.date(), given.date())
    return _COMPARISONS[comparison](moment, given)


def _whole(text: str | None, default: int) -> int:
    if text is None:
        return default
    if not text.isdecimal():
        raise Refused(400, 20001)
    return int(text)
