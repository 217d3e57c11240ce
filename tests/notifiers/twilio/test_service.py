"""The whole service with this notifier: a shift is filled although requests to Twilio go unanswered."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest_asyncio
from fakes import FakeClock
from twilio_api import SID, TOKEN, TwilioApi

from app.api import create_app
from app.notifiers.twilio.client import TwilioClient
from app.notifiers.twilio.notifier import TwilioNotifier
from app.settings import Settings
from app.simulation.clock import settled

NUMBERS = ["+15555550101", "+15555550102", "+15555550103"]


class Agency:
    """The service, Twilio's API, and the time of both."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.api = TwilioApi(self.clock)
        client = TwilioClient(SID, TOKEN, self.clock, connect=self.api.connect)
        notifier = TwilioNotifier(
            client,
            self.clock,
            from_number="+15555550100",
            messaging_service_sid=None,
            public_url="https://agency.example",
            caller="your agency",
        )
        app = create_app(Settings(data=None), clock=self.clock, notifier=notifier)
        self.http = httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://service")

    async def seconds(self, count: float) -> None:
        """Move the clock forward."""
        await self.clock.advance(count)
        await settled(self.clock.busy)

    async def counts(self) -> dict[str, int]:
        """How many offers of the shift's fanout have which status, without the zeros."""
        report: dict[str, Any] = (await self.http.get("/shifts/s/fanout")).json()
        return {status: count for status, count in report["counts"].items() if count}


@pytest_asyncio.fixture
async def agency() -> AsyncIterator[Agency]:
    """A service with three nurses and a shift."""
    agency = Agency()
    async with agency.http as http:
        for number, id_ in zip(NUMBERS, "abc", strict=True):
            await http.put(f"/caregivers/{id_}", json={"name": id_, "role": "RN", "phone": number})
        shift = {
            "organization_id": "north",
            "role_required": "RN",
            "start_time": "2026-07-02T08:00:00-04:00",
            "end_time": "2026-07-02T16:00:00-04:00",
        }
        await http.put("/shifts/s", json=shift)
        yield agency


async def test_texts_calls_and_a_yes(agency: Agency) -> None:
    """Every number gets one text, then one call; the first yes gets the shift and its confirmation."""
    await agency.http.post("/shifts/s/fanout")
    await agency.seconds(1)
    assert await agency.counts() == {"sent": 3}
    assert sorted(one["to"] for one in agency.api.messages) == NUMBERS
    await agency.seconds(600)
    assert sorted(one["to"] for one in agency.api.calls) == NUMBERS
    yes = {"from": NUMBERS[1], "body": "1", "channel": "voice"}
    assert (await agency.http.post("/messages/inbound", json=yes)).json()["outcome"] == "claimed"
    await agency.seconds(1)
    assert agency.api.messages[-1]["to"] == NUMBERS[1]
    assert agency.api.messages[-1]["body"].startswith("You have it: RN shift")
    assert len(agency.api.messages) == 4


async def test_unanswered_requests_become_neither_two_texts_nor_none(agency: Agency) -> None:
    """Each is found out about while its lease is renewed: one was carried out, one was not and is tried again."""
    agency.api.faults.extend([(True, httpx.ReadTimeout("gone")), (False, (500, None)), None])
    await agency.http.post("/shifts/s/fanout")
    await agency.seconds(1)
    assert await agency.counts() == {"sending": 2, "sent": 1}
    await agency.seconds(2)
    # The list says that the one that was carried out has arrived.
    assert await agency.counts() == {"sending": 1, "sent": 1, "delivered": 1}
    await agency.seconds(40)
    assert await agency.counts() == {"sent": 2, "delivered": 1}
    assert sorted(one["to"] for one in agency.api.messages) == NUMBERS


async def test_a_message_that_nothing_is_known_of_is_not_sent_again(agency: Agency) -> None:
    """It is on record as unknown, for a person to see."""
    agency.api.faults.append((True, (500, None)))
    agency.api.list_faults.extend([(503, None)] * 10)
    await agency.http.post("/shifts/s/fanout")
    await agency.seconds(130)
    assert await agency.counts() == {"sent": 2, "unknown": 1}
    assert sorted(one["to"] for one in agency.api.messages) == NUMBERS


async def test_a_wrong_token_loses_nothing(agency: Agency) -> None:
    """The channel waits until the operator has repaired it."""
    agency.api.faults.extend([(False, (401, 20003))] * 3)
    await agency.http.post("/shifts/s/fanout")
    await agency.seconds(1)
    assert "sent" not in await agency.counts()
    await agency.seconds(120)
    assert await agency.counts() == {"sent": 3}
    assert sorted(one["to"] for one in agency.api.messages) == NUMBERS
