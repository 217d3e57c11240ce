"""Puts typing errors right: contractions, repeated letters, one letter wrong or no vowels in words that matter.

Owns how far a word may be from the one that is meant. Imports only the spelling tables.
"""

import re
from collections.abc import Mapping
from string import ascii_lowercase

from app.understanding import spelling as v

_MAX_WORD = 30
_VOWELS = re.compile(r"[aeiou]")
_RUN = re.compile(r"(.)\1{2,}")
_ANY_KEY = dict.fromkeys(ascii_lowercase, ascii_lowercase)
_KEYS_BESIDE = {
    letter: "".join(keys[max(0, column - 1) : column + 2] for keys in v.KEYBOARD[max(0, row - 1) : row + 2])
    for row, line in enumerate(v.KEYBOARD)
    for column, letter in enumerate(line)
}


def _missing(word: str) -> set[str]:
    """The word with one letter missing; the first is never the one that is missed."""
    return {word[:i] + word[i + 1 :] for i in range(1, len(word))}


def _doubled(word: str) -> set[str]:
    return {word[:i] + word[i] + word[i:] for i in range(len(word))}


def _extra(word: str) -> set[str]:
    return {word[:i] + letter + word[i:] for i in range(1, len(word) + 1) for letter in ascii_lowercase}


def _wrong(word: str, keys: Mapping[str, str], first: int = 0) -> set[str]:
    """The word with one of the `keys` for its letter, or with two letters swapped, of which `first` is the first."""
    swapped = {word[:i] + word[i + 1] + word[i] + word[i + 2 :] for i in range(first, len(word) - 1)}
    return swapped | {word[:i] + key + word[i + 1 :] for i in range(1, len(word)) for key in keys[word[i]]}


def _meant() -> dict[str, str]:
    """Return the word meant by each slip: a word of `MENDED_LONG` or `MENDED_SHORT` mistyped or without vowels."""
    likely: dict[str, set[str]] = {}
    for word, meaning in (dict.fromkeys(v.MENDED_LONG, "") | v.MENDED_SHORT).items():
        slips = _doubled(word) | _wrong(word, _KEYS_BESIDE) if meaning else _missing(word)
        for slip in {*slips, _VOWELS.sub("", word)}:
            likely.setdefault(slip, set()).add(meaning or word)
    # Of two words that a slip may stand for the first one counts, so that every process reads the same.
    others = {
        slip: word
        for word in sorted(v.MENDED_LONG, reverse=True)
        for slip in _extra(word) | _wrong(word, _ANY_KEY, first=1)
    }
    return others | {slip: min(words) for slip, words in likely.items() if len(words) == 1}


_MEANT = _meant()


def mended(word: str) -> str:
    """Return the canonical spelling of a lower-case word, as several words if it is a contraction."""
    known = v.SPELLING.get(word)
    if known is not None:
        return known
    if word in v.KNOWN_WORDS or len(word) > _MAX_WORD:
        return word
    if "'" in word:
        stem, _, ending = word.rpartition("'")
        if ending == "t" and stem.endswith("n"):
            return f"{stem[:-1]} not"
        if ending in v.ENDINGS:
            return f"{mended(stem)} {v.ENDINGS[ending]}"
        if ending == "s":
            return f"{stem} is" if stem in v.IS_STEMS else stem
        return mended(word.replace("'", ""))
    if len(word) < 3 or word in v.REAL_WORDS:
        return word
    if word.endswith("in") and f"{word}g" in v.KNOWN_WORDS:
        return f"{word}g"
    if _RUN.search(word):
        for shorter in (_RUN.sub(r"\1\1", word), _RUN.sub(r"\1", word)):
            if shorter in v.KNOWN_WORDS or shorter in v.SPELLING:
                return v.SPELLING.get(shorter, shorter)
    return _MEANT.get(word, word)
