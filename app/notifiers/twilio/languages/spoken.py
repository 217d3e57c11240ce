"""What the calls need in each language. No field has a default, so the type checker finds what a language lacks.

Templates are for `str.format`.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from app.domain.records import Outcome


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
