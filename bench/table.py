"""A line of the table, and how the table looks. Knows nothing of what is measured."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One measured figure next to its baseline. `ok` None: no goal was set for it."""

    name: str
    figure: str
    baseline: str
    ratio: float | None
    goal: str = ""
    ok: bool | None = None
    note: str = ""


_HEADINGS = ("row", "figure", "baseline", "ratio", "goal", "", "notes")


def not_measured(name: str, reason: str) -> Line:
    """The line of a row that could not be measured."""
    return Line(name=name, figure="not measured", baseline="-", ratio=None, note=reason)


def at_least(goal: float, ratio: float) -> tuple[str, bool]:
    """The goal in words and whether the ratio meets it."""
    return f">= {goal:g} x", ratio >= goal


def at_most(goal: float, value: float, unit: str) -> tuple[str, bool]:
    """The goal in words and whether the value meets it."""
    return f"<= {goal:g} {unit}", value <= goal


def ratio_of(pairs: Sequence[tuple[float, float]]) -> float:
    """The median over the rounds of subject / baseline, each pair measured one right after the other."""
    return median(subject / baseline for subject, baseline in pairs)


def printed(lines: Sequence[Line]) -> str:
    """The lines as one table of plain text."""
    cells = [_HEADINGS, *(_cells(line) for line in lines)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(_HEADINGS))]
    rows = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells]
    rows.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join(rows)


def _cells(line: Line) -> tuple[str, ...]:
    ratio = "-" if line.ratio is None else f"{line.ratio:.2f}" if line.ratio >= 0.1 else f"{line.ratio:.4f}"
    verdict = {None: "", True: "ok", False: "SHORT"}[line.ok]
    return line.name, line.figure, line.baseline, ratio, line.goal, verdict, line.note
