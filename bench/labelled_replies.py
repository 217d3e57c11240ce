"""Files of labelled replies, how many of them are understood, and which mistakes are dangerous. Measures no time.

A file has one JSON object a line: `text`, `channel` ("sms" if missing), and `label`, `ok` or both. `label` is the
best label and `ok` the list of all acceptable ones.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.domain.reading import Intent
from bench.table import Goal, Line, at_most

_ACCURACY = _RECALL = 0.95
#: The smallest recall that is wanted of a label.
_RECALLS = {"ACCEPT": _RECALL, "DECLINE": _RECALL, "STOP": 1.0}

#: Reads the text of a reply that came over a channel.
Reads = Callable[[str, str], Intent]


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One labelled reply and what it was taken for."""

    text: str
    label: str
    ok: tuple[str, ...]
    got: Intent

    @property
    def right(self) -> bool:
        """Whether it was taken for something acceptable."""
        return self.got in self.ok

    @property
    def danger(self) -> str | None:
        """What kind of dangerous mistake this is: it claims a shift, silences somebody, or does not silence us."""
        if self.right:
            return None
        if self.got is Intent.ACCEPT:
            return "wrong ACCEPT"
        if self.label == "STOP":
            return "missed STOP"
        if self.got in {Intent.STOP, Intent.START, Intent.WRONG_NUMBER}:
            return f"wrong {self.got}"
        if self.got is Intent.DECLINE and "ACCEPT" in {self.label, *self.ok}:
            return "DECLINE for a yes"
        return None


def read_file(path: Path, reads: Reads) -> list[Result]:
    """Every row of the file, read. Raises ValueError for a line that is no such row."""
    results = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            ok = tuple(row.get("ok") or [row["label"]])
            label, text = row.get("label") or ok[0], row["text"]
        except (ValueError, KeyError, TypeError, AttributeError) as exc:
            raise ValueError(f"{path.name}, line {number}: no labelled reply ({exc!r})") from exc
        results.append(Result(text=text, label=label, ok=ok, got=reads(text, row.get("channel", "sms"))))
    if not results:
        raise ValueError(f"{path.name} has no reply")
    return results


def score_lines(name: str, results: Sequence[Result]) -> Iterator[Line]:
    """Accuracy, the recall of each label, and the number of dangerous mistakes with their kinds."""
    yield _share(f"{name}: accuracy", sum(result.right for result in results), len(results), _ACCURACY)
    wanted = Counter(result.label for result in results)
    found = Counter(result.label for result in results if result.right)
    for label, total in sorted(wanted.items()):
        yield _share(f"{name}: recall of {label}", found[label], total, _RECALLS.get(label))
    kinds = Counter(result.danger for result in results if result.danger is not None)
    count = kinds.total()
    yield Line(
        name=f"{name}: dangerous",
        figure=str(count),
        baseline="-",
        ratio=None,
        goal=at_most(0, count, "rows"),
        note=", ".join(f"{number} {kind}" for kind, number in sorted(kinds.items())),
    )


def wrong_rows(results: Sequence[Result], *, all_rows: bool) -> Iterator[str]:
    """A line for each dangerous mistake, and with `all_rows` for each other one."""
    for result in sorted(results, key=lambda one: one.danger or "~"):
        if result.danger is not None or (all_rows and not result.right):
            kind = result.danger or "not understood"
            yield f"{kind}: {'/'.join(result.ok)} read as {result.got}: {' '.join(result.text.split())}"


def _share(name: str, part: int, rows: int, goal: float | None) -> Line:
    share = part / rows
    wanted = None if goal is None else Goal(f">= {goal:g}", share >= goal)
    return Line(name=name, figure=f"{share:.3f}", baseline=f"{rows} rows", ratio=None, goal=wanted)
