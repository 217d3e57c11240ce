"""How well shifts were filled: a report made of facts. Pure. `docs/reports.md` defines every figure.

The facts outlive the fanouts, so a report covers what has been forgotten.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, tzinfo
from math import ceil
from statistics import median
from typing import TypeVar

from app.domain.facts import Fact, FactType

#: The types of fact that a report always needs; of others it needs those that `matters` accepts.
TYPES = frozenset({FactType.FANOUT_STARTED, FactType.SHIFT_FILLED, FactType.SHIFT_ASSIGNED})
_ROUNDS = ("sms", "voice")

KeyT = TypeVar("KeyT", str, int)


def matters(fact: Fact) -> bool:
    """Whether a report needs the fact."""
    return (
        fact.type in TYPES
        or fact.data.get("first_answer_after_s") is not None
        or fact.data.get("change") == "escalated"
    )


@dataclass(slots=True)
class Attempt:
    """One fanout of a shift, in one generation."""

    started_at: datetime
    role: str
    #: Seconds from the start to the first answer, and until somebody had the shift; None: there was none.
    first_answer_s: int | None = None
    filled_s: int | None = None
    #: The round in which somebody got the shift.
    filled_in: str | None = None
    escalated: bool = False


class Attempts:
    """Collects the attempts that started before `end` from their facts, which come in order."""

    def __init__(self, end: datetime, organization_id: str | None = None) -> None:
        """`organization_id`: only attempts for shifts of that organization count; None: all."""
        self.found: list[Attempt] = []
        self._end = end
        self._organization_id = organization_id
        #: The latest attempt of each shift.
        self._latest: dict[str, Attempt] = {}

    def add(self, fact: Fact) -> None:
        """Take the next fact."""
        if fact.shift_id is None:
            return
        if fact.type is FactType.FANOUT_STARTED:
            self._latest.pop(fact.shift_id, None)
            if fact.at < self._end and self._organization_id in (None, fact.data.get("organization_id")):
                attempt = Attempt(started_at=fact.at, role=str(fact.data.get("role") or ""))
                self._latest[fact.shift_id] = attempt
                self.found.append(attempt)
            return
        latest = self._latest.get(fact.shift_id)
        if latest is None:
            return
        first_answer_s, filled_s = fact.data.get("first_answer_after_s"), fact.data.get("after_s")
        if isinstance(first_answer_s, int):
            latest.first_answer_s = first_answer_s
        if isinstance(filled_s, int) and fact.type in TYPES:
            latest.filled_s, latest.filled_in = filled_s, str(fact.data.get("round"))
        latest.escalated |= fact.data.get("change") == "escalated"


@dataclass(frozen=True, slots=True)
class FillFigures:
    """The figures of some attempts. Times are seconds from the start of an attempt; None: there are none."""

    asked: int
    filled: int
    first_answer_median_s: float | None
    first_answer_p90_s: int | None
    fill_median_s: float | None
    fill_p90_s: int | None


def figures(attempts: Iterable[Attempt]) -> FillFigures:
    """The figures of these attempts."""
    listed = list(attempts)
    answers = sorted(one.first_answer_s for one in listed if one.first_answer_s is not None)
    fills = sorted(one.filled_s for one in listed if one.filled_s is not None)
    return FillFigures(
        len(listed), len(fills), _median(answers), _percentile(answers, 0.9), _median(fills), _percentile(fills, 0.9)
    )


def by_role(attempts: Iterable[Attempt]) -> dict[str, FillFigures]:
    """By the role that the shift needed, in the form used for comparison; in the order of the roles."""
    return _grouped(attempts, lambda one: one.role)


def by_hour(attempts: Iterable[Attempt], zone: tzinfo) -> dict[int, FillFigures]:
    """By the hour of the day, from 0 to 23 in that zone, in which the attempt started. Empty hours are left out."""
    return _grouped(attempts, lambda one: one.started_at.astimezone(zone).hour)


def by_round(attempts: Iterable[Attempt]) -> dict[str, FillFigures]:
    """By round: the attempts that had it, and of these the ones that were filled in it."""
    listed = list(attempts)
    found = {}
    for round_ in _ROUNDS:
        had = [one for one in listed if round_ == "sms" or one.escalated]
        of_round = figures(had)
        filled = figures(one for one in had if one.filled_in == round_)
        found[round_] = FillFigures(
            of_round.asked,
            filled.filled,
            of_round.first_answer_median_s,
            of_round.first_answer_p90_s,
            filled.fill_median_s,
            filled.fill_p90_s,
        )
    return found


def _grouped(attempts: Iterable[Attempt], key: Callable[[Attempt], KeyT]) -> dict[KeyT, FillFigures]:
    groups: dict[KeyT, list[Attempt]] = {}
    for one in attempts:
        groups.setdefault(key(one), []).append(one)
    return {value: figures(groups[value]) for value in sorted(groups)}


def _median(values: list[int]) -> float | None:
    return median(values) if values else None


def _percentile(values: list[int], share: float) -> int | None:
    """The smallest of the sorted values that at least that share of them do not exceed."""
    return values[ceil(share * len(values)) - 1] if values else None
