"""Texts through one provider, calls through another: each as if it were alone."""

import asyncio
from collections import deque

import pytest
from office import Office

from app.bootstrap import build
from app.domain.decisions import Message
from app.domain.records import Channel
from app.errors import PermanentFailure
from app.ports.notifier import Accepted, Notifier
from app.runtime.worker import Worker
from app.settings import Settings


class Line:
    """A notifier that keeps what it gets. `answers`: what comes instead of an acceptance, in order; None: nothing."""

    def __init__(self, timeout_s: float, *, honours_keys: bool) -> None:
        self.timeout_s = timeout_s
        self.honours_keys = honours_keys
        self.sent: list[Message] = []
        self.answers: deque[Exception | None] = deque()
        self.closed = 0

    async def send(self, message: Message) -> Accepted | None:
        self.sent.append(message)
        if self.answers:
            answer = self.answers.popleft()
            if answer is None:
                await asyncio.Event().wait()
            else:
                raise answer
        return Accepted()

    async def aclose(self) -> None:
        self.closed += 1


class TwoLines(Office):
    """A service with a notifier for each channel."""

    def __init__(self) -> None:
        super().__init__(escalate_after=600.0, data=None, lifespan=True)
        self.texts, self.calls = Line(10.0, honours_keys=True), Line(120.0, honours_keys=False)
        lines: dict[Channel, Notifier] = {Channel.SMS: self.texts, Channel.VOICE: self.calls}
        service = self.app.state.service

        def new_worker() -> Worker:
            return Worker(service.engine, service.store, lines, self.clock, max_in_flight=100)

        # `create_app` takes one notifier for both channels; two come from the settings, as real ones.
        service._new_worker = new_worker
        service._notifiers = [self.texts, self.calls]


async def test_each_channel_goes_its_own_way() -> None:
    """Texts and notices through one, calls through the other; both are closed."""
    async with TwoLines() as office:
        await office.caregiver("ann", "+15550001")
        await office.fanout(await office.shift("s1"))
        await office.minutes(10)
        await office.inbound("+15550001", "1", channel="voice")
        await office.settled()
        assert [one.channel for one in office.texts.sent] == [Channel.SMS, Channel.SMS]
        assert [one.channel for one in office.calls.sent] == [Channel.VOICE]
    assert (office.texts.closed, office.calls.closed) == (1, 1)


async def test_each_keeps_its_time_limit_and_its_way_with_repeats() -> None:
    """A text without an answer is repeated after ten seconds; a call without one is unknown after two minutes."""
    async with TwoLines() as office:
        await office.caregiver("ann", "+15550001")
        office.texts.answers.append(None)
        office.calls.answers.append(None)
        await office.fanout(await office.shift("s1"))
        await office.minutes(1)
        assert len(office.texts.sent) == 2
        await office.minutes(9.5)
        contacts = (await office.report("s1"))["contacts"]
        assert {one["channel"]: one["status"] for one in contacts} == {"sms": "sent", "voice": "sending"}
        await office.minutes(2)
        contacts = (await office.report("s1"))["contacts"]
        assert {one["channel"]: one["status"] for one in contacts} == {"sms": "sent", "voice": "unknown"}


async def test_a_failure_of_one_is_not_one_of_the_other() -> None:
    """A number that takes no text is called all the same."""
    async with TwoLines() as office:
        await office.caregiver("ann", "+15550001")
        office.texts.answers.append(PermanentFailure("no such number"))
        await office.fanout(await office.shift("s1"))
        await office.minutes(11)
        contacts = (await office.report("s1"))["contacts"]
        assert {one["channel"]: one["status"] for one in contacts} == {"sms": "failed", "voice": "sent"}


@pytest.mark.parametrize(("voice", "count"), [(None, 1), ("console", 1), ("webhook", 2)])
def test_the_settings_choose_a_notifier_for_each_channel(voice: str | None, count: int) -> None:
    """One for both if they go the same way."""
    service = build(Settings(voice_notifier=voice, webhook_url="https://gateway.example"))
    assert len(service._notifiers) == count
