"""Finds the longest phrase of a table that starts at a given word: a small regular language over words.

Owns the notation of the tables. Imports nothing of the app.

A table maps a label to its phrases, which stand on lines of their own or between `|`. In a phrase `a/b` is a choice
of words, `a?` may be missing, `a*` may come any number of times, `<name>` is any phrase of that class, `<num>` is a
number, and a closing `...` stands for all words up to the next pause or one of the words that end a tail.
"""

import sys
from collections.abc import Collection, Iterable, Mapping, Sequence

PAUSES = frozenset(".,?-\n")
_NUMBER = "<num>"
# In words, less its "..."; bounds the work for a text of words that may be repeated.
_LONGEST_PHRASE = 14


def words(text: str) -> frozenset[str]:
    """Return the set of the words of `text`. Equal words of the tables are one object, so they are compared fast."""
    return frozenset(map(sys.intern, text.split()))


def word_classes(text: str) -> dict[str, str]:
    """Return the classes of single words of `text`: entries like `come: come go help;`."""
    entries = (entry.partition(":") for entry in text.split(";"))
    return {name.strip(): "|".join(members.split()) for name, _, members in entries if members}


class _State(dict[str, "_State | None"]):
    """A set of places in the phrases, and the state behind each word of the tables that was met in this one."""

    __slots__ = ("label", "patterns", "places", "tail")

    def __init__(self, patterns: "Patterns", places: frozenset[int], label: str | None, *, tail: bool) -> None:
        super().__init__()
        self.patterns = patterns
        self.places = places
        self.label = label
        self.tail = tail

    def __missing__(self, word: str) -> "_State | None":
        known = word in self.patterns.vocabulary
        if not known and word.isdecimal():
            return self[_NUMBER]
        following = self.patterns.behind(self.places, word) if known else None
        if known:  # the number of states is bounded, as they depend on the words of the tables only
            self[word] = following
        return following


class Patterns:
    """The phrases of several labels. On a tie in length the label that is named first wins."""

    def __init__(
        self, tables: Mapping[str, str], classes: Mapping[str, str], tail_ends: Mapping[str, Collection[str]]
    ) -> None:
        """Compile `tables` (label to phrases) over `classes` (name to phrases).

        `tail_ends` names the words before which a `...` of a label stops; the label "" stands for all others.
        """
        self._classes = classes
        self._tail_ends = tail_ends
        self._words: list[dict[str, list[int]]] = []
        self._free: list[list[int]] = []
        self._ends: dict[int, tuple[int, str, bool]] = {}
        self._states: dict[frozenset[int], _State | None] = {frozenset(): None}
        start = self._place()
        for rank, (label, phrases) in enumerate(tables.items()):
            for phrase in _phrases(phrases):
                tail = phrase[-1] == "..."
                end = self._sequence(phrase[:-1] if tail else phrase, start)
                self._ends[end] = (rank, sys.intern(label), tail)
        #: The words of the phrases, and the pauses, which no phrase goes over.
        self.vocabulary = PAUSES.union(*self._words)
        first = self._state({start})
        if first is None or first.label is not None:
            raise ValueError("a phrase must have at least one word that may not be missing")
        self._first = first
        #: The words that start a phrase.
        self.starts = frozenset(word for place in first.places for word in self._words[place])

    def _place(self) -> int:
        self._words.append({})
        self._free.append([])
        return len(self._words) - 1

    def _sequence(self, elements: Sequence[str], start: int) -> int:
        for element in elements:
            start = self._element(element, start)
        return start

    def _element(self, element: str, start: int) -> int:
        """Add the ways through `element` from the place `start`; return the place behind it."""
        repeated, optional = element[-1] == "*", element[-1] in "*?" and len(element) > 1
        if optional:
            element = element[:-1]
        # A repeated element needs a place of its own, or its way back would also repeat what stands before it.
        begin, end = start, self._place()
        if repeated:
            begin = self._place()
            self._free[start].append(begin)
            self._free[end].append(begin)
        for choice in element.split("/"):
            if choice[0] != "<" or choice == _NUMBER:
                self._words[begin].setdefault(sys.intern(choice), []).append(end)
                continue
            for phrase in _phrases(self._classes[choice[1:-1]]):
                if len(phrase) == 1 and phrase[0].isalpha():
                    self._words[begin].setdefault(sys.intern(phrase[0]), []).append(end)
                else:
                    self._free[self._sequence(phrase, begin)].append(end)
        if optional:
            self._free[begin].append(end)
        return end

    def _state(self, places: Collection[int]) -> _State | None:
        """Return the state of these places and of all that are reached from them without a word."""
        reached, waiting = set(places), list(places)
        while waiting:
            for place in self._free[waiting.pop()]:
                if place not in reached:
                    reached.add(place)
                    waiting.append(place)
        key = frozenset(reached)
        if key not in self._states:
            ends = [self._ends[place] for place in key if place in self._ends]
            _, label, tail = min(ends, key=lambda end: (end[0], not end[2]), default=(0, None, False))
            self._states[key] = _State(self, key, label, tail=tail)
        return self._states[key]

    def behind(self, places: Iterable[int], word: str) -> _State | None:
        """Return the state behind `word` at any of the places."""
        return self._state([end for place in places for end in self._words[place].get(word, ())])

    def longest(self, tokens: Sequence[str], start: int) -> tuple[str, int]:
        """Return the label of the longest phrase that begins at token `start`, and the index of the token behind it.

        A `...` at its end is included. If there is no phrase, the index is `start`.
        """
        state = self._first
        best: _State | None = None
        end = best_end = start
        for word in tokens[start : start + _LONGEST_PHRASE]:
            end += 1
            following = state[word]
            if following is None:
                break
            state = following
            if state.label is not None:
                best, best_end = state, end
        if best is None or best.label is None:
            return "", start
        if best.tail:
            ends = self._tail_ends.get(best.label, self._tail_ends.get("", ()))
            while best_end < len(tokens) and tokens[best_end] not in PAUSES and tokens[best_end] not in ends:
                best_end += 1
        return best.label, best_end


def _phrases(text: str) -> list[list[str]]:
    return [elements for line in text.splitlines() for phrase in line.split("|") if (elements := phrase.split())]
