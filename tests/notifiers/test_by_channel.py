"""Two notifiers as one: each channel goes its own way and keeps its own time limit."""

import asyncio
from datetime import datetime

import pytest
from fakes import START, FakeClock

from app.domain.decisions import Message
from app.domain.receipts import Receipt, ReceiptState
from app.domain.records import Channel, Kind
from app.errors import PermanentFailure, Uncertain
from app.notifiers.by_channel import NotifierByChannel
from app.ports.notifier import Accepted, TrackingNotifier


class Line:
    """A notifier that keeps what it gets; it answers when `gate` is set."""

    def __init__(self, name: str, timeout_s: float = 10.0, *, honours_keys: bool = False) -> None:
        self.name = name
        self.timeout_s = timeout_s
        self.honours_keys = honours_keys
        self.sent: list[Message] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.fault: Exception | None = None
        self.closed = 0

    async def send(self, message: Message) -> Accepted | None:
        self.sent.append(message)
        await self.gate.wait()
        if self.fault is not None:
            raise self.fault
        return Accepted(self.name)

    async def aclose(self) -> None:
        self.closed += 1


def message(channel: Channel) -> Message:
    """An offer on that channel."""
    return Message(
        id="m",
        channel=channel,
        kind=Kind.OFFER,
        to="+15550001",
        body="Open shift",
        shift_id="s",
        caregiver_id="c",
        organization_id="o",
    )


async def test_each_channel_goes_its_own_way() -> None:
    """A text goes through the first, a call through the second, and the answer comes back."""
    texts, calls = Line("texts"), Line("calls")
    both = NotifierByChannel(texts=texts, calls=calls, clock=FakeClock())
    assert await both.send(message(Channel.SMS)) == Accepted("texts")
    assert await both.send(message(Channel.VOICE)) == Accepted("calls")
    assert [one.channel for one in texts.sent + calls.sent] == [Channel.SMS, Channel.VOICE]


async def test_a_failure_is_passed_on() -> None:
    """Whatever the notifier of the channel raises."""
    texts = Line("texts")
    texts.fault = PermanentFailure("no such number")
    both = NotifierByChannel(texts=texts, calls=Line("calls"), clock=FakeClock())
    with pytest.raises(PermanentFailure, match="no such number"):
        await both.send(message(Channel.SMS))


async def test_each_keeps_its_own_time_limit() -> None:
    """The limit of both together is that of the slower one; the faster one does not get longer by that."""
    clock = FakeClock()
    texts, calls = Line("texts", 10.0), Line("calls", 120.0)
    texts.gate.clear()
    both = NotifierByChannel(texts=texts, calls=calls, clock=clock)
    assert both.timeout_s == 120.0
    sending = asyncio.create_task(both.send(message(Channel.SMS)))
    await clock.advance(9.9)
    assert not sending.done()
    await clock.advance(0.2)
    with pytest.raises(Uncertain, match="no answer in 10 s"):
        await sending


@pytest.mark.parametrize(("texts", "calls", "both"), [(True, True, True), (True, False, False), (False, True, False)])
def test_a_repeat_must_be_safe_on_both(texts: bool, calls: bool, both: bool) -> None:
    """An unanswered message is repeated only if no receiver would treat the repeat as a new one."""
    notifier = NotifierByChannel(
        texts=Line("texts", honours_keys=texts), calls=Line("calls", honours_keys=calls), clock=FakeClock()
    )
    assert notifier.honours_keys is both


async def test_both_are_closed() -> None:
    """Each once."""
    texts, calls = Line("texts"), Line("calls")
    await NotifierByChannel(texts=texts, calls=calls, clock=FakeClock()).aclose()
    assert (texts.closed, calls.closed) == (1, 1)


class TrackedLine(Line):
    """A notifier whose provider can be asked."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.cancelled: list[str] = []

    async def accepted_since(self, message: Message, since: datetime) -> Accepted | None:
        """The message was accepted."""
        return Accepted(self.name)

    async def receipt(self, provider_id: str, channel: Channel) -> Receipt | None:
        """It was delivered."""
        return Receipt(state=ReceiptState.DELIVERED)

    async def cancel(self, provider_id: str) -> None:
        """End the call."""
        self.cancelled.append(provider_id)


async def test_a_channel_whose_provider_can_be_asked_is_asked() -> None:
    """The calls here. Nothing is known about the texts."""
    calls = TrackedLine("calls")
    both = NotifierByChannel(texts=Line("texts"), calls=calls, clock=FakeClock())
    assert isinstance(both, TrackingNotifier)
    assert await both.accepted_since(message(Channel.VOICE), START) == Accepted("calls")
    assert await both.receipt("CA1", Channel.VOICE) == Receipt(state=ReceiptState.DELIVERED)
    await both.cancel("CA1")
    assert calls.cancelled == ["CA1"]
    with pytest.raises(Uncertain, match="cannot be asked"):
        await both.accepted_since(message(Channel.SMS), START)
    assert await both.receipt("SM1", Channel.SMS) is None
    await NotifierByChannel(texts=calls, calls=Line("calls"), clock=FakeClock()).cancel("CA2")
    assert calls.cancelled == ["CA1"]
