"""Takes the service's own texts out of a reply: a phone may send them back, and a person may forward them.

They are recognised by the wordings of `app.domain.languages` and the templates of `app.domain.office_texts`, so a
changed text needs no change here. An office's phone may send everything back that it gets.
"""

import re
from collections.abc import Iterator
from dataclasses import fields
from itertools import product
from string import Formatter
from typing import NamedTuple

from app.domain.languages.english import ENGLISH
from app.domain.languages.spanish import SPANISH
from app.domain.languages.wording import Wording
from app.domain.office_texts import TEMPLATES as OFFICE_TEMPLATES

#: What a text consists of, in order: words, patterns of what varies, and the greatest length of a name. A name (of an
#: agency or a place) reaches to the next words.
_Form = tuple[str | re.Pattern[str] | int, ...]

# A shorter reply has no room for a text of ours, nor for so much of one that it could be mistaken.
_SHORTEST = 24
# How many characters of a text tell that the rest is worth comparing.
_LONGEST_START = 12
# The fields of a wording that are no texts of their own.
_PARTS = frozenset({
    *("days", "months", "date", "shift", "short_shift", "place", "one_hour", "hours", "yes", "no", "numbered"),
    *("your_agency", "office_number"),
})  # fmt: skip
_LONGEST_NAMES = {"agency": 200, "location": 60}
_ROLE = r"[^\"]{1,100}?"
_CODE = re.compile(r"[0-9]{1,6}")
# A sentence ends at a full stop, but behind an abbreviation ("St. Mary") only at the end of a line.
_SENTENCE_END = re.compile(r"(?<!\b[A-Z][a-z])(?<!\b[A-Z][a-z]{2})\.(?=\W)|\.(?=[\"' ]*$)", re.MULTILINE)
# The name of an organization, which may stand before a text. "I can't do this: " is none.
_NAME_WORD = r"(?:[A-Z0-9&(][^\s:\"]*|[^\s:\"]{1,3})"
_SENDER = re.compile(rf"(?:^|(?<=[\n\"]))(?!(?i:yes|no|si|ok|okay|stop)\b){_NAME_WORD}(?:\s{_NAME_WORD}){{0,9}}:\s$")
# What is left of a time zone that was cut off: "ES" of "EST", "+05" of "UTC+0530".
_CUT_ZONE = re.compile(r"^(?: (?!NO)[A-Z]{1,2}|[+-][0-9]{0,3})\Z")
# A request to stop is never taken for a part of a text of ours.
_STOP = re.compile(r"\bstop|\bunsub", re.IGNORECASE)


def _pattern(template: str, **names: str) -> str:
    """A regular expression for what `template` says, with that of each of its names."""
    return "".join(
        re.escape(words).replace("\\ ", r"\s") + (names[name] if name else "")
        for words, name, _, _ in Formatter().parse(template)
    )


def _hours(wording: Wording) -> str:
    """The regular expression for the day and the hours of a shift."""
    days, months = ("|".join(map(re.escape, names)) for names in (wording.days, wording.months))
    day = _pattern(wording.date, weekday=f"(?:{days})", month=f"(?:{months})", day="[0-9]{1,2}")
    hour, zone = r"[0-9]{1,2}(?::[0-9]{2})?\s?[AP]M", r"(?:\s(?!YES|STOP)(?:UTC[+-][0-9]{4}|[A-Z]{3,5}))?"
    return rf"{day},\s{hour}{zone}-(?:{day},\s)?{hour}{zone}"


def _varying(wording: Wording) -> dict[str, re.Pattern[str]]:
    """The patterns of what the texts of that language are filled in with, except for names."""
    # "turno de RN el" is as good a role as "RN", so the long form of a shift needs no pattern.
    shift = _pattern(wording.short_shift, role=_ROLE, hours=_hours(wording), place="")
    choice = rf"[0-9]{{1,6}}:\s{shift}"
    number = _pattern(wording.office_number, number=r"[+()0-9.\s-]{6,23}[0-9]")
    rest = _pattern(wording.hours, count=r"[0-9]+(?:\.[0-9]+)?")
    patterns = {
        "shift": shift,
        "choices": rf"{choice}(?:;\s{choice})*(?:;\s(?:\.\.\.|[0-9]+:.*))?",
        "office_number": rf"(?:{number})?",
        "rest": f"(?:{rest}|{re.escape(wording.one_hour)})",
    }
    return {"code": _CODE, "count": _CODE, **{name: re.compile(pattern) for name, pattern in patterns.items()}}


def _templates(wording: Wording, further: tuple[str, ...]) -> Iterator[str]:
    """Every text of that language, `further` ones included: with and without the number of an offer and a place."""
    texts = {field.name: getattr(wording, field.name) for field in fields(wording) if field.name not in _PARTS}
    texts["which_shift"] += "{choices}"
    forms = [form for text in texts.values() for form in ((text,) if isinstance(text, str) else text)]
    forms += further
    numbered = {name: wording.numbered.format(answer=getattr(wording, name), code="{code}") for name in ("yes", "no")}
    bare = {"yes": wording.yes, "no": wording.no}
    for form, answers, place in product(forms, (numbered, bare), (wording.place, "")):
        text = form.replace("{example}", numbered["yes"]).replace("{shift}", "{shift}" + place)
        for name, answer in answers.items():
            text = text.replace(f"{{{name}}}", answer)
        yield text


def _forms(wording: Wording, further: tuple[str, ...] = ()) -> Iterator[_Form]:
    varying = _varying(wording)
    for template in dict.fromkeys(_templates(wording, further)):
        parts: list[str | re.Pattern[str] | int] = []
        # As `app.understanding.tidying.tidy` leaves it.
        plain = " ".join(template.replace("¿", " ").replace("¡", " ").split())
        for words, name, _, _ in Formatter().parse(plain):
            if words == "." and parts and isinstance(parts[-1], int):
                parts.append(_SENTENCE_END)
            elif words:
                parts.append(words)
            if name:
                parts.append(_LONGEST_NAMES.get(name) or varying[name])
        yield tuple(parts)


def _by_start() -> dict[str | re.Pattern[str], list[_Form]]:
    """The forms by their first characters; those that begin with a shift, by its pattern and without it."""
    found: dict[str | re.Pattern[str], list[_Form]] = {}
    for form in (*_forms(ENGLISH, OFFICE_TEMPLATES), *_forms(SPANISH)):
        match form:
            case (str(words), *_):
                found.setdefault(words[:_LONGEST_START], []).append(form)
            case (re.Pattern() as shift, *rest):
                found.setdefault(shift, []).append(tuple(rest))
    return found


_FORMS = _by_start()
_START = re.compile("|".join(_pattern(start) for start in _FORMS if isinstance(start, str)))
_HOURS = "|".join(_hours(wording) for wording in (ENGLISH, SPANISH))
# The role before the hours may be anything, so a text that begins with a shift must begin a line.
_START_OR_SHIFT = re.compile(rf"{_START.pattern}|^(?P<quote>[\"']?)(?=[^\n]{{1,100}}?(?:{_HOURS}))", re.MULTILINE)


def without_own_texts(text: str) -> str:
    """Return the tidied `text` less every text of ours, whole or cut off at the end of a line."""
    if len(text) < _SHORTEST:
        return text
    # Each shift has its hours in capitals. Most replies have none, and are searched faster without the shifts.
    starts = _START_OR_SHIFT if "AM" in text or "PM" in text else _START
    kept: list[str] = []
    done = 0
    for found in starts.finditer(text):
        if found.start() >= done and (end := _end(text, found)) is not None:
            kept.append(_SENDER.sub("", text[done : found.start()]).removesuffix('"'))
            done = end + text.startswith('"', end)
    return " ".join((*kept, text[done:])) if kept else text


def _end(text: str, found: re.Match[str]) -> int | None:
    """Where the text of ours ends whose start was found; None if it is none."""
    flat = text.replace("\n", " ")  # a mail may be wrapped anywhere
    begins_with_shift = found.re is _START_OR_SHIFT and found["quote"] is not None
    start = found.end() if begins_with_shift else found.start()
    ends = [
        end
        for form, at in _begun(text, flat, start, with_shift=begins_with_shift)
        # A person may begin with the shift as well, and go on.
        if (end := _end_of(form, text, flat, start, at, least=_LONGEST_START if begins_with_shift else 0)) is not None
    ]
    return max(ends).end if ends else None


def _begun(text: str, flat: str, start: int, *, with_shift: bool) -> Iterator[tuple[_Form, int]]:
    """The forms that may begin at `start`, less the shift if they begin with one, and where they go on."""
    for first, forms in _FORMS.items():
        if isinstance(first, str):
            if not with_shift and flat.startswith(first, start):
                yield from ((form, start) for form in forms)
        elif with_shift and (shift := first.match(text, start)):
            yield from ((form, shift.end()) for form in forms)


class _End(NamedTuple):
    """Where a text of ours ends. The end of a whole one is greater than that of one which was cut off."""

    whole: bool
    end: int


def _end_of(form: _Form, text: str, flat: str, start: int, at: int, *, least: int) -> _End | None:
    """Where `form` ends, which goes on at `at`, of a text of ours that begins at `start`.

    `flat`: `text` with spaces for line breaks. `least`: the length of the words that must be there to tell.
    """
    longest_name = 0
    for part in form:
        if isinstance(part, int):
            longest_name = part
            continue
        if isinstance(part, str):
            begin = flat.find(part, at, at + longest_name + len(part))
            end = begin + len(part) if begin >= 0 else -1
        else:
            match = part.search(text, at) if longest_name else part.match(text, at)
            end = match.end() if match and match.start() <= at + longest_name else -1
        if end < 0:
            return _cut_off(part, longest_name, text, start, at, least)
        at, longest_name = end, 0
        if isinstance(part, str) and len(part) >= least:
            least = 0
    return _End(whole=True, end=at)


def _cut_off(
    part: str | re.Pattern[str], longest_name: int, text: str, start: int, at: int, least: int
) -> _End | None:
    """The end of the line, if it cuts off `part` or the name before it, which begins at `at`.

    `least`: how many characters of `part` must be there; a pattern is too little to tell if that is not 0.
    """
    end_of_line = text.find("\n", at)
    end = len(text) if end_of_line < 0 else end_of_line
    if end - start < _SHORTEST:
        return None
    if least and (isinstance(part, re.Pattern) or text.find(part[:least], at, end) < 0):
        return None
    rest = _CUT_ZONE.sub("", text[at:end].rstrip(" .\"'"))
    if isinstance(part, re.Pattern):
        # Only the end of the line cuts off a number; any words in its place are a person's.
        begun = len(rest) <= longest_name or (part is not _CODE and at - start >= _LONGEST_START)
        return None if not begun or _STOP.search(rest) else _End(whole=False, end=end)
    for length in range(min(longest_name, len(rest) - least) + 1):
        if part.startswith(rest[length:]):
            return None if _STOP.search(rest[:length]) else _End(whole=False, end=end)
    return None
