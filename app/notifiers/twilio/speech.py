"""Our texts as a person would read them aloud, for a voice that reads what is written. Pure.

A notifier gets a finished text, so this module knows how `app.domain.texts` writes a shift: `RN shift Wed Jul 2,
8:00 AM-4:00 PM EDT at Quincy, MA 02169` becomes `R N shift on Wednesday, July 2nd, from 8 AM to 4 PM Eastern time at
Quincy, Massachusetts 0 2 1 6 9`. What it does not recognize stays as it is.
"""

import re

_DAYS = {
    "Mon": "Monday",
    "Tue": "Tuesday",
    "Wed": "Wednesday",
    "Thu": "Thursday",
    "Fri": "Friday",
    "Sat": "Saturday",
    "Sun": "Sunday",
}
_MONTHS = {
    "Jan": "January",
    "Feb": "February",
    "Mar": "March",
    "Apr": "April",
    "May": "May",
    "Jun": "June",
    "Jul": "July",
    "Aug": "August",
    "Sep": "September",
    "Oct": "October",
    "Nov": "November",
    "Dec": "December",
}
#: The zones of the United States. Summer and winter time have the same name in speech: a clock on the wall shows it.
_ZONES = {
    f"{letters}{season}T": f"{name} time"
    for letters, name in (
        ("E", "Eastern"),
        ("C", "Central"),
        ("M", "Mountain"),
        ("P", "Pacific"),
        ("AK", "Alaska"),
        ("H", "Hawaii"),
    )
    for season in "SD"
}
_STATES = {
    "AL": "Alabama",
    "AK": "Alaska",
    "AZ": "Arizona",
    "AR": "Arkansas",
    "CA": "California",
    "CO": "Colorado",
    "CT": "Connecticut",
    "DC": "D C",
    "DE": "Delaware",
    "FL": "Florida",
    "GA": "Georgia",
    "HI": "Hawaii",
    "IA": "Iowa",
    "ID": "Idaho",
    "IL": "Illinois",
    "IN": "Indiana",
    "KS": "Kansas",
    "KY": "Kentucky",
    "LA": "Louisiana",
    "MA": "Massachusetts",
    "MD": "Maryland",
    "ME": "Maine",
    "MI": "Michigan",
    "MN": "Minnesota",
    "MO": "Missouri",
    "MS": "Mississippi",
    "MT": "Montana",
    "NC": "North Carolina",
    "ND": "North Dakota",
    "NE": "Nebraska",
    "NH": "New Hampshire",
    "NJ": "New Jersey",
    "NM": "New Mexico",
    "NV": "Nevada",
    "NY": "New York",
    "OH": "Ohio",
    "OK": "Oklahoma",
    "OR": "Oregon",
    "PA": "Pennsylvania",
    "RI": "Rhode Island",
    "SC": "South Carolina",
    "SD": "South Dakota",
    "TN": "Tennessee",
    "TX": "Texas",
    "UT": "Utah",
    "VA": "Virginia",
    "VT": "Vermont",
    "WA": "Washington",
    "WI": "Wisconsin",
    "WV": "West Virginia",
    "WY": "Wyoming",
}
#: Abbreviations of roles that could be read as words, because they have a vowel. Without one they are spelled anyway.
# fmt: off
_SPELLED = frozenset({
    "APRN", "CMA", "CNA", "COTA", "CRNA", "ED", "EMT", "ER", "GNA", "HCA", "HHA", "ICU", "IV", "LNA", "MA", "NA",
    "NICU", "OR", "OT", "PA", "PCA", "PICU", "PTA", "QMA", "STNA",
})
# fmt: on

_DAY = rf"({'|'.join(_DAYS)}) ({'|'.join(_MONTHS)}) (\d{{1,2}})"
_TIME = r"(\d{1,2})(:\d\d)? ?([AP]M)"
_ZONE = r"(UTC[+-]\d{4}|[A-Za-z]{3,5})"
#: The day and the hours of a shift; `_spoken_hours` unpacks the groups.
_HOURS = re.compile(rf"{_DAY}, {_TIME}(?: {_ZONE})?-(?:{_DAY}, )?{_TIME} {_ZONE}\b")
_CAPITALS = re.compile(r"\b[A-Z]{2,4}\b")
#: A state stands before a ZIP code, or after a comma at the end of the place.
_STATE = re.compile(r"\b([A-Z]{2})(?= \d{5}\b)|(?<=, )([A-Z]{2})(?=\.|$)")
#: ZIP codes and longer numbers: nobody says them as one number.
_LONG_NUMBER = re.compile(r"\d{5,}(?:-\d{4}\b)?")


def spoken(text: str) -> str:
    """The text as it is to be read aloud."""
    found = _HOURS.search(text)
    if found is None:
        return _digit_by_digit(_letter_by_letter(text))
    before, after = text[: found.start()], text[found.end() :]
    joined = " on " if before.endswith(" ") else ""
    return (
        _digit_by_digit(_letter_by_letter(before)).removesuffix(" ")
        + joined
        + _spoken_hours(found)
        + _digit_by_digit(_STATE.sub(_state, after))
    )


def spelled(number: str) -> str:
    """A telephone number digit by digit, with a pause after each group: `+16175550101` is `6 1 7, 5 5 5, 0 1 0 1`."""
    digits = number.removeprefix("+1").removeprefix("+")
    groups = [digits[:-7], digits[-7:-4], digits[-4:]]
    return ", ".join(" ".join(group) for group in groups if group)


def _spoken_hours(found: re.Match[str]) -> str:
    weekday, month, day, hour, minutes, half, zone, *end = found.groups()
    end_weekday, end_month, end_day, end_hour, end_minutes, end_half, end_zone = end
    start_zone = f" {_zone(zone)}" if zone else ""
    until = f"{_day(end_weekday, end_month, end_day)}, " if end_weekday else ""
    return (
        f"{_day(weekday, month, day)}, from {_time(hour, minutes, half)}{start_zone} "
        f"to {until}{_time(end_hour, end_minutes, end_half)} {_zone(end_zone)}"
    )


def _day(weekday: str, month: str, day: str) -> str:
    ending = "th" if 11 <= int(day) <= 13 else {1: "st", 2: "nd", 3: "rd"}.get(int(day) % 10, "th")
    return f"{_DAYS[weekday]}, {_MONTHS[month]} {day}{ending}"


def _time(hour: str, minutes: str | None, half: str) -> str:
    minutes = "" if minutes in (None, ":00") else minutes
    if hour == "12" and not minutes:
        return "midnight" if half == "AM" else "noon"
    return f"{hour}{minutes} {half}"


def _zone(label: str) -> str:
    """`Eastern time`; a zone that is not one of `_ZONES` is spelled; an offset is `U T C plus 5 30`."""
    if label.startswith("UTC") and len(label) > len("UTC"):
        sign = "plus" if label[3] == "+" else "minus"
        minutes = "" if label[6:] == "00" else f" {label[6:]}"
        return f"U T C {sign} {int(label[4:6])}{minutes}"
    return _ZONES.get(label) or " ".join(label.upper())


def _letter_by_letter(text: str) -> str:
    def spell(found: re.Match[str]) -> str:
        word = found.group()
        return " ".join(word) if word in _SPELLED or not set("AEIOU") & set(word) else word

    return _CAPITALS.sub(spell, text)


def _digit_by_digit(text: str) -> str:
    return _LONG_NUMBER.sub(lambda found: " ".join(found.group().replace("-", ",")).replace(" ,", ","), text)


def _state(found: re.Match[str]) -> str:
    return _STATES.get(found.group(), found.group())
