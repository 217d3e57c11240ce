"""Finds the days, hours, sums of money and telephone numbers in a reply and checks them against the shift.

Owns how people write a day or an hour, in four languages. Imports nothing of the app but the spelling tables.
"""

import re
from dataclasses import dataclass
from datetime import datetime

from app import vocabulary as v

OTHER_DAY, SAME_DAY = "@otherday", "@day"
OTHER_TIME, SAME_TIME = "@othertime", "@time"


@dataclass(frozen=True, slots=True)
class ShiftTimes:
    """The offered shift's wall-clock start and end, against which days and hours in a reply are checked."""

    start: datetime
    end: datetime


# "Yes for Thursday" takes a Thursday shift and turns down any other, so a day can only be judged against the
# shift: callers should pass theirs. Without one a reply is read as an answer to the offer which
# tests/data/replies.jsonl is about; a day named to any other shift is then UNKNOWN, which costs a minute.
REFERENCE_SHIFT = ShiftTimes(datetime(2025, 7, 2, 8), datetime(2025, 7, 2, 16))  # noqa: DTZ001 - wall-clock


_HOUR = (
    r"(?:(?:1[0-2]|0?[1-9])(?:[:.][0-5]\d)?|(?:1[3-9]|2[0-3]):[0-5]\d|(?:[01]\d|2[0-3])(?:00|15|30|45)"
    r"|noon|midnight|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
    r"(?: ?(?:a\.?m\b\.?|p\.?m\b\.?|[ap]\b|o'?clock\b))?"
)
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\.?"
)
_WEEKDAY = "|".join(sorted(v.WEEKDAYS, key=len, reverse=True))
_DAY_WORD = rf"(?:(?:{_WEEKDAY})s?\b\.?|(?:{v.SPANISH_MONTHS}|{_MONTH}) ?\d{{1,2}}(?:st|nd|rd|th)?\b)"
_DAY_NUMBER = (
    rf"(?:\d{{1,2}}(?:st|nd|rd|th)\b(?: of {_MONTH})?|\d{{1,2}} (?:de )?(?:{v.SPANISH_MONTHS})\b"
    rf"|\d{{1,2}}/\d{{1,2}}(?:/\d{{2,4}})?(?![\d/]))"
)
_MORE_DAYS = rf"(?:[ ,]{{0,2}}(?:\bthe |\bel )?\b(?:{_DAY_WORD}|{_DAY_NUMBER})){{0,2}}"
_TO = r" ?(?:-|to\b|til+\b|'til\b|until\b|thru\b|through\b|a\b) ?"
_PREPOSITION = r"at|by|from|until|til+|thru|before|after|around|about|past|a las|hasta las"
# Two halves, told apart by the first character, so that most words of a reply are passed over at once.
_FACT = re.compile(
    r"(?<![\w.:])(?=[\d$+(])(?:"
    r"(?P<phone>\+?1?[ .-]?\(?\d{3}\)?[ .-]?\d{3}[ .-]?\d{4}(?!\d))"
    r"|(?P<money>\$ ?\d[\d.,]*k?"
    r"|\d+(?:\.\d\d)? ?(?:dollars?|bucks|dolares|usd|/ ?hr|/ ?hour|an hour|per hour|la hora)\b)"
    rf"|(?P<date>{_DAY_NUMBER}{_MORE_DAYS})"
    rf"|(?P<range>{_HOUR}{_TO}{_HOUR}(?!\w))"
    r"|(?P<bare>(?:1[0-2]|0?[1-9])(?:(?::[0-5]\d)? ?(?:a\.?m\b|p\.?m\b|o'?clock\b)\.?|:[0-5]\d\b)))"
    r"|\b(?=[a-z])(?:"
    rf"(?P<day>(?:next )?{_DAY_WORD}{_MORE_DAYS})"
    rf"|(?P<span>(?:from |de )?(?<![\d.:])\b{_HOUR}{_TO}{_HOUR}(?!\w))"
    rf"|(?P<clock>(?P<prep>{_PREPOSITION}) ?{_HOUR}(?![\d/\w])))"
)
# A reply with more digits than this is no sentence; its numbers stay unexplained, so it is never acted on.
_MAX_DIGITS = 80
_DIGIT = re.compile(r"\d")


def mark_facts(text: str, shift: ShiftTimes) -> str:
    """Return the lower-case `text` with its facts as words: `@day`, `@time`, `@money`, `@phone`, ...

    A day or hours other than those of `shift` become `@otherday` and `@othertime`; a single hour of which
    it is not clear what it is the hour of, `@clock`.
    """
    if len(_DIGIT.findall(text)) > _MAX_DIGITS:
        return text
    return _FACT.sub(lambda match: _fact(match, shift), text)


_HOUR_PARTS = re.compile(r"(\d{1,2})[:.]?(\d\d)?|[a-z]+")
_HOUR_ONLY = re.compile(rf"\b{_HOUR}")
_ORDINAL = re.compile(r"\d{1,2}")


def _clock(text: str) -> tuple[int, int]:
    # Twelve-hour value: people leave out am and pm, and no shift starts and ends at the same hour.
    if len(text) >= 4 and text[:4].isdigit():
        return int(text[:2]) % 12, int(text[2:4])
    found = _HOUR_PARTS.match(text)
    if found is None:
        return -1, 0
    if found[1]:
        return int(found[1]) % 12, int(found[2] or 0)
    return v.HOUR_WORDS.get(found[0], -1) % 12, 0


def _same_day(text: str, start: datetime) -> bool:
    if text.startswith("next "):
        return False
    for weekday in re.findall(r"[a-z]+", text):
        if (index := v.WEEKDAYS.get(weekday, v.WEEKDAYS.get(weekday.removesuffix("s")))) is not None:
            if index != start.weekday():
                return False
        elif (month := v.MONTHS.get(weekday[:3])) is not None and month != start.month:
            return False
    numbers = [int(n) for n in _ORDINAL.findall(text)]
    if "/" in text and len(numbers) > 1:
        return numbers[:2] == [start.month, start.day]
    return all(n == start.day for n in numbers[:1])


def _fact(match: re.Match[str], shift: ShiftTimes) -> str:
    kind, text = match.lastgroup, match[0]
    start = shift.start.hour % 12, shift.start.minute
    end = shift.end.hour % 12, shift.end.minute
    if kind in {"day", "date"}:
        return f" {SAME_DAY if _same_day(text, shift.start) else OTHER_DAY} "
    hours = [_clock(m[0].strip()) for m in _HOUR_ONLY.finditer(text)]
    if kind in {"range", "span"}:
        return f" {SAME_TIME if hours == [start, end] else OTHER_TIME} "
    if kind == "bare":
        return f" {SAME_TIME if hours == [start] else '@clock'} "
    if kind == "clock":
        # "At ten" may be when a dentist waits; "until two" is always an offer of part of the shift.
        if hours != [start] and match["prep"] in {"at", "by", "around", "about", "a las"}:
            return " @clock "
        expected = {"at": start, "by": start, "from": start, "a las": start}.get(match["prep"])
        if match["prep"].startswith(("unt", "til", "thru", "hasta")):
            expected = end
        return f" {SAME_TIME if hours == [expected] else OTHER_TIME} "
    return f" @{kind} "
