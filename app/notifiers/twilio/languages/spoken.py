"""What the calls need in each language, and what they say in the same way in all of them.

No field has a default, so the type checker finds what a language lacks. Templates are for `str.format`.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from app.domain.records import Outcome

#: A time and a zone, as `app.domain.texts` writes them in every language: parts of a regular expression.
TIME = r"(\d{1,2})(:\d\d)? ?([AP]M)"
ZONE = r"(UTC[+-]\d{4}|[A-Za-z]{3,5})"


def zone_names(names: Mapping[str, str]) -> dict[str, str]:
    """The zones of the United States by their labels, such as `EST` and `EDT`. `names`: by their first letters.

    Summer and winter time have the same name in speech: a clock on the wall shows it.
    """
    return {f"{letters}{season}T": name for letters, name in names.items() for season in "SD"}


def say_zone(label: str, names: Mapping[str, str], *, plus: str, minus: str) -> str:
    """The name of the zone; one without a name is spelled. An offset is said as `U T C plus 5 30`."""
    if label.startswith("UTC") and len(label) > len("UTC"):
        sign = plus if label[3] == "+" else minus
        minutes = "" if label[6:] == "00" else f" {label[6:]}"
        return f"U T C {sign} {int(label[4:6])}{minutes}"
    return names.get(label) or " ".join(label.upper())


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """The words of our calls in one language. `{caller}` is who calls, `{shift}` a shift as it is spoken."""

    #: The voice and the speech recognition: `en-US`.
    locale: str
    #: What the speech recognition should expect.
    hints: str
    #: Who calls, if no name is set.
    your_agency: str
    #: The beginning of a call of ours, with `{caller}`.
    greeting: str
    #: What the keys mean that the offer does not name: 3 again, 9 stop.
    other_keys: str
    #: The end of a call without an answer.
    no_answer: str
    #: After words that were not understood, with `{offer}`; asks for a key.
    asked_again: str
    #: What a caller hears after a key or a word, for every outcome, with `{shift}`.
    results: Mapping[Outcome, str]
    #: Stand for `{shift}` in `results`: for a shift that is not named, and around one that is.
    this_shift: str
    the_shift: str
    #: What an answering machine records, with `{caller}`, `{shift}` and `{number}`.
    machine_message: str
    #: For somebody who calls and has no offer, with `{caller}`.
    no_offer: str
    #: What a caller hears while the service cannot take an answer.
    not_now: str
    #: Finds the day and hours of a shift, as `app.domain.texts` writes them.
    hours: re.Pattern[str]
    #: Says what `hours` has found, with the word that joins it to the text before it.
    say_hours: Callable[[re.Match[str], str], str]
