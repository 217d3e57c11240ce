"""The pace of one channel, over simulated schedules: never too fast, and not slower than asked for."""

from bisect import bisect_left
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from app.stores.rate_limit import RateLimiter

START = datetime(2026, 6, 1, 10, 0, tzinfo=UTC)
#: What a timer may make up for if it fires late (see `app.stores.rate_limit`); the tolerance of these tests.
LATENESS_S = 0.05

RATES = [0.001, 0.1, 0.4, 1.0, 1.5, 3.0, 7.3, 20.0, 99.9, 300.0]


def sent_at(
    pace: RateLimiter, *, late_s: float, for_s: float = 10.0**9, wanted: int = 10**9, seed: int = 1
) -> list[float]:
    """Seconds at which messages go, if the worker comes back at `next_at` and up to `late_s` late."""
    chance = Random(seed)
    now = START
    times: list[float] = []
    while (now - START).total_seconds() <= for_s and len(times) < wanted:
        count = min(pace.allowance(now), wanted - len(times))
        for _ in range(count):
            pace.spend(now)
        times += [(now - START).total_seconds()] * count
        now = max(now, pace.next_at) + timedelta(seconds=chance.uniform(0, late_s))
    return times


def most_above(times: list[float], rate: float, windows: list[float]) -> float:
    """By how many messages the fullest window of any of these lengths exceeds its share."""
    worst = -float("inf")
    for window in windows:
        for first, begin in enumerate(times):
            count = bisect_left(times, begin + window) - first
            worst = max(worst, count - rate * window)
    return worst


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("late_s", [0.0, 0.001, 0.03, LATENESS_S, 0.2, 5.0])
def test_no_window_has_more_than_its_share(rate: float, late_s: float) -> None:
    """In any window there are at most rate x length messages, plus one and what a timer's lateness makes up for."""
    times = sent_at(RateLimiter(rate), wanted=300, late_s=late_s)
    windows = [factor / rate for factor in (0.5, 1, 2, 10, 60)] + [1.0, 60.0]
    assert len(times) == 300
    # A microsecond a message is lost to the resolution of datetime.
    assert most_above(times, rate, windows) <= 1 + rate * LATENESS_S + 0.1


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("late_s", [0.0, 0.01, LATENESS_S / 2])
def test_lateness_does_not_add_up(rate: float, late_s: float) -> None:
    """A worker whose timers are a little late hands over as many as a punctual one in the long run."""
    times = sent_at(RateLimiter(rate), for_s=1000 / rate, late_s=late_s)
    assert abs(len(times) - 1001) <= 2 + rate * LATENESS_S


def test_one_message_in_two_and_a_half_seconds() -> None:
    """A rate below one a second is a rest of several seconds between two messages."""
    assert sent_at(RateLimiter(0.4), for_s=10, late_s=0) == [0.0, 2.5, 5.0, 7.5, 10.0]


def test_a_rest_is_not_saved_up() -> None:
    """After a quiet hour one message may go at once, not an hour's worth."""
    pace = RateLimiter(10.0)
    pace.spend(START)
    later = START + timedelta(hours=1)
    assert pace.allowance(later) == 1
    pace.spend(later)
    assert pace.allowance(later) == 0
    assert pace.next_at == later + timedelta(seconds=0.1)


def test_before_its_time_nothing_goes() -> None:
    """Between two messages the allowance is nothing, until exactly their distance has passed."""
    pace = RateLimiter(4.0)
    pace.spend(START)
    assert pace.allowance(START) == 0
    assert pace.allowance(START + timedelta(seconds=0.249999)) == 0
    assert pace.allowance(START + timedelta(seconds=0.25)) == 1


def test_a_late_timer_makes_up_for_what_it_missed() -> None:
    """A worker that comes 40 milliseconds late at 100 a second gets the four it missed and the one that is due."""
    pace = RateLimiter(100.0)
    pace.spend(START)
    assert pace.allowance(START + timedelta(milliseconds=50)) == 5


def test_spending_less_than_allowed_keeps_the_pace() -> None:
    """Who takes one of several allowed has the rest at once, and no more than that."""
    pace = RateLimiter(100.0)
    pace.spend(START)
    now = START + timedelta(milliseconds=50)
    allowed = pace.allowance(now)
    for left in range(allowed, 0, -1):
        assert pace.allowance(now) == left
        pace.spend(now)
    assert pace.allowance(now) == 0


def test_without_a_rate_there_is_no_limit() -> None:
    """Without a rate more may go than any round has messages, however many went before."""
    pace = RateLimiter(None)
    assert pace.allowance(START) >= 1_000_000
    for _ in range(1000):
        pace.spend(START)
    assert pace.allowance(START) >= 1_000_000
