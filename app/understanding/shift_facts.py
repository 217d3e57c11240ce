"""Finds the days, hours, sums of money and telephone numbers in a reply.

Owns how people write a day or an hour, in four languages. Whether they are those of a shift is a rule of the domain.
"""

import re
from datetime import datetime

from app.domain.reading import NamedDay, NamedHours, NamedPlace, NamedTime, ShiftTimes
from app.understanding import spelling as v
from app.understanding.patterns import words

Fact = NamedDay | NamedHours | NamedPlace

# "Yes for Thursday" accepts a Thursday shift and no other, so callers should pass their shift. This one is the shift
# that the replies in tests/data/replies.jsonl answer.
REFERENCE_SHIFT = ShiftTimes(
    datetime(2025, 7, 2, 8),  # noqa: DTZ001 - wall-clock
    datetime(2025, 7, 2, 16),  # noqa: DTZ001 - wall-clock
    place="Quincy 02169",
)

_HOUR = (
    r"(?:(?:[01]\d|2[0-3])(?:00|15|30|45)(?!\d)|(?:1[3-9]|2[0-3]|0?0):[0-5]\d|(?:1[0-2]|0?[1-9])(?!\d)(?:[:.][0-5]\d)?"
    rf"|{'|'.join(v.HOUR_WORDS)})"
    r"(?: ?(?:[ap]\.m\b\.?|[ap]m?\b|o'? ?clock\b))?"
)
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\.?"
)
_ORDINALS = "|".join(v.ORDINALS)
_WEEKDAY = "|".join(sorted(v.WEEKDAYS, key=len, reverse=True))
_MONTH_DAY = rf"(?:{v.SPANISH_MONTHS}|{_MONTH}) ?(?:\d{{1,2}}(?:st|nd|rd|th)?|{_ORDINALS})\b"
_DAY_WORD = (
    rf"(?:(?:{_WEEKDAY})s?\b(?:\.(?=,? ?(?:\d|{_MONTH})))?"
    rf"|{_MONTH_DAY})"
)
_DAY_NUMBER = (
    rf"(?:\d{{1,2}}(?:st|nd|rd|th)\b(?! (?:floor|street|ave|time|visit|grade|shift|day)\b)"
    rf"(?: (?:of )?{_MONTH}\b)?|\d{{1,2}} (?:de )?(?:{v.SPANISH_MONTHS})\b"
    rf"|\d{{1,2}} (?!may be){_MONTH}(?!\w)"
    rf"|\d{{1,2}}/\d{{1,2}}(?:/\d{{2,4}})?(?![\d/]))"
)
_PART = r"(?: (?:morning|afternoon|evening|night)\b)?"
_MORE_DAYS = rf"(?:[ ,]{{0,2}}(?:\bthe |\bel )?\b(?:{_MONTH_DAY}|{_DAY_NUMBER}|(?:{_ORDINALS})\b)){{0,2}}"
_TO = r" ?(?:-|to\b|til+\b|'til\b|until\b|thru\b|through\b|a\b) ?"
_PREPOSITION = r"at|by|from|until|til+|thru|before|after|around|about|past|a las|hasta las"
# Two halves: facts that start with a digit or sign, and facts that start with a letter. The look-ahead of each half
# lets the search skip most words quickly.
_FACT = re.compile(
    r"(?<![\w.:])(?=[\d$+(])(?:"
    r"(?P<phone>\+?1?[ .-]?\(?\d{3}\)?[ .-]?\d{3}[ .-]?\d{4}(?!\d))"
    r"|(?P<money>\$ ?\d[\d.,]*k?"
    r"|\d+(?:\.\d\d)? ?(?:dollars?|bucks|dolares|usd|/ ?hr|/ ?hour|an hour|per hour|la hora)\b)"
    rf"|(?P<date>{_DAY_NUMBER}{_MORE_DAYS}{_PART})"
    rf"|(?P<range>{_HOUR}{_TO}{_HOUR}(?!\w))"
    r"|(?P<bare>0[4-9](?:00|15|30|45)\b|(?:1[0-2]|0?[1-9])"
    r"(?:(?::[0-5]\d)? ?(?:[ap]\.m\b\.?|[ap]m\b|o'? ?clock\b|e\b)|:[0-5]\d\b| sharp\b)))"
    r"|\b(?=[a-z])(?:"
    rf"(?P<day>(?:next )?{_DAY_WORD}{_MORE_DAYS}{_PART})"
    rf"|(?P<span>(?:from |de )?(?<![\d.:])\b{_HOUR}{_TO}{_HOUR}(?!\w))"
    rf"|(?P<spoken>(?:{'|'.join(v.HOUR_WORDS)}) ?(?:o'? ?clock\b|[ap]\.?m\b\.?|sharp\b))"
    rf"|(?P<clock>(?P<prep>{_PREPOSITION})(?: |(?=\d)){_HOUR}(?![\d/\w])))"
)
#: Words for a day that depends on when they are said, and for the night.
RELATIVE_DAYS = {
    **dict.fromkeys(("today", "hoy", "ngayon", "jodi"), (NamedDay(days_ahead=0),)),
    **dict.fromkeys(("tomorrow", "bukas", "demen"), (NamedDay(days_ahead=1),)),
    "tonight": (NamedDay(days_ahead=0, part="night"),),
    "overnight": (NamedDay(part="night"),),
}
# A reply with more digits, days and hours than this is no sentence. They stay unexplained in it.
_MOST_STARTS = 50
_WORDS = re.compile(r"[a-z]+|[\d$+(]")
_STARTS = (
    v.WEEKDAYS.keys()
    | {f"{day}s" for day in v.WEEKDAYS}
    | v.HOUR_WORDS.keys()
    | v.MONTHS.keys()
    | v.MONTH_NAMES
    | words(v.SPANISH_MONTHS.replace("|", " "))
    | words("next at by from until til till thru before after around about past a hasta de 0 1 2 3 4 5 6 7 8 9 $ + (")
)


def mark_facts(text: str) -> tuple[str, list[tuple[Fact, ...]]]:
    """Return the lower-case `text` with its facts as words, and the days and hours in their order.

    The words are `@day`, `@time`, `@vague` ("after 10"), `@money` and `@phone`; each
    `@day` and `@time` stands for the next of the facts returned.
    """
    starts = [found.start() for found in _WORDS.finditer(text) if found[0] in _STARTS]
    if not starts or len(starts) > _MOST_STARTS:
        return text, []
    facts: list[tuple[Fact, ...]] = []
    pieces: list[str] = []
    end = 0
    for start in starts:
        if start < end or (match := _FACT.match(text, start)) is None:
            continue
        name, named = _fact(str(match.lastgroup), match[0], match["prep"])
        if named:
            facts.append(named)
        pieces += [text[end:start], f" {name} "]
        end = match.end()
    marked = "".join(pieces) + text[end:]
    return marked.replace("@day 's", "@day is") if facts and "'" in text else marked, facts


_HOUR_PARTS = re.compile(r"(\d{1,2})[:.]?(\d\d)?|[a-z]+")
_HOUR_ONLY = re.compile(rf"\b{_HOUR}")
_NUMBER = re.compile(r"\d{1,2}")
_HALF_OF_DAY = re.compile(r"[\d ]([ap])\.?m?\b")
# "At eight" may be the start of the shift; "after ten" and "until noon" are no answer to all of it.
_STARTING = frozenset({"", "at", "by", "from", "a las"})


def _time(text: str) -> NamedTime:
    if text in {"noon", "midnight"}:
        return NamedTime(minutes=12 * 60 if text == "noon" else 0, half_known=True)
    if len(text) >= 4 and text[:4].isdigit():
        return NamedTime(minutes=int(text[:2]) * 60 + int(text[2:4]), half_known=True)
    found = _HOUR_PARTS.match(text)
    if found is None or not found[1]:
        hour, minute = v.HOUR_WORDS.get(found[0] if found else "", 0), 0
    else:
        hour, minute = int(found[1]), int(found[2] or 0)
    half = _HALF_OF_DAY.search(text)
    if half is None:
        return NamedTime(minutes=hour * 60 + minute, half_known=hour > 12 or hour == 0)
    return NamedTime(minutes=(hour % 12 + 12 * (half[1] == "p")) * 60 + minute, half_known=True)


def _days(text: str) -> tuple[NamedDay, ...]:
    weekdays, months, parts = [], [], []
    for word in re.findall(r"[a-z]+", text):
        if (index := v.WEEKDAYS.get(word, v.WEEKDAYS.get(word.removesuffix("s")))) is not None:
            weekdays.append(index)
        elif word in v.PARTS_OF_DAY:
            parts.append(word)
        elif (month := v.MONTHS.get(word[:3])) is not None and word not in v.ORDINALS:
            months.append(month)
    numbers = [int(number) for number in _NUMBER.findall(text)]
    numbers += [v.ORDINALS[word] for word in text.split() if word in v.ORDINALS]
    if "/" in text and len(numbers) > 1:
        months.append(numbers.pop(0))
    return tuple(
        NamedDay(
            weekday=weekdays[index] if index < len(weekdays) else None,
            month=months[0] if months else None,
            day=numbers[index] if index < len(numbers) else None,
            part=parts[0] if parts else None,
            next_week=text.startswith("next "),
        )
        for index in range(max(1, len(weekdays), len(numbers)))
    )


def _fact(kind: str, text: str, preposition: str | None) -> tuple[str, tuple[Fact, ...]]:
    """The word for a fact of some `kind` (the group of `_FACT` it matched), and what it names."""
    if kind in {"day", "date"}:
        return "@day", _days(text)
    if kind in {"money", "phone"}:
        return f"@{kind}", ()
    preposition = preposition or ""
    times = [_time(found[0].strip()) for found in _HOUR_ONLY.finditer(text[len(preposition) :])]
    if len(times) > 1:
        return "@time", (NamedHours(start=times[0], end=times[1]),)
    return ("@time", (NamedHours(start=times[0]),)) if preposition in _STARTING else ("@vague", ())
