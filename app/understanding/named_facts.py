"""Which words of a reply name a day, an hour or a place, and how these read beside the other words.

Owns what may be a place and what is only an unknown word. What the words come to is up to `weighing`.
"""

from collections.abc import Container

from app.domain.reading import NamedDay, NamedHours, NamedPlace, NamedTime
from app.understanding.patterns import PAUSES, words
from app.understanding.shift_facts import RELATIVE_DAYS, Fact
from app.understanding.tokens import Tokens

#: The facts of a reply by the index of their word.
Facts = dict[int, tuple[Fact, ...]]

# Behind one of these, or before one of those, a word that nobody knows may be the place of the shift.
_BEFORE_PLACES = words("in at to over near en sa take do cover")
_SHIFTS = words("one shift case job spot visit assignment patient patients client clients family it")
_WHEN = words("@day @time")
_SHORTEST_PLACE = 4
# Between these a number is an hour.
_BEFORE_HOURS = words("@day come coming there be so ok yes morning") | PAUSES | {"^"}
_BEHIND_HOURS = words("is it i yes ok works sharp emojiyes emojismile") | PAUSES | {"$"}
_HOURS = frozenset(map(str, range(1, 13)))
_BETWEEN_WORDS = dict.fromkeys(PAUSES - {"?"}, "|")


def facts_in(tokens: Tokens) -> Facts:
    """The days, hours and places that the reply names: also "Wednesday, 8" and "see you in Quincy"."""
    found: Facts = {}
    said = ("^", *tokens.words, "$")
    for index, (before, word, after) in enumerate(zip(said, tokens.words, said[2:], strict=False)):
        named = tokens.facts.get(index, ())
        if named and not (len(word) >= _SHORTEST_PLACE and _may_be_place(before, after)):
            named = tuple(fact for fact in named if not isinstance(fact, NamedPlace))
        elif word in _HOURS and before in _BEFORE_HOURS and after in _BEHIND_HOURS:
            named = (NamedHours(start=NamedTime(minutes=60 * int(word))),)
        if named:
            found[index] = named
    return found


def _may_be_place(before: str, after: str) -> bool:
    """Whether a word between these may say where: "in Quincy", "the Quincy one", "Wed, Quincy"."""
    return before in _BEFORE_PLACES or after in _SHIFTS or not _WHEN.isdisjoint((before, after))


def is_fixed(fact: Fact) -> bool:
    """Whether it is an hour, or a day whenever it is said: "I can't tonight" is a no to any shift."""
    return isinstance(fact, NamedHours) or (isinstance(fact, NamedDay) and fact.days_ahead is None)


def words_of(tokens: Tokens, facts: Facts, foreign: Container[Fact] = ()) -> list[str]:
    """The words of the reply as they are weighed, between a mark for its start and one for its end.

    A day of the shift reads `@day`, its hours `@time`, its place `@town`. One of the `foreign` facts has "!" behind
    it, and then "today" and its like stay as they are.
    """
    said = [_BETWEEN_WORDS.get(word, word) for word in tokens.words]
    for index, named in facts.items():
        word = said[index]
        if isinstance(named[0], NamedPlace):
            word = "@town"
        elif word.isdecimal():
            word = "@time"
        strange = any(fact in foreign for fact in named)
        if strange:
            said[index] = f"{word}!"
        else:
            said[index] = "@day" if word in RELATIVE_DAYS else word
    return ["^", *filter(None, said), "$"]
