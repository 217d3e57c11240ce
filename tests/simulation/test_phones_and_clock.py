"""The simulated telephone network and the paced clock, without the service."""

import asyncio
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Self

import pytest
from fakes import START, FakeClock, raising

from app.domain.decisions import Message
from app.domain.records import Channel, Kind
from app.errors import PermanentFailure
from app.simulation.clock import PacedClock
from app.simulation.phones import PhoneNetwork, PhoneReply, Reaction


def offer(to: str = "+16175550100", channel: Channel = Channel.SMS) -> Message:
    """An offer to that number."""
    return Message(
        id=f"m-{to}-{channel}",
        channel=channel,
        kind=Kind.OFFER,
        to=to,
        body="Open RN shift",
        shift_id="s1",
        caregiver_id="ann",
        organization_id="org",
    )


async def test_a_telephone_without_a_holder_keeps_its_messages_unread() -> None:
    """The oldest message is first in `unread`."""
    network = PhoneNetwork(FakeClock())
    await network.send(offer())
    await network.send(offer(channel=Channel.VOICE))
    assert list(network.phone("+16175550100").unread) == [offer(), offer(channel=Channel.VOICE)]


async def test_a_holder_replies_after_their_delay_on_the_channel_of_the_message() -> None:
    """The gateway receives the reply exactly when the reaction's delay has passed."""
    clock = FakeClock()
    heard: list[tuple[datetime, PhoneReply]] = []
    network = PhoneNetwork(clock, gateway=lambda reply: heard.append((clock.now(), reply)))
    call = offer(channel=Channel.VOICE)
    network.phone(call.to).holder = lambda _: Reaction(25.0, "1")
    await network.send(call)
    await clock.advance(24.9)
    assert heard == []
    await clock.advance(0.1)
    assert heard == [(START + timedelta(seconds=25), PhoneReply(call.to, Channel.VOICE, "1", call))]
    assert not network.phone(call.to).unread


async def test_a_holder_who_ignores_a_message_sends_no_reply() -> None:
    """The message counts as delivered, and the gateway receives nothing."""
    clock = FakeClock()
    heard: list[PhoneReply] = []
    network = PhoneNetwork(clock, gateway=heard.append)
    network.phone("+16175550100").holder = lambda _: None
    await network.send(offer())
    await clock.advance(86_400)
    assert (heard, network.sent) == ([], [offer()])


async def test_a_message_that_the_network_refuses_reaches_no_telephone() -> None:
    """`send` raises the network's error, and the next message is delivered."""
    network = PhoneNetwork(FakeClock(), behaviour=raising(PermanentFailure("out of service")))
    with pytest.raises(PermanentFailure):
        await network.send(offer())
    assert (network.sent, list(network.phone("+16175550100").unread)) == ([], [])
    await network.send(offer())
    assert network.sent == [offer()]


class Pacing:
    """A running paced clock whose real time moves only when the test changes `real_s`."""

    def __init__(self, speed: float) -> None:
        self.real_s = 1000.0
        self.ran: list[tuple[str, float]] = []
        self._looked = asyncio.Event()
        self._noted = asyncio.Event()
        self.clock = PacedClock(START, speed, self._real_time)

    def _real_time(self) -> float:
        self._looked.set()
        return self.real_s

    async def __aenter__(self) -> Self:
        self._running = asyncio.get_running_loop().create_task(self.clock.run())
        await self.at_rest()
        return self

    async def __aexit__(self, *_: object) -> None:
        self._running.cancel()
        with suppress(asyncio.CancelledError):
            await self._running

    async def at_rest(self) -> None:
        """Return when the clock reads the real time, which it does when it starts or ends a wait between timers."""
        self._looked.clear()
        await self._looked.wait()

    def after(self, seconds: float, name: str) -> None:
        """Set a timer that many seconds after the start; it records its name and the time that it sees."""

        def note() -> None:
            self.ran.append((name, self.passed()))
            self._noted.set()

        self.clock.call_at(START + timedelta(seconds=seconds), note)

    async def until_ran(self, count: int) -> None:
        """Return when that many timers have run."""
        while len(self.ran) < count:
            self._noted.clear()
            await self._noted.wait()

    def passed(self) -> float:
        """Simulated seconds since the start."""
        return (self.clock.now() - START).total_seconds()


async def test_time_passes_between_timers_but_never_past_the_next() -> None:
    """At speed 60, ten real seconds are ten minutes; the clock stops at a timer that has not run yet."""
    async with Pacing(speed=60) as pacing:
        pacing.after(3600, "hour")
        await pacing.at_rest()
        assert pacing.passed() == 0
        pacing.real_s += 10
        assert pacing.passed() == 600
        pacing.real_s += 100
        assert pacing.passed() == 3600
        assert pacing.ran == []


async def test_a_timer_sees_exactly_its_own_time_although_others_read_the_clock() -> None:
    """A viewer reads the clock between timers and sets one more; each timer runs at the time it was set for."""
    async with Pacing(speed=60) as pacing:
        pacing.after(3600, "hour")
        pacing.real_s += 10
        pacing.after(pacing.passed(), "viewer")
        await pacing.until_ran(1)
        pacing.clock.speed = 1e12
        pacing.after(601, "later")
        await pacing.until_ran(3)
        assert pacing.ran == [("viewer", 600.0), ("later", 601.0), ("hour", 3600.0)]


async def test_tasks_that_a_timer_wakes_finish_before_the_next_timer_of_the_same_time() -> None:
    """Timers of the same time run in the order in which they were set."""
    order: list[str] = []
    tasks: list[asyncio.Task[None]] = []

    async def work() -> None:
        for _ in range(5):
            await asyncio.sleep(0)
        order.append("woken by the first")

    def first() -> None:
        order.append("first")
        tasks.append(asyncio.get_running_loop().create_task(work()))

    async with Pacing(speed=1e12) as pacing:
        pacing.clock.call_at(START + timedelta(hours=1), first)
        pacing.clock.call_at(START + timedelta(hours=1), lambda: order.append("second"))
        pacing.after(3600, "third")
        await pacing.until_ran(1)
    assert order == ["first", "woken by the first", "second"]
