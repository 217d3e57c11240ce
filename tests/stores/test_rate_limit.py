"""The rate limiter over simulated schedules: never faster than the rate, and not slower than necessary."""

from bisect import bisect_left
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from app.stores.rate_limit import RateLimiter

START = datetime(2026, 6, 1, 10, 0, tzinfo=UTC)
#: How late a timer may be and still make up for it (see `app.stores.rate_limit`). The tolerance of these tests.
LATENESS_S = 0.05

RATES = [0.001, 0.1, 0.4, 1.0, 1.5, 3.0, 7.3, 20.0, 99.9, 300.0]


def sent_at(
    limiter: RateLimiter, *, late_s: float, for_s: float = 10.0**9, wanted: int = 10**9, seed: int = 1
) -> list[float]:
    """The seconds at which messages are sent by a worker that returns at `next_at` or up to `late_s` later."""
    random = Random(seed)
    now = START
    seconds: list[float] = []
    while (now - START).total_seconds() <= for_s and len(seconds) < wanted:
        count = min(limiter.allowance(now), wanted - len(seconds))
        for _ in range(count):
            limiter.spend(now)
        seconds += [(now - START).total_seconds()] * count
        now = max(now, limiter.next_at) + timedelta(seconds=random.uniform(0, late_s))
    return seconds


def largest_excess(seconds: list[float], rate: float, windows: list[float]) -> float:
    """By how many messages the fullest window of any of these lengths exceeds rate x length."""
    worst = -float("inf")
    for window in windows:
        for first, begin in enumerate(seconds):
            count = bisect_left(seconds, begin + window) - first
            worst = max(worst, count - rate * window)
    return worst


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("late_s", [0.0, 0.001, 0.03, LATENESS_S, 0.2, 5.0])
def test_no_window_has_more_than_its_share(rate: float, late_s: float) -> None:
    """Any window has at most rate x length messages, plus one and those that a late timer makes up for."""
    seconds = sent_at(RateLimiter(rate), wanted=300, late_s=late_s)
    windows = [factor / rate for factor in (0.5, 1, 2, 10, 60)] + [1.0, 60.0]
    assert len(seconds) == 300
    # The resolution of datetime loses a microsecond per message.
    assert largest_excess(seconds, rate, windows) <= 1 + rate * LATENESS_S + 0.1


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("late_s", [0.0, 0.01, LATENESS_S / 2])
def test_lateness_does_not_add_up(rate: float, late_s: float) -> None:
    """In the long run a worker with slightly late timers sends as many messages as a punctual one."""
    seconds = sent_at(RateLimiter(rate), for_s=1000 / rate, late_s=late_s)
    assert abs(len(seconds) - 1001) <= 2 + rate * LATENESS_S


def test_one_message_in_two_and_a_half_seconds() -> None:
    """At a rate below one a second, messages are several seconds apart."""
    assert sent_at(RateLimiter(0.4), for_s=10, late_s=0) == [0.0, 2.5, 5.0, 7.5, 10.0]


def test_unused_time_is_not_saved_up() -> None:
    """After an hour without messages one may be sent at once, and not an hour's worth."""
    limiter = RateLimiter(10.0)
    limiter.spend(START)
    later = START + timedelta(hours=1)
    assert limiter.allowance(later) == 1
    limiter.spend(later)
    assert limiter.allowance(later) == 0
    assert limiter.next_at == later + timedelta(seconds=0.1)


def test_no_message_may_be_sent_before_its_time() -> None:
    """Between two messages the allowance is zero until exactly their distance has passed."""
    limiter = RateLimiter(4.0)
    limiter.spend(START)
    assert limiter.allowance(START) == 0
    assert limiter.allowance(START + timedelta(seconds=0.249999)) == 0
    assert limiter.allowance(START + timedelta(seconds=0.25)) == 1


def test_a_late_timer_makes_up_for_what_it_missed() -> None:
    """At 100 a second, a worker that is 40 ms late may send the four messages it missed and the one due now."""
    limiter = RateLimiter(100.0)
    limiter.spend(START)
    assert limiter.allowance(START + timedelta(milliseconds=50)) == 5


def test_an_unspent_allowance_stays() -> None:
    """After one of several allowed messages the rest of them may still be sent, and no more."""
    limiter = RateLimiter(100.0)
    limiter.spend(START)
    now = START + timedelta(milliseconds=50)
    allowed = limiter.allowance(now)
    for left in range(allowed, 0, -1):
        assert limiter.allowance(now) == left
        limiter.spend(now)
    assert limiter.allowance(now) == 0


def test_without_a_rate_there_is_no_limit() -> None:
    """Without a rate a million messages may be sent, however many went before."""
    limiter = RateLimiter(None)
    assert limiter.allowance(START) >= 1_000_000
    for _ in range(1000):
        limiter.spend(START)
    assert limiter.allowance(START) >= 1_000_000
