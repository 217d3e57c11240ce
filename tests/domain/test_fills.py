"""The figures of the report about filled shifts, from made-up facts."""

from datetime import UTC, datetime, timedelta
from typing import Any

from app.domain.facts import Fact, FactType
from app.domain.fills import Attempts, by_hour, by_role, by_round, figures, matters
from app.domain.time_zones import zone

START = datetime(2026, 7, 1, 3, 30, tzinfo=UTC)
END = START + timedelta(days=1)


def fact(type_: FactType, shift_id: str = "s1", later_s: int = 0, **data: Any) -> Fact:
    """A fact, so many seconds after the start."""
    return Fact(type=type_, at=START + timedelta(seconds=later_s), actor="office", shift_id=shift_id, data=data)


def started(shift_id: str, later_s: int = 0, role: str = "rn", organization_id: str = "org") -> Fact:
    """A fanout has started."""
    return fact(FactType.FANOUT_STARTED, shift_id, later_s, role=role, organization_id=organization_id)


def attempts(*facts: Fact, organization_id: str | None = None) -> Attempts:
    """What follows from the facts. A report needs each of them."""
    found = Attempts(END, organization_id)
    for one in facts:
        assert matters(one)
        found.add(one)
    return found


def test_medians_and_percentiles() -> None:
    """Of ten fills the median is the mean of the fifth and sixth, and the 90th percentile is the ninth."""
    facts = []
    for n in range(1, 11):
        facts += [started(f"s{n}"), fact(FactType.SHIFT_FILLED, f"s{n}", n, after_s=n * 10, round="sms")]
    found = figures(attempts(*facts, started("s11")).found)
    assert (found.asked, found.filled, found.fill_median_s, found.fill_p90_s) == (11, 10, 55, 90)
    assert (found.first_answer_median_s, found.first_answer_p90_s) == (None, None)


def test_the_first_answer_counts_whatever_it_says() -> None:
    """A no, a question or a yes; a fill by hand is no answer."""
    found = figures(
        attempts(
            started("s1"),
            started("s2"),
            started("s3"),
            fact(FactType.OFFER_DECLINED, "s1", first_answer_after_s=30),
            fact(FactType.SHIFT_FILLED, "s1", after_s=90, round="sms"),
            fact(FactType.SHIFT_FILLED, "s2", after_s=40, round="sms", first_answer_after_s=40),
            fact(FactType.SHIFT_ASSIGNED, "s3", after_s=50, round="sms"),
        ).found
    )
    assert (found.filled, found.first_answer_median_s, found.fill_median_s) == (3, 35, 50)


def test_each_fanout_of_a_shift_counts() -> None:
    """What happens belongs to the latest one. What belongs to none that counts is left out."""
    found = attempts(
        fact(FactType.SHIFT_FILLED, "s1", after_s=1, round="sms"),
        started("s1"),
        started("s1", 60),
        fact(FactType.SHIFT_ASSIGNED, "s1", 80, after_s=20, round="sms"),
        fact(FactType.SHIFT_ASSIGNED, "s2", 80),
        started("s1", 86_400),
        fact(FactType.SHIFT_FILLED, "s1", 86_500, after_s=100, round="sms"),
    ).found
    assert [one.filled_s for one in found] == [None, 20]


def test_groups() -> None:
    """By role, by the hour of a zone, and by round: of the calls, only fanouts that had them."""
    found = attempts(
        started("s1", role="rn"),
        started("s2", role="lpn"),
        started("s3", 3600, role="rn"),
        fact(FactType.RECORD_CHANGED, "s1", 600, record="fanout", change="escalated"),
        fact(FactType.RECORD_CHANGED, "s2", 600, record="fanout", change="escalated"),
        fact(FactType.SHIFT_FILLED, "s1", 700, after_s=700, round="voice", first_answer_after_s=700),
        fact(FactType.SHIFT_FILLED, "s3", 3700, after_s=100, round="sms", first_answer_after_s=100),
    ).found
    assert {role: (one.asked, one.filled) for role, one in by_role(found).items()} == {"lpn": (1, 0), "rn": (2, 2)}
    assert {hour: one.asked for hour, one in by_hour(found, zone("America/New_York")).items()} == {0: 1, 23: 2}
    rounds = by_round(found)
    assert (rounds["sms"].asked, rounds["sms"].filled, rounds["sms"].fill_median_s) == (3, 1, 100)
    assert (rounds["voice"].asked, rounds["voice"].filled, rounds["voice"].fill_median_s) == (2, 1, 700)
    assert (rounds["sms"].first_answer_median_s, rounds["voice"].first_answer_median_s) == (400, 700)


def test_one_organization() -> None:
    """Only fanouts of its shifts count."""
    facts = (started("s1"), started("s2", organization_id="b"), fact(FactType.SHIFT_FILLED, "s1", after_s=1))
    assert len(attempts(*facts, organization_id="b").found) == 1
    assert figures(attempts(*facts, organization_id="b").found).filled == 0
