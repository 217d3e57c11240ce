"""The lines of the printed table and their layout. Does not depend on what is measured."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Goal:
    """A goal in words, and whether the measured figure meets it."""

    text: str
    met: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One measured figure next to its baseline. `ratio`: figure / baseline. `goal` None: no goal is set."""

    name: str
    figure: str
    baseline: str
    ratio: float | None
    goal: Goal | None = None
    note: str = ""
    #: False if the benchmark failed.
    measured: bool = True


_HEADINGS = ("row", "figure", "baseline", "ratio", "goal", "", "notes")


def not_measured(name: str, reason: str) -> Line:
    """The line of a benchmark that failed."""
    return Line(name=name, figure="not measured", baseline="-", ratio=None, note=reason, measured=False)


def at_least(goal: float, ratio: float) -> Goal:
    """The goal that `ratio` is not smaller than `goal`."""
    return Goal(f">= {goal:g} x", ratio >= goal)


def at_most(goal: float, value: float, unit: str) -> Goal:
    """The goal that `value`, in `unit`, is not larger than `goal`."""
    return Goal(f"<= {goal:g} {unit}", value <= goal)


def ratio_of(pairs: Sequence[tuple[float, float]]) -> float:
    """The median of service / baseline. The two figures of a pair were measured right after each other."""
    return median(service / baseline for service, baseline in pairs)


def rate_line(
    name: str,
    rates: Sequence[float],
    baseline_name: str,
    baseline_rates: Sequence[float],
    *,
    goal: float | None = None,
    note: str = "",
) -> Line:
    """A line about rates per second, with one entry per round in each list. `goal`: the smallest ratio wanted."""
    ratio = ratio_of(list(zip(rates, baseline_rates, strict=True)))
    return Line(
        name=name,
        figure=f"{median(rates):,.0f}/s",
        baseline=f"{baseline_name} {median(baseline_rates):,.0f}/s",
        ratio=ratio,
        goal=None if goal is None else at_least(goal, ratio),
        note=note,
    )


def format_table(lines: Sequence[Line]) -> str:
    """The table as plain text, with headings."""
    cells = [_HEADINGS, *(_cells(line) for line in lines)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(_HEADINGS))]
    rows = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells]
    rows.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join(rows)


def _cells(line: Line) -> tuple[str, ...]:
    ratio = "-" if line.ratio is None else f"{line.ratio:.2f}" if line.ratio >= 0.1 else f"{line.ratio:.4f}"
    goal, verdict = ("", "") if line.goal is None else (line.goal.text, "ok" if line.goal.met else "SHORT")
    return line.name, line.figure, line.baseline, ratio, goal, verdict, line.note
