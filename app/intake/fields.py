"""The types of the fields of incoming data: ids, names, telephone numbers, times, zones. Each checks its values."""

import re
import unicodedata
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BeforeValidator,
    Field,
    StringConstraints,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)

from app.domain.phone_numbers import to_e164
from app.domain.time_zones import is_zone

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
#: Separators of lines and paragraphs: a log or a text would break there.
_SEPARATORS = re.compile("[\u2028\u2029]")
#: Embeddings, overrides and isolates: they would reorder the text around a name.
_BIDIRECTIONAL = re.compile("[\u202a-\u202e\u2066-\u2069]")
#: Characters without a shape of their own, such as joiners, marks of direction, variation selectors and tags. Source:
#: Unicode's property Default_Ignorable_Code_Point, without those of `_BIDIRECTIONAL`, with U+FFF9 to U+FFFB.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2060-\u2065\u206a-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_TIME_OF_DAY = re.compile(r"([01]\d|2[0-3]):[0-5]\d", re.ASCII)
#: The longest wait and the longest rest, so that no time is out of range.
_YEAR_S = 366 * 86_400
#: The parser of times checks the rest.
_DATE_AND_TIME = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]\d[ -~]*", re.ASCII)
#: The offsets that PostgreSQL takes. Those of all zones on earth are between -12 and +14 hours.
_OFFSETS_BELOW = timedelta(hours=16)
_FIRST_MOMENT, _AFTER_LAST_MOMENT = datetime(1971, 1, 1, tzinfo=UTC), datetime(3000, 1, 1, tzinfo=UTC)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def no_control(text: str) -> str:
    """The text. Raises ValueError if it has control characters; some databases refuse them."""
    if _CONTROL.search(text):
        raise ValueError("must not contain control characters")
    return text


def _readable(value: object) -> object:
    """The text in NFC without invisible characters, before it is trimmed and measured. Other values as they are."""
    if not isinstance(value, str):
        return value
    if _SEPARATORS.search(no_control(value)):
        raise ValueError("must not contain separators of lines or paragraphs")
    if _BIDIRECTIONAL.search(value):
        raise ValueError("must not contain characters that change the direction of text")
    return unicodedata.normalize("NFC", _INVISIBLE.sub("", value))


def _written_like(form: re.Pattern[str], described: str) -> WrapValidator:
    """Refuses what is not written in this form: pydantic would also accept a bare number, as seconds since 1970."""

    def check(value: object, parse: ValidatorFunctionWrapHandler) -> object:
        if isinstance(value, str) and form.fullmatch(value):
            with suppress(ValidationError):
                return parse(value)
        raise ValueError(f"must be {described}")

    return WrapValidator(check)


def _in_range(moment: datetime) -> datetime:
    offset = moment.utcoffset()
    if offset is None or abs(offset) >= _OFFSETS_BELOW:
        raise ValueError("must have an offset from -15:59 to +15:59")
    # Stored and answered in UTC, in which the year may be another one.
    if not _FIRST_MOMENT <= moment < _AFTER_LAST_MOMENT:
        raise ValueError("must be in the years 1971 to 2999 in UTC")
    return moment


def _zone_name(name: str) -> str:
    if not is_zone(name):
        raise ValueError("not the name of a time zone; use an IANA name such as America/New_York")
    return name


def _hours_and_minutes(value: object) -> time:
    if not isinstance(value, str) or not _TIME_OF_DAY.fullmatch(value):
        raise ValueError("must be a time of day from 00:00 to 23:59, like 21:00")
    return time.fromisoformat(value)


def _text(max_length: int) -> StringConstraints:
    return StringConstraints(min_length=1, max_length=max_length, strip_whitespace=True)


Id = Annotated[str, StringConstraints(min_length=1, max_length=128), AfterValidator(no_control)]
#: Becomes E.164.
Phone = Annotated[str, AfterValidator(to_e164)]
#: Keeps the offset it was given in.
Time = Annotated[
    AwareDatetime,
    _written_like(_DATE_AND_TIME, "a date and time with an offset, like 2026-07-02T08:00:00-04:00"),
    AfterValidator(_in_range),
]
Day = Annotated[date, _written_like(_DATE, "a date, like 2026-07-02")]
Name = Annotated[str, _text(200), BeforeValidator(_readable)]
Role = Annotated[str, _text(80), BeforeValidator(_readable)]
Location = Annotated[str, _text(60), BeforeValidator(_readable)]
#: A time of day without a zone, as in 21:00.
TimeOfDay = Annotated[time, BeforeValidator(_hours_and_minutes)]
Seconds = Annotated[float, Field(gt=0, le=_YEAR_S, allow_inf_nan=False, strict=True)]
Hours = Annotated[float, Field(ge=0, le=_YEAR_S / 3600, allow_inf_nan=False, strict=True)]
ZoneName = Annotated[str, AfterValidator(_zone_name)]
