"""A notifier of somebody else's: a class with a method `send`, passed to `create_app(notifier=...)`."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import cast

import httpx
import pytest
from fakes import FakeClock
from office import Agency

from app.api import create_app
from app.domain.decisions import Message
from app.errors import StartRefused
from app.ports.notifier import DEFAULT_TIMEOUT_S, Notifier
from app.settings import Settings


class OnlySends:
    """The notifier of the README: nothing but `send`."""

    def __init__(self) -> None:
        self.sent: list[Message] = []
        self.answers = True

    async def send(self, message: Message) -> None:
        self.sent.append(message)
        if not self.answers:
            await asyncio.Event().wait()


@asynccontextmanager
async def agency_with(notifier: Notifier) -> AsyncIterator[Agency]:
    """The service with that notifier, started and stopped as by a server."""
    agency = Agency()
    agency.clock = FakeClock()
    app = create_app(Settings(data=None), clock=agency.clock, notifier=notifier)
    agency.http = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://service")
    async with app.router.lifespan_context(app), agency.http:
        yield agency
        await agency.settled()


async def asked(agency: Agency) -> None:
    """One caregiver is asked about shift s1."""
    await agency.put_caregiver("ann", "+15550001")
    await agency.shift("s1")
    await agency.fanout("s1")


async def test_a_class_with_only_send_is_enough() -> None:
    """An offer, a confirmation and the stop of the service work with it."""
    notifier = OnlySends()
    async with agency_with(notifier) as agency:
        await asked(agency)
        assert (await agency.inbound("+15550001", "YES"))["outcome"] == "claimed"
        await agency.settled()
        report = await agency.report("s1")
        assert [contact["status"] for contact in report["contacts"]] == ["sent"]
        assert [notice["status"] for notice in report["notices"]] == ["sent"]
    assert [message.kind for message in notifier.sent] == ["offer", "confirmation"]


async def test_a_send_that_does_not_end_is_given_up_and_not_repeated() -> None:
    """The default time limit holds, and no provider is taken to drop repeats."""
    notifier = OnlySends()
    notifier.answers = False
    async with agency_with(notifier) as agency:
        await asked(agency)
        await agency.clock.advance(DEFAULT_TIMEOUT_S)
        await agency.settled()
        (contact,) = (await agency.report("s1"))["contacts"]
        assert (contact["status"], contact["error"]) == ("unknown", "no answer in 10 s")
        await agency.clock.advance(timedelta(minutes=2).total_seconds())
        assert len(notifier.sent) == 1


async def test_an_object_that_cannot_send_is_refused_at_the_start() -> None:
    """The class itself, or something without `send`, would only fail with the first message."""
    for wrong in (object(), OnlySends):
        with pytest.raises(StartRefused, match=r"^create_app\(notifier=...\): "):
            create_app(Settings(data=None), notifier=cast("Notifier", wrong))
