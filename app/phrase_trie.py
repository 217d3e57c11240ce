"""A dictionary tree of labelled phrases: finds the longest known phrase that starts at a given word.

Owns the small notation of the phrase tables (see `app.phrases`). Imports nothing of the app.
"""

import itertools
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

PAUSES = frozenset(".,?-\n")


class Match(NamedTuple):
    """A phrase found: its label and the index of the first token after it."""

    label: str
    end: int


class _Node:
    __slots__ = ("label", "next", "tail")

    def __init__(self) -> None:
        self.next: dict[str, _Node] = {}
        self.label: str | None = None
        self.tail = False


class PhraseTrie:
    """Phrases of several labels. On a tie in length the table named first wins."""

    def __init__(
        self, tables: Mapping[str, str], classes: Mapping[str, str], tail_ends: Collection[str] = ()
    ) -> None:
        """Compile `tables` (label to phrases) over the word `classes`; a `...` stops before `tail_ends`."""
        self._root = _Node()
        self._tail_ends = PAUSES | frozenset(tail_ends)
        self._keys: dict[str, tuple[str, ...]] = {}
        for name, members in classes.items():
            for word in members.split():
                self._keys[word] = (*self._keys.get(word, (word,)), f"<{name}>")
        for label, table in tables.items():
            for line in table.splitlines():
                for phrase in line.split("|"):
                    self._add(phrase.split(), label)

        # Most words start no phrase, so this one look-up settles most calls.
        self._starts = {word for word, keys in self._keys.items() if not self._root.next.keys().isdisjoint(keys)}
        self._starts |= self._root.next.keys()

    def _add(self, elements: Sequence[str], label: str) -> None:
        tail = bool(elements) and elements[-1] == "..."
        choices: list[Iterable[str]] = []
        for element in elements[: len(elements) - tail]:
            words = [word.removesuffix("?") for word in element.split("/")]
            choices.append([*words, ""] if element.endswith("?") else words)
        for spelled in itertools.product(*choices):
            node = self._root
            for word in filter(None, spelled):
                node = node.next.setdefault(word, _Node())
            if node is not self._root and (node.label is None or (tail and node.label == label)):
                node.label, node.tail = label, tail or node.tail

    def longest(self, tokens: Sequence[str], start: int) -> Match | None:
        """Return the longest phrase beginning at token `start`, its `...` included; None if there is none.

        Every token has at most a handful of classes and phrases are short, so the work is bounded.
        """
        first = tokens[start]
        if first not in self._starts and not first.isdigit():
            return None
        best: _Node | None = None
        best_end = start
        frontier = [self._root]
        index = start
        while frontier and index < len(tokens):
            token = tokens[index]
            keys = self._keys.get(token) or ((token, "<num>") if token.isdigit() else (token,))
            frontier = [node.next[key] for node in frontier for key in keys if key in node.next]
            index += 1
            for node in frontier:
                if node.label is not None and (best is None or index > best_end):
                    best, best_end = node, index
        if best is None or best.label is None:
            return None
        if best.tail:
            while best_end < len(tokens) and tokens[best_end] not in self._tail_ends:
                best_end += 1
        return Match(best.label, best_end)
