"""The types of the fields of incoming data: ids, names, telephone numbers, times, zones. Each checks its values."""

import re
import unicodedata
from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, StringConstraints

from app.domain.phone_numbers import to_e164
from app.domain.time_zones import is_zone

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
#: Embeddings, overrides and isolates: they would reorder the text around a name.
_BIDIRECTIONAL = re.compile("[\u202a-\u202e\u2066-\u2069]")
#: Characters without a shape of their own: joiners, marks of direction, byte order mark, soft hyphen.
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060-\u2064\ufeff]")
_DATE_FIRST = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]\d")


def no_control(text: str) -> str:
    """The text. Raises ValueError if it has control characters; some databases refuse them."""
    if _CONTROL.search(text):
        raise ValueError("must not contain control characters")
    return text


def _visible(value: object) -> object:
    """The text in NFC without invisible characters, before its length is checked. Other values as they are."""
    return unicodedata.normalize("NFC", _INVISIBLE.sub("", value)) if isinstance(value, str) else value


def _readable(text: str) -> str:
    if _BIDIRECTIONAL.search(no_control(text)):
        raise ValueError("must not contain characters that change the direction of text")
    return text


def _rfc3339(value: object) -> object:
    # pydantic would also accept a bare number, as seconds since 1970.
    if not isinstance(value, str) or not _DATE_FIRST.match(value):
        raise ValueError("must be a date and time with an offset, like 2026-07-02T08:00:00-04:00")
    return value


def _in_range(moment: datetime) -> datetime:
    if not 1970 < moment.year < 3000:
        raise ValueError("must be in the years 1971 to 2999")
    return moment


def _zone_name(name: str) -> str:
    if not is_zone(name):
        raise ValueError("not the name of a time zone; use an IANA name such as America/New_York")
    return name


def _text(max_length: int) -> StringConstraints:
    return StringConstraints(min_length=1, max_length=max_length, strip_whitespace=True)


Id = Annotated[str, StringConstraints(min_length=1, max_length=128), AfterValidator(no_control)]
#: Becomes E.164.
Phone = Annotated[str, AfterValidator(to_e164)]
#: Keeps the offset it was given in.
Time = Annotated[AwareDatetime, BeforeValidator(_rfc3339), AfterValidator(_in_range)]
Name = Annotated[str, _text(200), AfterValidator(_readable), BeforeValidator(_visible)]
Role = Annotated[str, _text(80), AfterValidator(_readable), BeforeValidator(_visible)]
Location = Annotated[str, _text(60), AfterValidator(_readable), BeforeValidator(_visible)]
ZoneName = Annotated[str, AfterValidator(_zone_name)]
