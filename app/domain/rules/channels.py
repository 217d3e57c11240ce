"""How fast a channel goes, after what its provider answered. Pure.

"Too many" (HTTP 429) slows the whole channel down. An answer that says that something is set up wrongly (401, 403,
404) stops it, but for one message every half a minute. So does a receipt that says so later.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from app.domain.commands import HandoverResult, RecordSending
from app.domain.messages import ChannelStatus, Contact, Notice, channel_of
from app.domain.receipts import Consequence, Receipt, ReceiptState
from app.domain.state import StateReader

#: The first wait after a 429 that names none, and from then on the time between two messages. A little more than a
#: second, because many providers count whole seconds.
_FIRST_INTERVAL_S = 1.05
_LONGEST_INTERVAL_S = 60.0
#: A provider that asks for a longer wait than this is tried again after this time. Single messages wait no longer
#: either.
LONGEST_WAIT_S = 3600.0
#: One message tries again this often while the provider refuses everything.
_PROBE_EVERY_S = 30.0
#: After this long without a 429 the channel goes twice as fast.
_FASTER_AFTER = timedelta(seconds=10)
#: A shorter time between two messages is as good as none.
_SHORTEST_INTERVAL_S = 0.1


def channel_after(state: StateReader, entry: Contact | Notice, command: RecordSending) -> ChannelStatus | None:
    """The channel's new status after that result; None if nothing changes."""
    before, news = _before(state, entry)
    match command.result:
        case HandoverResult.THROTTLED if news:
            return _throttled(before, command)
        case HandoverResult.MISCONFIGURED if news or before.fault is None:
            return _paused(before, command.error, command.now)
        case HandoverResult.SENT if before.fault_until_delivered:
            # It accepted the others too.
            return None
        case HandoverResult.SENT if before.fault is not None and news:
            return ChannelStatus(channel=before.channel)
        case HandoverResult.SENT if news and before.interval_s:
            return _relaxed(before, command)
    return None


def channel_after_receipt(
    state: StateReader, entry: Contact | Notice, receipt: Receipt, now: datetime
) -> ChannelStatus | None:
    """The channel's new status after that receipt; None if nothing changes."""
    before, news = _before(state, entry)
    if receipt.consequence is Consequence.CHANNEL_FAULT and (news or before.fault is None):
        return replace(_paused(before, receipt.error, now), fault_until_delivered=True)
    if receipt.state is ReceiptState.DELIVERED and news and before.fault_until_delivered:
        return ChannelStatus(channel=before.channel)
    return None


def _before(state: StateReader, entry: Contact | Notice) -> tuple[ChannelStatus, bool]:
    """The status of the message's channel, and whether what is known about this message is news to it.

    Many messages may be on their way when the first answer comes; theirs say the same again.
    """
    before = state.channel(channel_of(entry))
    return before, before.paused_at is None or (
        entry.handed_over_at is not None and entry.handed_over_at > before.paused_at
    )


def _paused(before: ChannelStatus, fault: str | None, now: datetime) -> ChannelStatus:
    return replace(
        before,
        paused_at=now,
        paused_until=now + timedelta(seconds=_PROBE_EVERY_S),
        interval_s=_PROBE_EVERY_S,
        fault=fault or "no reason given",
    )


def _throttled(before: ChannelStatus, command: RecordSending) -> ChannelStatus:
    throttled = before.throttled + 1
    interval_s = before.interval_s or _FIRST_INTERVAL_S
    if throttled > 1 and command.retry_after_s is None:
        # A provider that names a time needs no guess.
        interval_s = min(2 * interval_s, _LONGEST_INTERVAL_S)
    pause_s = interval_s if command.retry_after_s is None else min(command.retry_after_s, LONGEST_WAIT_S)
    return replace(
        before,
        paused_at=command.now,
        paused_until=command.now + timedelta(seconds=pause_s),
        interval_s=interval_s,
        throttled=throttled,
    )


def _relaxed(before: ChannelStatus, command: RecordSending) -> ChannelStatus | None:
    """After a success the count of 429s in a row ends; after ten seconds without one the channel is twice as fast."""
    if before.paused_at is None or command.now < before.paused_at + _FASTER_AFTER:
        return replace(before, throttled=0) if before.throttled else None
    if before.interval_s / 2 < _SHORTEST_INTERVAL_S:
        return ChannelStatus(channel=before.channel)
    return replace(before, paused_at=command.now, interval_s=before.interval_s / 2, throttled=0)
