"""How many messages of one channel may be handed over now. Knows time only by what it is told.

Source of the need: a provider takes so many a second (Twilio: 1 on a long code, 1 call) and queues or drops the rest.
"""

from datetime import UTC, datetime, timedelta

#: A timer that fires this late may make up for it; more would be a burst.
_LATENESS_S = 0.05
_UNLIMITED = 1_000_000
#: A time further ahead than this, and a message's own share, was written by a clock that was wrong.
_SKEW_S = 60.0


class RateLimiter:
    """An even spacing of at most `rate_per_s` messages; None: no limit."""

    def __init__(self, rate_per_s: float | None, next_at: datetime | None = None) -> None:
        """`next_at`: where another pace of this rate stopped; its clock may have differed by `_SKEW_S` from ours."""
        self._rate = rate_per_s
        self._next = next_at or datetime.min.replace(tzinfo=UTC)
        self._longest_wait_s = 1 / rate_per_s + _SKEW_S if rate_per_s is not None and next_at is not None else 0.0

    def allowance(self, now: datetime) -> int:
        """How many may go at `now`."""
        if self._rate is None:
            return _UNLIMITED
        late_s = (now - self._next).total_seconds()
        if -late_s > self._longest_wait_s:
            # The clock was set back.
            self._next = now
            late_s = 0.0
        if late_s < 0:
            return 0
        return 1 if late_s > _LATENESS_S else 1 + int(late_s * self._rate)

    def spend(self, now: datetime) -> None:
        """Note that one message goes at `now`."""
        if self._rate is not None:
            start = self._next if (now - self._next).total_seconds() <= _LATENESS_S else now
            self._next = start + timedelta(seconds=1 / self._rate)
            self._longest_wait_s = max(0.0, (self._next - now).total_seconds()) + _LATENESS_S

    @property
    def next_at(self) -> datetime:
        """When the next message may go."""
        return self._next
