"""How many messages of one channel may be handed over now. Never reads a clock: the caller passes the time.

Why there is a limit: a provider accepts a number of messages per second (Twilio: one text per second from a long
code, one call per second) and queues or drops the rest.
"""

from datetime import UTC, datetime, timedelta

#: If a timer is late by at most this many seconds, the messages missed meanwhile may be sent at once. After a longer
#: delay they are not made up for: that would be a burst.
_LATENESS_S = 0.05
_UNLIMITED = 1_000_000
#: How far the clocks of two processes may differ. A stored time that is further ahead came from a wrong clock.
_SKEW_S = 60.0


class RateLimiter:
    """Spaces messages evenly, at most `rate_per_s` per second; None means no limit."""

    def __init__(
        self, rate_per_s: float | None, next_at: datetime | None = None, paused_until: datetime | None = None
    ) -> None:
        """`next_at`: the time another limiter with this rate has reached, perhaps in a process with another clock.

        `paused_until`: no message may be sent before this time.
        """
        self._rate = rate_per_s
        self._paused_until = paused_until or datetime.min.replace(tzinfo=UTC)
        self._next = next_at or datetime.min.replace(tzinfo=UTC)
        #: A wait longer than this cannot come from the rate: the clock was changed.
        self._longest_wait_s = 1 / rate_per_s + _SKEW_S if rate_per_s is not None and next_at is not None else 0.0

    def allowance(self, now: datetime) -> int:
        """How many messages may be sent at `now`."""
        if now < self._paused_until:
            return 0
        if self._rate is None:
            return _UNLIMITED
        late_s = (now - self._next).total_seconds()
        if -late_s > self._longest_wait_s:
            # The clock was set back, or the stored time is wrong. Waiting for it could stop the channel for hours.
            self._next = now
            late_s = 0.0
        if late_s < 0:
            return 0
        return 1 if late_s > _LATENESS_S else 1 + int(late_s * self._rate)

    def spend(self, now: datetime) -> None:
        """Record that one message is sent at `now`."""
        if self._rate is not None:
            start = self._next if (now - self._next).total_seconds() <= _LATENESS_S else now
            self._next = start + timedelta(seconds=1 / self._rate)
            self._longest_wait_s = max(0.0, (self._next - now).total_seconds()) + _LATENESS_S

    @property
    def next_at(self) -> datetime:
        """When the next message may be sent."""
        return max(self._next, self._paused_until)


def slower(rate_per_s: float | None, interval_s: float) -> float | None:
    """The lower of two rates per second: `rate_per_s` (None: unlimited) and one in `interval_s` (0: unlimited)."""
    if not interval_s:
        return rate_per_s
    return 1 / interval_s if rate_per_s is None else min(rate_per_s, 1 / interval_s)
