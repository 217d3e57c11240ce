"""The simulated telephone network and the simulated clock, by themselves."""

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
    """An offer on its way."""
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


async def test_what_reaches_a_telephone_nobody_holds_stays_unread() -> None:
    """Oldest first, until somebody looks."""
    network = PhoneNetwork(FakeClock())
    await network.send(offer())
    await network.send(offer(channel=Channel.VOICE))
    assert list(network.phone("+16175550100").unread) == [offer(), offer(channel=Channel.VOICE)]


async def test_a_holder_answers_after_a_while_on_the_channel_they_were_reached_by() -> None:
    """The answer goes in at its time, not before."""
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


async def test_a_holder_who_ignores_a_message_says_nothing() -> None:
    """The message went through all the same."""
    clock = FakeClock()
    heard: list[PhoneReply] = []
    network = PhoneNetwork(clock, gateway=heard.append)
    network.phone("+16175550100").holder = lambda _: None
    await network.send(offer())
    await clock.advance(86_400)
    assert (heard, network.sent) == ([], [offer()])


async def test_a_message_the_network_does_not_carry_reaches_nobody() -> None:
    """What the network raises comes out of `send`; the holder hears nothing of it."""
    network = PhoneNetwork(FakeClock(), behaviour=raising(PermanentFailure("out of service")))
    with pytest.raises(PermanentFailure):
        await network.send(offer())
    assert (network.sent, list(network.phone("+16175550100").unread)) == ([], [])
    await network.send(offer())
    assert network.sent == [offer()]


class Pacing:
    """A paced clock that runs, and a real time that only the test moves."""

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
        """Return when the clock looks at the real time, which it does when it begins or ends a rest."""
        self._looked.clear()
        await self._looked.wait()

    def after(self, seconds: float, name: str) -> None:
        """Set a timer, counted from the start, that notes its name and the time it sees."""

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


async def test_between_two_timers_time_flows_but_never_past_the_next() -> None:
    """At sixty times the speed ten seconds are ten minutes; a timer that is late holds the clock up."""
    async with Pacing(speed=60) as pacing:
        pacing.after(3600, "hour")
        await pacing.at_rest()
        assert pacing.passed() == 0
        pacing.real_s += 10
        assert pacing.passed() == 600
        pacing.real_s += 100
        assert pacing.passed() == 3600
        assert pacing.ran == []


async def test_a_timer_sees_exactly_its_own_time_whatever_was_asked_in_between() -> None:
    """Somebody looks at the clock and sets a timer of their own; the others run at their times all the same."""
    async with Pacing(speed=60) as pacing:
        pacing.after(3600, "hour")
        pacing.real_s += 10
        pacing.after(pacing.passed(), "viewer")
        await pacing.until_ran(1)
        pacing.clock.speed = 1e12
        pacing.after(601, "later")
        await pacing.until_ran(3)
        assert pacing.ran == [("viewer", 600.0), ("later", 601.0), ("hour", 3600.0)]


async def test_what_one_timer_wakes_is_done_before_the_next_of_the_same_time() -> None:
    """Whatever the machine does, the order is that in which they were set."""
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
