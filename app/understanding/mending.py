"""Puts typing errors right: contractions, repeated letters, one letter wrong or no vowels in words that matter.

Owns how far a word may be from the one that is meant. Imports only the spelling tables.
"""

import re

from app.understanding import spelling as v

_MAX_WORD = 30
_VOWELS = re.compile(r"[aeiou]")
_RUN = re.compile(r"(.)\1{2,}")
_KEYBOARD = {
    letter: "".join(
        other
        for y, keys in enumerate(v.KEYBOARD)
        for x, other in enumerate(keys)
        if abs(y - row) <= 1 and abs(x - column) <= 1 and other != letter
    )
    for row, line in enumerate(v.KEYBOARD)
    for column, letter in enumerate(line)
}


def _left_out(word: str) -> set[str]:
    """The word with one letter missing; the first is never the one that is missed."""
    return {word[:index] + word[index + 1 :] for index in range(1, len(word))}


def _slips(word: str) -> set[str]:
    """The ways to mistype a short word: two letters swapped, one doubled, a key beside the right one."""
    swapped = {word[:i] + word[i + 1] + word[i] + word[i + 2 :] for i in range(len(word) - 1)}
    doubled = {word[:i] + word[i] + word[i:] for i in range(len(word))}
    beside = {word[:i] + key + word[i + 1 :] for i in range(1, len(word)) for key in _KEYBOARD[word[i]]}
    return swapped | doubled | beside


def _meant() -> dict[str, str]:
    """Return the word meant by each slip: a word of `MENDED_LONG` or `MENDED_SHORT` mistyped or without vowels."""
    found: dict[str, set[str]] = {}
    for word in v.MENDED_LONG:
        for part in _left_out(word):
            found.setdefault(part, set()).add(word)
        found.setdefault(_VOWELS.sub("", word), set()).add(word)
    for word, meaning in v.MENDED_SHORT.items():
        found.setdefault(_VOWELS.sub("", word), set()).add(meaning)
        for slip in _slips(word):
            found.setdefault(slip, set()).add(meaning)
    return {slip: min(words) for slip, words in found.items() if len(words) == 1}


_MEANT = _meant()
_FORMS = v.MENDED_LONG | _MEANT.keys()


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
            return f"{stem} is" if stem in v.IS_STEMS else f"{stem}"
        return mended(word.replace("'", ""))
    if len(word) < 3 or word in v.REAL_WORDS:
        return word
    if word.endswith("in") and f"{word}g" in v.KNOWN_WORDS:
        return f"{word}g"
    if _RUN.search(word):
        for shorter in (_RUN.sub(r"\1\1", word), _RUN.sub(r"\1", word)):
            if shorter in v.KNOWN_WORDS or shorter in v.SPELLING:
                return v.SPELLING.get(shorter, shorter)
    return _one_letter_off(word)


def _one_letter_off(word: str) -> str:
    """Return the word of the tables that `word` is one letter away from, or `word` itself.

    One letter may be missing, too many, wrong, or two have changed places: leaving one out of either word or of both
    then makes them the same.
    """
    found = _MEANT.get(word)
    if found is not None:
        return found
    if len(word) < v.SHORTEST_MENDED:
        return word
    # In an order that is the same in every process.
    for part in sorted(_FORMS.intersection(_left_out(word))):
        if part in v.MENDED_LONG:
            return part
        found = _MEANT[part]
        if found in v.MENDED_LONG and _is_one_off(word, found):
            return found
    return word


def _is_one_off(word: str, other: str) -> bool:
    """Whether two words of the same length differ in one letter, or in two neighbours that changed places."""
    apart = [index for index, letter in enumerate(word) if letter != other[index]] if len(word) == len(other) else []
    swapped = len(apart) == 2 and apart[1] == apart[0] + 1 and word[apart[0]] == other[apart[1]]
    return len(apart) == 1 or (swapped and word[apart[1]] == other[apart[0]])
