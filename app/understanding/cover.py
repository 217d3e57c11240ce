"""Covers a reply with the phrases of the tables: which words belong together. What follows is up to `weighing`."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from app.understanding.patterns import PAUSES, Patterns, words
from app.understanding.phrases import WORD_CLASSES, WORDINGS

# A wild ending of a phrase ("sorry i missed ...") may not swallow what could be the answer, or take it back.
_TAIL_ENDS = words("""
    i iwill yes yeah yep yup no nope cannot if unless but only until except instead depends half part whole entire
    full maybe might can when and so because though however unfortunately pero porque si put count sign cond
""")
# Small talk may not swallow what makes an acceptance one of another day or for other money either.
_FACTS = _TAIL_ENDS | words("not @day @time @money @vague tomorrow next instead")
_CAUTIOUS = ("polite", "free", "logistics", "receipt")
_REASONS = _TAIL_ENDS - words("can half part whole full when put sign")
_CAUSES = words(
    "i iwill yes yeah if unless but so because though however unfortunately pero porque except instead and cond sorry"
)
_MORE = words("yes no so but because and @money instead unless")
_JOINTS = frozenset({"pause", "and", "so", "but"})
_FIRM = frozenset({"no", "refuse"})
_REFUSED = _FIRM | {"offer"}
_BOUNDS = words("until till til before after since desde hasta of")
_PATTERNS = Patterns(
    WORDINGS,
    WORD_CLASSES,
    {
        "": _TAIL_ENDS,
        **dict.fromkeys(_CAUTIOUS, _FACTS),
        "busy": _CAUSES,
        "ail": _CAUSES,
        "refuse": _REASONS,
        "extra": _MORE,
    },
)


class Phrase(NamedTuple):
    """A phrase of the reply: its label and the tokens `start` to `end` (not included)."""

    label: str
    start: int
    end: int


def phrases_of(tokens: Sequence[str]) -> list[Phrase]:
    """Cover `tokens` from left to right with the longest phrases known; what is left is single words."""
    found: list[Phrase] = []
    index = 0
    while index < len(tokens):
        word = tokens[index]
        label, end = ("pause", index + 1) if word in PAUSES else _PATTERNS.longest(tokens, index)
        if not label:
            end = index + 1
            label = (
                "name" if word == "@name" else "number" if word.isdecimal() else "word" if word.isalpha() else "junk"
            )
        found.append(Phrase(label, index, end))
        index = end
    return found


def refused(tokens: Sequence[str], phrases: Sequence[Phrase]) -> Iterator[int]:
    """The tokens that say what a no is to: those of "no to Friday", not of "no. Away" or of "gone until Friday"."""
    for _, clause in groupby(phrases, lambda phrase: phrase.label in _JOINTS):
        parts = list(clause)
        if not _FIRM.isdisjoint(phrase.label for phrase in parts):
            yield from (
                at
                for label, *span in parts
                if label in _REFUSED
                for at in range(*span)
                if _BOUNDS.isdisjoint(tokens[max(0, at - 2) : at])
            )
