"""Our texts as a person would read them aloud, for a voice that reads what is written. Pure.

A notifier gets a finished text, so this module knows how `app.domain.texts` writes a shift: `RN shift Wed Jul 2,
8:00 AM-4:00 PM EDT at Quincy, MA 02169` becomes `R N shift on Wednesday, July 2nd, from 8 AM to 4 PM Eastern time at
Quincy, Massachusetts 0 2 1 6 9`. What it does not recognize stays as it is.
"""

import re
from typing import assert_never

from app.domain.records import Language
from app.notifiers.twilio.languages.english import ENGLISH
from app.notifiers.twilio.languages.spanish import SPANISH
from app.notifiers.twilio.languages.spoken import Spoken

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

_CAPITALS = re.compile(r"\b[A-Z]{2,4}\b")
#: A state stands before a ZIP code, or after a comma at the end of the place.
_STATE = re.compile(r"\b([A-Z]{2})(?= \d{5}\b)|(?<=, )([A-Z]{2})(?=\.|$)")
#: ZIP codes and longer numbers: nobody says them as one number.
_LONG_NUMBER = re.compile(r"\d{5,}(?:-\d{4}\b)?")


def words_in(language: Language) -> Spoken:
    """The words of calls in that language."""
    match language:
        case Language.ENGLISH:
            return ENGLISH
        case Language.SPANISH:
            return SPANISH
        case _:
            assert_never(language)


def spoken(text: str, language: Language) -> str:
    """The text, which is in that language, as it is to be read aloud."""
    words = words_in(language)
    found = words.hours.search(text)
    if found is None:
        return _digit_by_digit(_letter_by_letter(text))
    before, after = text[: found.start()], text[found.end() :]
    return (
        _digit_by_digit(_letter_by_letter(before)).removesuffix(" ")
        + words.say_hours(found, before)
        + _digit_by_digit(_STATE.sub(_state, after))
    )


def spelled(number: str) -> str:
    """A telephone number digit by digit, with a pause after each group: `+16175550101` is `6 1 7, 5 5 5, 0 1 0 1`."""
    digits = number.removeprefix("+1").removeprefix("+")
    groups = [digits[:-7], digits[-7:-4], digits[-4:]]
    return ", ".join(" ".join(group) for group in groups if group)


def _letter_by_letter(text: str) -> str:
    def spell(found: re.Match[str]) -> str:
        word = found.group()
        return " ".join(word) if word in _SPELLED or not set("AEIOU") & set(word) else word

    return _CAPITALS.sub(spell, text)


def _digit_by_digit(text: str) -> str:
    return _LONG_NUMBER.sub(lambda found: " ".join(found.group().replace("-", ",")).replace(" ,", ","), text)


def _state(found: re.Match[str]) -> str:
    return _STATES.get(found.group(), found.group())
