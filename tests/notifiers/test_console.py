"""The stub notifier: how long a message takes, and what it logs."""

import asyncio
import logging

import pytest
from fakes import FakeClock

from app.domain.decisions import Message
from app.domain.records import Channel, Kind
from app.notifier import ConsoleNotifier, place_phone_call, send_sms


def message(channel: Channel) -> Message:
    """A message to a caregiver."""
    return Message(
        id="m1",
        channel=channel,
        kind=Kind.OFFER,
        to="+16175550108",
        body="Open RN shift",
        shift_id="s1",
        caregiver_id="ann",
        organization_id="north",
    )


@pytest.mark.parametrize(
    ("channel", "latency_s", "takes_s", "line"),
    [
        (Channel.SMS, 1.0, 1.0, "sms to ***08: Open RN shift"),
        (Channel.VOICE, 1.0, 2.0, "call to ***08: Open RN shift"),
        (Channel.SMS, 0.25, 0.25, "sms to ***08: Open RN shift"),
        (Channel.VOICE, 0.25, 0.5, "call to ***08: Open RN shift"),
    ],
)
async def test_a_message_takes_its_time_and_is_logged(
    channel: Channel, latency_s: float, takes_s: float, line: str, caplog: pytest.LogCaptureFixture
) -> None:
    """A call takes twice as long as an SMS. The log shows the text, and the number masked."""
    caplog.set_level(logging.INFO, logger="shift_fanout.notifier")
    clock = FakeClock()
    sending = asyncio.create_task(ConsoleNotifier(clock, latency_s).send(message(channel)))
    await clock.advance(takes_s - 0.01)
    assert not sending.done()
    assert caplog.messages == []
    await clock.advance(0.01)
    assert sending.done()
    await sending
    assert caplog.messages == [line]


async def test_the_briefs_functions_take_one_second_and_two() -> None:
    """`send_sms` and `place_phone_call` need only a number and a text. Here they have a fake clock too."""
    clock = FakeClock()
    sms = asyncio.create_task(send_sms("+16175550108", "text", clock=clock))
    call = asyncio.create_task(place_phone_call("+16175550108", "text", clock=clock))
    await clock.advance(0.99)
    assert not sms.done()
    await clock.advance(0.01)
    assert (sms.done(), call.done()) == (True, False)
    await clock.advance(1)
    assert call.done()


async def test_no_latency_needs_no_clock() -> None:
    """With a latency of 0 a message is sent at once, and no timer is set."""
    clock = FakeClock()
    await ConsoleNotifier(clock, 0).send(message(Channel.VOICE))
    assert clock.next_at() is None


def test_the_time_limit_is_longer_than_a_call() -> None:
    """The worker must not give up a call that only takes as long as it was set to."""
    sender = ConsoleNotifier(FakeClock(), 30.0)
    assert sender.timeout_s == 70.0
    assert sender.honours_keys is False
