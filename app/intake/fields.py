"""The fields of records as people write them: ids, names, telephone numbers, times, zones."""

import re
from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, StringConstraints

from app.domain.phone_numbers import to_e164
from app.domain.time_zones import is_zone

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


_DATE_FIRST = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]\d")


def no_control(text: str) -> str:
    """The text. Raises ValueError if it has control characters, which some databases do not take."""
    if _CONTROL.search(text):
        raise ValueError("must not contain control characters")
    return text


def _rfc3339(value: object) -> object:
    # pydantic would also take a bare number for a time; the contract wants a date, a time and an offset.
    if not isinstance(value, str) or not _DATE_FIRST.match(value):
        raise ValueError("must be a date and time with an offset, like 2026-07-02T08:00:00-04:00")
    return value


def _utc(moment: datetime) -> datetime:
    if not 1970 < moment.year < 3000:
        raise ValueError("must be in the years 1971 to 2999")
    return moment.astimezone(UTC)


def _zone_name(name: str) -> str:
    if not is_zone(name):
        raise ValueError(f"no time zone is called {name!r}; use an IANA name such as America/New_York")
    return name


Id = Annotated[str, StringConstraints(min_length=1, max_length=128), AfterValidator(no_control)]


Phone = Annotated[str, AfterValidator(to_e164)]


Time = Annotated[AwareDatetime, BeforeValidator(_rfc3339), AfterValidator(_utc)]


def _words(longest: int) -> StringConstraints:
    return StringConstraints(min_length=1, max_length=longest, strip_whitespace=True)


Name = Annotated[str, _words(200), AfterValidator(no_control)]
Role = Annotated[str, _words(80), AfterValidator(no_control)]
Location = Annotated[str, _words(60), AfterValidator(no_control)]
ZoneName = Annotated[str, AfterValidator(_zone_name)]
