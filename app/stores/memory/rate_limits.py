"""How many messages of each channel may be handed over now. Does no I/O."""

from collections.abc import Mapping
from datetime import datetime

from app.domain.messages import ChannelStatus
from app.domain.records import Channel
from app.stores.rate_limit import RateLimiter, slower


class RateLimits:
    """A rate limit for each channel: that of the settings, or that of its provider if it takes fewer messages."""

    def __init__(self, rates: Mapping[Channel, float | None]) -> None:
        """`rates`: messages per second; None, or a channel left out, means no limit."""
        self._rates = dict(rates)
        self._limiters = {channel: RateLimiter(rates.get(channel)) for channel in Channel}

    def follow(self, status: ChannelStatus) -> None:
        """From now on send as fast as the channel's provider takes messages."""
        rate = slower(self._rates.get(status.channel), status.interval_s)
        before = self._limiters[status.channel]
        self._limiters[status.channel] = RateLimiter(rate, before.next_at, status.paused_until)

    def allowances(self, now: datetime) -> dict[Channel, int]:
        """How many messages of each channel may be sent at `now`."""
        return {channel: limiter.allowance(now) for channel, limiter in self._limiters.items()}

    def spend(self, channel: Channel, now: datetime) -> None:
        """Record that one message of the channel is sent at `now`."""
        self._limiters[channel].spend(now)

    def next_at(self, channel: Channel) -> datetime:
        """When the next message of the channel may be sent."""
        return self._limiters[channel].next_at
