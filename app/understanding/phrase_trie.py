"""A trie of labelled phrases: finds the longest known phrase that starts at a given word.

Owns the notation of the phrase tables (see `app.understanding.notation`). Imports nothing of the app.
"""

import itertools
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
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
    """Phrases with labels. A phrase that two tables contain has the label of the first."""

    def __init__(
        self,
        tables: Mapping[str, str],
        classes: Mapping[str, str],
        tail_ends: Collection[str] = (),
        fact_ends: Mapping[str, Collection[str]] | None = None,
        canonical: Callable[[list[str]], list[str]] = list,
    ) -> None:
        """Compile `tables` (label to phrases) over the word `classes`.

        A `...` stops before `tail_ends`; with a label in `fact_ends` it stops before that label's words as well.
        Each phrase is stored as `canonical` returns it, because replies are searched in that form.
        """
        self._canonical = canonical
        self._root = _Node()
        self._tail_ends = PAUSES | frozenset(tail_ends)
        self._fact_ends = {label: self._tail_ends | frozenset(ends) for label, ends in (fact_ends or {}).items()}
        self._keys: dict[str, tuple[str, ...]] = {}
        for name, members in classes.items():
            for word in members.split():
                self._keys[word] = (*self._keys.get(word, (word,)), f"<{name}>")
        for label, table in tables.items():
            for line in table.splitlines():
                for phrase in line.split("|"):
                    self._add(phrase.split(), label)

        # Most words start no phrase, so this one look-up settles most calls.
        first = self._root.next
        self.starts = {word: [first[key] for key in keys if key in first] for word, keys in self._keys.items()}
        self.starts |= {word: [node] for word, node in first.items() if word not in self._keys}
        self._number = [first["<num>"]] if "<num>" in first else []

    def _add(self, elements: Sequence[str], label: str) -> None:
        tail = bool(elements) and elements[-1] == "..."
        choices: list[Iterable[str]] = []
        for element in elements[: len(elements) - tail]:
            words = [word.removesuffix("?") for word in element.split("/")]
            choices.append([*words, ""] if element.endswith("?") else words)
        for spelled in itertools.product(*choices):
            node = self._root
            for word in self._canonical([word for word in spelled if word]):
                node = node.next.setdefault(word, _Node())
            if node is not self._root and (node.label is None or (tail and node.label == label)):
                node.label, node.tail = label, tail or node.tail

    def longest(self, tokens: Sequence[str], start: int) -> Match | None:
        """Return the longest phrase that begins at token `start`, with the words of its `...`; None if there is none.

        The work is bounded, because a token has few classes and phrases are short.
        """
        frontier = self.starts.get(tokens[start])
        if frontier is None:
            if not self._number or not tokens[start].isdigit():
                return None
            frontier = self._number
        best: _Node | None = None
        best_end = index = start
        while frontier:
            index += 1
            for node in frontier:
                if node.label is not None and (best is None or index > best_end):
                    best, best_end = node, index
            if index == len(tokens):
                break
            token = tokens[index]
            if (keys := self._keys.get(token)) is None:
                keys = (token, "<num>") if token.isdigit() else (token,)
            reached = []
            for node in frontier:
                following = node.next
                for key in keys:
                    if key in following:
                        reached.append(following[key])  # noqa: PERF401 - in the hottest loop of the service
            frontier = reached
        if best is None or best.label is None:
            return None
        if best.tail:
            ends = self._fact_ends.get(best.label, self._tail_ends)
            while best_end < len(tokens) and tokens[best_end] not in ends:
                best_end += 1
        return Match(best.label, best_end)
