"""Texts that come without a webhook: while the service is down, without a public URL, or because one was lost."""

import asyncio
import dataclasses
from datetime import datetime
from itertools import pairwise

import httpx
import pytest
from twilio_api import SID, TwilioApi
from twilio_description import Request
from twilio_side import ACCOUNT, TwilioOffice, text

from app.domain.commands import Command, Reply
from app.errors import StoreUnavailable
from app.ports.clock import Clock
from app.ports.store import ResultT, Step
from app.settings import Settings
from app.stores.memory.store import MemoryStore

ANN = "+16175550101"
SERVICE = "MG" + "1" * 32


async def with_an_offer(office: TwilioOffice) -> None:
    """A nurse is texted about a shift."""
    await office.caregiver("ann", ANN)
    await office.fanout(await office.shift("s1"))
    await office.all_read()


async def claimed_by(office: TwilioOffice) -> str | None:
    """Who has the shift."""
    found: str | None = (await office.report("s1"))["claimed_by"]
    return found


async def test_without_webhooks_texts_are_looked_for() -> None:
    """Every five seconds; each is handled once, in the order in which they came."""
    async with TwilioOffice(public_url=None) as office:
        await with_an_offer(office)
        office.api.company.text_from(ANN, "No")
        office.api.company.text_from(ANN, "Yes")
        await office.clock.advance(5)
        await office.settled()
        office.phone(ANN).expect_sms("You have it")
        assert await claimed_by(office) == "ann"
        await office.minutes(5)


async def test_what_came_while_the_service_was_down_is_read_at_the_start() -> None:
    """Before the first request is answered, and before there are new offers."""
    store = MemoryStore(Settings().retention, {})
    async with TwilioOffice(store=store, lifespan=True) as before:
        await with_an_offer(before)

    def later(clock: Clock) -> TwilioApi:
        api = TwilioApi(clock)
        api.company.text_from(ANN, "Yes")
        return api

    async with TwilioOffice(api=later, store=store, lifespan=True) as after:
        assert await claimed_by(after) == "ann"
        await after.all_read()


async def test_a_stop_while_the_service_was_down_holds() -> None:
    """Also for a caregiver who is put only afterwards."""

    def stopped(clock: Clock) -> TwilioApi:
        api = TwilioApi(clock)
        api.company.text_from(ANN, "STOP")
        return api

    async with TwilioOffice(api=stopped) as office:
        await office.caregiver("ann", ANN)
        assert (await office.http.get("/caregivers/ann")).json()["opted_out"] is True


async def test_a_text_whose_webhook_came_is_not_handled_again() -> None:
    """The list has it too, under the id of its webhook."""
    async with TwilioOffice() as office:
        await with_an_offer(office)
        record = office.api.company.text_from(ANN, "is it a big dog?")
        await text(office.http, ANN, "is it a big dog?", record["sid"])
        await office.settled()
        office.phone(ANN).expect_sms("we didn't understand")
        await office.minutes(6)
        office.phone(ANN).expect_nothing()
        assert [one.operation for one in office.api.requests].count("ListMessage") == 2


async def test_a_lost_webhook_is_made_up_for() -> None:
    """Within five minutes."""
    async with TwilioOffice() as office:
        await with_an_offer(office)
        office.api.company.text_from(ANN, "Yes")
        await office.minutes(5)
        office.phone(ANN).expect_sms("You have it")


async def test_a_text_that_is_listed_late_is_read() -> None:
    """The provider may list it only after the next reading has begun."""
    async with TwilioOffice(public_url=None) as office:
        await with_an_offer(office)
        office.api.company.text_from(ANN, "Yes")
        late = office.api.messages.pop()
        await office.clock.advance(60)
        assert await claimed_by(office) is None
        office.api.messages.append(late)
        await office.clock.advance(5)
        await office.settled()
        office.phone(ANN).expect_sms("You have it")


async def test_a_day_is_the_most_that_is_made_up_for() -> None:
    """An older answer is about nothing any more. Nor is anything read that the store may have forgotten."""
    for retention, hours, read in ((604_800.0, 23, True), (604_800.0, 25, False), (3600.0, 2, False)):

        def long_ago(clock: Clock) -> TwilioApi:
            api = TwilioApi(clock)
            api.company.text_from(ANN, "STOP")
            return api

        async with TwilioOffice(api=long_ago, retention=retention) as office:
            # The service starts with the first request.
            office.clock.set_forward(hours * 3600)
            await office.caregiver("ann", ANN)
            assert (await office.http.get("/caregivers/ann")).json()["opted_out"] is read


async def test_only_texts_to_our_number_are_ours() -> None:
    """The account may have numbers for other things; those of a messaging service are ours."""
    for service, to, ours in (
        (None, "+15555550199", False),
        (SERVICE, "+15555550199", True),
        ("MG" + "2" * 32, "+15555550199", False),
    ):
        account = dataclasses.replace(ACCOUNT, messaging_service_sid=service)
        async with TwilioOffice(twilio=account, public_url=None) as office:
            await with_an_offer(office)
            record = office.api.company.text_from(ANN, "Yes")
            record |= {"to": to, "messaging_service_sid": SERVICE}
            await office.clock.advance(5)
            await office.all_read()
            assert (await claimed_by(office) == "ann") is ours


async def test_an_api_that_fails_is_asked_again(caplog: pytest.LogCaptureFixture) -> None:
    """The service runs meanwhile, and no text is lost."""
    async with TwilioOffice(public_url=None) as office:
        await with_an_offer(office)
        office.api.company.text_from(ANN, "Yes")
        office.api.list_faults.extend([(401, 20003), httpx.ConnectError("gone")])
        await office.clock.advance(5)
        assert "inbox.not_read reason=wrong account SID or token" in caplog.text
        assert await claimed_by(office) is None
        await office.minutes(2)
        office.phone(ANN).expect_sms("You have it")


async def test_a_failed_reading_is_repeated_within_seconds() -> None:
    """A text that waits may be an answer. The waits double, up to the time between two readings."""
    async with TwilioOffice() as office:
        read_at: list[datetime] = []

        def note(request: Request) -> None:
            if request.operation == "ListMessage":
                read_at.append(office.clock.now())

        def waits() -> list[int]:
            return [round((later - earlier).total_seconds()) for earlier, later in pairwise(read_at)]

        office.api.before_answer = note
        office.api.list_faults.extend([(500, None), httpx.ConnectError("gone"), (500, None)])
        await with_an_offer(office)
        office.api.company.text_from(ANN, "Yes")
        await office.clock.advance(6.5)
        assert await claimed_by(office) is None
        await office.clock.advance(1)
        assert await claimed_by(office) == "ann"
        await office.all_read()
        assert waits() == [1, 2, 4]
        # A later reading that fails is repeated as soon as the first one.
        office.api.list_faults.extend([(500, None)] * 12)
        await office.clock.advance(40 * 60)
        assert waits()[3:] == [300, 1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300, 300, 300]


async def test_a_slow_first_reading_is_repeated_within_seconds() -> None:
    """Without the limit that it has while the start waits for it."""
    async with TwilioOffice() as office:
        gate = asyncio.Event()
        office.api.company.text_from(ANN, "STOP")
        office.api.before_answer = lambda _: gate.wait()
        first = asyncio.create_task(office.http.get("/caregivers"))
        await office.clock.advance(5.5)
        assert (await first).status_code == 200
        gate.set()
        await office.clock.advance(1)
        await office.caregiver("ann", ANN)
        assert (await office.http.get("/caregivers/ann")).json()["opted_out"] is True


async def test_a_store_that_fails_loses_no_text(monkeypatch: pytest.MonkeyPatch) -> None:
    """What it could not take is handed to it again."""
    async with TwilioOffice(public_url=None) as office:
        await with_an_offer(office)
        store = office.app.state.service.store

        async def away(*_: object) -> None:
            raise StoreUnavailable("gone")

        # The memory store never is away, and the whole service must run for this.
        with monkeypatch.context() as patch:
            patch.setattr(store, "transition", away)
            office.api.company.text_from(ANN, "Yes")
            await office.clock.advance(5)
        await office.minutes(1)
        office.phone(ANN).expect_sms("You have it")


class FaultyStore(MemoryStore):
    """Has a fault that one text brings out."""

    async def transition(self, command: Command, step: Step[ResultT]) -> ResultT:
        if isinstance(command, Reply) and command.text == "Bring the fault out":
            raise ValueError("a fault")
        return await super().transition(command, step)


async def test_a_text_that_brings_out_a_fault_keeps_no_other_from_being_read(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """It is logged once and left out."""
    async with TwilioOffice(store=FaultyStore(Settings().retention, {}), public_url=None, keep_text=1.0) as office:
        await with_an_offer(office)
        office.api.company.text_from(ANN, "Bring the fault out")
        office.api.company.text_from(ANN, "Yes")
        await office.clock.advance(5)
        assert await claimed_by(office) == "ann"
        await office.minutes(1)
        assert caplog.text.count("inbox.text_not_handled") == 1
        await office.all_read()


async def test_a_slow_api_does_not_hold_up_the_start(caplog: pytest.LogCaptureFixture) -> None:
    """Five seconds; then the service answers, and reads the texts once it can."""
    async with TwilioOffice(public_url=None) as office:
        gate = asyncio.Event()
        office.api.before_answer = lambda _: gate.wait()
        first = asyncio.create_task(office.http.get("/caregivers"))
        await office.clock.advance(4)
        assert not first.done()
        await office.clock.advance(1.5)
        assert (await first).status_code == 200
        assert "inbox.slow" in caplog.text
        gate.set()


async def test_pictures_and_other_channels_are_left_out() -> None:
    """As by the webhook."""
    async with TwilioOffice(public_url=None) as office:
        await with_an_offer(office)
        for changes in ({"body": "", "num_media": "1"}, {"from": f"whatsapp:{ANN}"}, {"from": None}, {"sid": None}):
            record = office.api.company.text_from(ANN, "Yes")
            record |= changes
        await office.clock.advance(6)
        assert await claimed_by(office) is None


async def test_an_api_process_reads_nothing() -> None:
    """Those that send read too."""
    assert ACCOUNT.account_sid == SID
    store = MemoryStore(Settings().retention, {})
    async with TwilioOffice(store=store, role="api", public_url=None) as office:
        await office.caregiver("ann", ANN)
        await office.minutes(1)
        assert office.api.requests == []
