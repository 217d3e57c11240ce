"""Finds the days, hours, sums of money and telephone numbers in a reply and checks them against the shift.

Owns how people write a day or an hour, in four languages. Imports only the spelling tables and `ShiftTimes`.
"""

import re
from datetime import datetime
from functools import lru_cache

from app.domain.reading import ShiftTimes
from app.understanding.phrases import spelling as v

OTHER_DAY, SAME_DAY = "@otherday", "@day"
OTHER_TIME, SAME_TIME = "@othertime", "@time"


# "Yes for Thursday" accepts a Thursday shift and no other, so callers should pass their shift. This one is the shift
# that the replies in tests/data/replies.jsonl answer.
REFERENCE_SHIFT = ShiftTimes(datetime(2025, 7, 2, 8), datetime(2025, 7, 2, 16))  # noqa: DTZ001 - wall-clock


_HOUR = (
    r"(?:(?:1[0-2]|0?[1-9])(?:[:.][0-5]\d)?|(?:1[3-9]|2[0-3]):[0-5]\d|(?:[01]\d|2[0-3])(?:00|15|30|45)"
    r"|noon|midnight|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
    r"(?: ?(?:a\.?m\b\.?|p\.?m\b\.?|[ap]\b|o'? ?clock\b))?"
)
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\.?"
)
_ORDINALS = "|".join(v.ORDINALS)
_WEEKDAY = "|".join(sorted(v.WEEKDAYS, key=len, reverse=True))
_DAY_WORD = (
    rf"(?:(?:{_WEEKDAY})s?\b(?:\.(?=,? ?(?:\d|{_MONTH})))?"
    rf"|(?:{v.SPANISH_MONTHS}|{_MONTH}) ?(?:\d{{1,2}}(?:st|nd|rd|th)?|{_ORDINALS})\b)"
)
_DAY_NUMBER = (
    rf"(?:\d{{1,2}}(?:st|nd|rd|th)\b(?! (?:floor|street|ave|time|visit|grade)\b)"
    rf"(?: of {_MONTH})?|\d{{1,2}} (?:de )?(?:{v.SPANISH_MONTHS})\b"
    rf"|\d{{1,2}}/\d{{1,2}}(?:/\d{{2,4}})?(?![\d/]))"
)
_MORE_DAYS = rf"(?:[ ,]{{0,2}}(?:\bthe |\bel )?\b(?:{_DAY_WORD}|{_DAY_NUMBER})){{0,2}}"
_TO = r" ?(?:-|to\b|til+\b|'til\b|until\b|thru\b|through\b|a\b) ?"
_PREPOSITION = r"at|by|from|until|til+|thru|before|after|around|about|past|a las|hasta las"
# Two halves: facts that start with a digit or sign, and facts that start with a letter. The look-ahead of each half
# lets the search skip most words quickly.
_FACT = re.compile(
    r"(?<![\w.:])(?=[\d$+(])(?:"
    r"(?P<phone>\+?1?[ .-]?\(?\d{3}\)?[ .-]?\d{3}[ .-]?\d{4}(?!\d))"
    r"|(?P<money>\$ ?\d[\d.,]*k?"
    r"|\d+(?:\.\d\d)? ?(?:dollars?|bucks|dolares|usd|/ ?hr|/ ?hour|an hour|per hour|la hora)\b)"
    rf"|(?P<date>{_DAY_NUMBER}{_MORE_DAYS})"
    rf"|(?P<range>{_HOUR}{_TO}{_HOUR}(?!\w))"
    r"|(?P<bare>(?:1[0-2]|0?[1-9])(?:(?::[0-5]\d)? ?(?:a\.?m\b|p\.?m\b|o'? ?clock\b)\.?|:[0-5]\d\b| sharp\b)))"
    r"|\b(?=[a-z])(?:"
    rf"(?P<day>(?:next )?{_DAY_WORD}{_MORE_DAYS})"
    rf"|(?P<span>(?:from |de )?(?<![\d.:])\b{_HOUR}{_TO}{_HOUR}(?!\w))"
    rf"|(?P<spoken>(?:{'|'.join(v.HOUR_WORDS)}) ?(?:o'? ?clock\b|[ap]\.?m\b\.?|sharp\b))"
    rf"|(?P<clock>(?P<prep>{_PREPOSITION})(?: |(?=\d)){_HOUR}(?![\d/\w])))"
)
# A reply with more digits than this is not a sentence. Its numbers stay unexplained, so it is never an answer.
_MAX_DIGITS = 50
_DIGIT = re.compile(r"\d")


# Every day or hour contains one of these. Spaced-out letters match too, because they may spell one ("w e d").
_TIME_WORD = re.compile(
    rf"\d|\b(?:{_WEEKDAY}|{_MONTH}|{v.SPANISH_MONTHS}|{'|'.join(v.HOUR_WORDS)})|\b[a-z][ .*-]{{1,2}}[a-z][ .*-]",
    re.IGNORECASE,
)


def may_name_a_time(text: str) -> bool:
    """Whether `text` may name a day or an hour. If not, it means the same for every shift."""
    return not text.isascii() or _TIME_WORD.search(text) is not None


def mark_facts(text: str, shift: ShiftTimes | None) -> str:
    """Return the lower-case `text` with its facts as words: `@day`, `@time`, `@money`, `@phone`, ...

    A day or hours other than those of `shift` become `@otherday` and `@othertime`. A single hour that may be the
    hour of something else becomes `@clock`. Without a shift any day and hours count as the shift's.
    """
    if len(_DIGIT.findall(text)) > _MAX_DIGITS:
        return text
    return _FACT.sub(lambda match: f" {_fact(str(match.lastgroup), match[0], match['prep'], shift)} ", text)


_HOUR_PARTS = re.compile(r"(\d{1,2})[:.]?(\d\d)?|[a-z]+")
_HOUR_ONLY = re.compile(rf"\b{_HOUR}")
_ORDINAL = re.compile(r"\d{1,2}")


def _clock(text: str) -> tuple[int, int]:
    # Hours are compared on a twelve-hour clock, because people leave out am and pm.
    if len(text) >= 4 and text[:4].isdigit():
        return int(text[:2]) % 12, int(text[2:4])
    found = _HOUR_PARTS.match(text)
    if found is None:
        return -1, 0
    if found[1]:
        return int(found[1]) % 12, int(found[2] or 0)
    return v.HOUR_WORDS.get(found[0], -1) % 12, 0


def _same_day(text: str, start: datetime | None) -> bool:
    if text.startswith("next "):
        return False
    if start is None:
        return True
    for weekday in re.findall(r"[a-z]+", text):
        if (index := v.WEEKDAYS.get(weekday, v.WEEKDAYS.get(weekday.removesuffix("s")))) is not None:
            if index != start.weekday():
                return False
        elif (month := v.MONTHS.get(weekday[:3])) is not None and month != start.month:
            return False
    numbers = [int(n) for n in _ORDINAL.findall(text)]
    numbers += [v.ORDINALS[word] for word in text.split() if word in v.ORDINALS]
    if "/" in text and len(numbers) > 1:
        return numbers[:2] == [start.month, start.day]
    return all(n == start.day for n in numbers[:1])


def _same_hours(kind: str, hours: list[tuple[int, int]], preposition: str, shift: ShiftTimes) -> bool:
    start = shift.start.hour % 12, shift.start.minute
    end = shift.end.hour % 12, shift.end.minute
    if kind in {"range", "span"}:
        return hours == [start, end]
    if preposition.startswith(("unt", "til", "thru", "hasta")):
        return hours == [end]
    return preposition in _STARTING and hours == [start]


_STARTING = frozenset({"", "at", "by", "from", "a las"})
# "At ten" may be the hour of another appointment; "until two" always offers only a part of the shift.
_LOOSE = frozenset({"", "at", "by", "around", "about", "a las"})


@lru_cache(maxsize=2048)
def _fact(kind: str, text: str, preposition: str | None, shift: ShiftTimes | None) -> str:
    """The word that replaces a fact; `kind` is the group of `_FACT` that matched it."""
    if kind in {"day", "date"}:
        return SAME_DAY if _same_day(text, shift.start if shift else None) else OTHER_DAY
    if kind in {"money", "phone"}:
        return f"@{kind}"
    hours = [_clock(found[0].strip()) for found in _HOUR_ONLY.finditer(text)]
    preposition = preposition or ""
    if shift is None or _same_hours(kind, hours, preposition, shift):
        return SAME_TIME
    return "@clock" if kind in {"bare", "spoken", "clock"} and preposition in _LOOSE else OTHER_TIME
