"""A provider that can be asked later: receipts that got lost, calls that ring in vain, messages of dead processes."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from fakes import START, raising
from office import NewOffice, Office

from app.domain.decisions import Message
from app.domain.receipts import Consequence, Receipt, ReceiptState
from app.domain.records import Channel
from app.errors import NotifierFailure, NumberOptedOut, PermanentFailure, Uncertain, UnreachableByText
from app.ports.notifier import Accepted, TrackingNotifier
from app.simulation.phones import PhoneNetwork
from app.stores.memory.store import MemoryStore

ACCEPTED, CANCELED, FAILED, NO_ANSWER, DELIVERED = ReceiptState


@dataclass
class TrackedNetwork(PhoneNetwork):
    """Implements `TrackingNotifier`: gives each message an id and remembers it."""

    timeout_s: float = 100.0
    #: The accepted messages, by the provider's id, each with its time.
    accepted: dict[str, tuple[datetime, Message]] = field(default_factory=dict)
    #: What the provider says when it is asked about an id.
    receipts: dict[str, Receipt] = field(default_factory=dict)
    #: How many of the next questions the provider does not answer.
    silent: int = 0
    asked: list[tuple[datetime, str]] = field(default_factory=list)
    cancelled: list[str] = field(default_factory=list)
    #: The process hangs in the middle of each `send`: before or after the provider has the message.
    hangs: str | None = None

    async def send(self, message: Message) -> Accepted:
        """See `Notifier`."""
        if self.hangs == "before":
            await asyncio.Event().wait()
        await super().send(message)
        provider_id = f"P{len(self.accepted) + 1}"
        self.accepted[provider_id] = (self.clock.now(), message)
        if self.hangs == "after":
            await asyncio.Event().wait()
        return Accepted(provider_id, Receipt(state=ACCEPTED))

    def _answer(self) -> None:
        if self.silent:
            self.silent -= 1
            raise Uncertain("no answer")

    async def accepted_since(self, message: Message, since: datetime) -> Accepted | None:
        """See `TrackingNotifier`. The message is found by its number and words."""
        self.asked.append((self.clock.now(), message.id))
        self._answer()
        for provider_id, (at, one) in self.accepted.items():
            if at >= since and (one.to, one.body) == (message.to, message.body):
                return Accepted(provider_id)
        return None

    async def receipt(self, provider_id: str, channel: Channel) -> Receipt | None:
        """See `TrackingNotifier`."""
        self.asked.append((self.clock.now(), provider_id))
        self._answer()
        assert self.accepted[provider_id][1].channel is channel
        return self.receipts.get(provider_id)

    async def cancel(self, provider_id: str) -> None:
        """See `TrackingNotifier`."""
        self._answer()
        self.cancelled.append(provider_id)


if TYPE_CHECKING:
    # Lets mypy check that the class implements the protocol.
    def _conforms(network: TrackedNetwork) -> TrackingNotifier:
        return network


def network_of(office: Office) -> TrackedNetwork:
    """The office's network."""
    assert isinstance(office.notifier, TrackedNetwork)
    return office.notifier


def same_store(office: Office) -> dict[str, Any]:
    """What a second process needs to work on the records of the first. In PostgreSQL it opens its own store."""
    store = office.app.state.service.store
    return {"store": store} if isinstance(store, MemoryStore) else {}


@pytest.mark.parametrize("silent", [0, 1])
async def test_calls_that_ring_for_a_filled_shift_are_ended(new_office: NewOffice, silent: int) -> None:
    """At once, and each once, also if the provider does not answer the first time. Others ring on."""
    async with new_office(notifier=TrackedNetwork) as office:
        network = network_of(office)
        ann, _, _ = [await office.caregiver(id_, f"+1555000{n}") for n, id_ in enumerate(("ann", "bob", "cleo"))]
        await office.shift("s1")
        await office.shift("s2", day=3)
        for shift_id in ("s1", "s2"):
            await office.fanout(shift_id)
        await office.minutes(10)
        calls = {id_: one for id_, (_, one) in network.accepted.items() if one.channel is Channel.VOICE}
        assert len(calls) == 6
        network.silent = silent
        await office.inbound(ann.number, "1", channel="voice", shift_id="s1")
        await office.minutes(0.1)
        assert sorted(network.cancelled) == sorted(id_ for id_, one in calls.items() if one.shift_id == "s1")
        await office.minutes(30)
        assert len(network.cancelled) == 3
        await office.all_read()


async def test_a_call_that_a_process_has_ended_is_skipped_although_it_was_restarted(new_office: NewOffice) -> None:
    """The next process asks for the receipt, and knows that the service ended the call itself."""
    async with new_office(notifier=TrackedNetwork, lifespan=True, escalate_after=60.0) as office:
        ann, _ = [await office.caregiver(id_, f"+1555000{n}") for n, id_ in enumerate(("ann", "bob"))]
        await office.shift("s1")
        await office.fanout("s1")
        await office.minutes(1)
        await office.inbound(ann.number, "YES", channel="sms", shift_id="s1")
        await office.minutes(0.1)
        network = network_of(office)
        assert len(network.cancelled) == 2
        await office.all_read()
    async with new_office(notifier=TrackedNetwork, lifespan=True, **same_store(office)) as after:
        network_of(after).accepted |= network.accepted
        network_of(after).receipts |= {id_: Receipt(state=CANCELED) for id_ in network.cancelled}
        await after.minutes(5)
        calls = [one for one in (await after.report("s1"))["contacts"] if one["channel"] == "voice"]
        assert [(one["status"], one["error"]) for one in calls] == [("skipped", None)] * 2


async def test_a_lost_receipt_is_asked_for(new_office: NewOffice) -> None:
    """Five minutes after the text, and later again if the provider does not answer."""
    async with new_office(notifier=TrackedNetwork, escalate_after=3600.0) as office:
        network = network_of(office)
        await office.caregiver("ann", "+15550001")
        await office.shift("s1")
        await office.fanout("s1")
        network.receipts["P1"] = Receipt(state=FAILED, error="filtered")
        network.silent = 1
        await office.minutes(9)
        assert (await office.report("s1"))["counts"]["sent"] == 1
        await office.minutes(3)
        assert [(contact["status"], contact["error"]) for contact in (await office.report("s1"))["contacts"]] == [
            ("failed", "filtered")
        ]
        assert len(network.asked) == 2
        assert START + timedelta(minutes=5) <= network.asked[0][0] <= START + timedelta(minutes=6)
        await office.all_read()


async def test_a_call_whose_end_was_not_reported_is_on_record(new_office: NewOffice) -> None:
    """Three minutes after it was made. Nobody answered it, so that is what the caregiver did."""
    async with new_office(notifier=TrackedNetwork) as office:
        network = network_of(office)
        await office.caregiver("ann", "+15550001")
        await office.shift("s1")
        await office.fanout("s1")
        await office.minutes(10)
        network.receipts["P2"] = Receipt(state=NO_ANSWER, error="the line was busy")
        await office.minutes(4)
        report = await office.report("s1")
        assert [(one["status"], one["error"]) for one in report["contacts"]] == [
            ("sent", None),
            ("sent", "the line was busy"),
        ]
        assert [(one["caregiver_id"], one["outcome"]) for one in report["responses"]] == [("ann", "no_answer")]
        await office.all_read()


@pytest.mark.parametrize(("hangs", "silent"), [("after", 0), ("after", 1), ("before", 0), ("before", 1)])
async def test_a_process_that_ends_while_sending_leaves_exactly_one_text(
    new_office: NewOffice, hangs: str, silent: int
) -> None:
    """Another one asks the provider, and sends only what is certainly not there."""
    office = new_office(notifier=TrackedNetwork, lifespan=True)
    async with office:
        await office.caregiver("ann", "+15550001")
        await office.shift("s1")
        network_of(office).hangs = hangs
        await office.fanout("s1")
        ending = asyncio.create_task(office.stop())
        await office.clock.advance(12)
        await ending
        accepted = network_of(office).accepted
        await office.all_read()
    async with new_office(notifier=TrackedNetwork, lifespan=True, **same_store(office)) as after:
        network = network_of(after)
        network.accepted |= accepted
        network.silent = silent
        await after.minutes(0.4)
        assert network.asked == []
        await after.minutes(2)
        assert [one.to for _, one in network.accepted.values()] == ["+15550001"]
        assert (await after.report("s1"))["counts"]["sent"] == 1
        assert network.asked[0][0] >= START + timedelta(seconds=30)
        await after.all_read()


async def test_what_the_provider_cannot_be_asked_about_is_unknown(new_office: NewOffice) -> None:
    """It is not sent again."""
    async with new_office(notifier=TrackedNetwork, lifespan=True) as office:
        await office.caregiver("ann", "+15550001")
        await office.shift("s1")
        network_of(office).hangs = "before"
        await office.fanout("s1")
        ending = asyncio.create_task(office.stop())
        await office.clock.advance(12)
        await ending
    async with new_office(notifier=TrackedNetwork, lifespan=True, **same_store(office)) as after:
        network_of(after).silent = 100
        await after.minutes(5)
        assert (await after.report("s1"))["counts"]["unknown"] == 1


@pytest.mark.parametrize(
    ("failure", "consequence"),
    [(UnreachableByText("a landline"), Consequence.CALL_EARLY), (NumberOptedOut("STOP"), Consequence.OPTED_OUT)],
)
async def test_a_refusal_that_says_more(
    new_office: NewOffice, failure: NotifierFailure, consequence: Consequence
) -> None:
    """A landline is called at once; somebody who answered STOP to the provider is opted out, without a text."""

    def refuse(message: Message) -> None:
        if message.channel is Channel.SMS:
            raise failure

    async with new_office() as office:
        office.notifier.behaviour = refuse
        ann = await office.caregiver("ann", "+15550001")
        await office.shift("s1")
        await office.fanout("s1")
        report = await office.report("s1")
        assert report["contacts"][0]["status"] == "failed"
        opted_out = consequence is Consequence.OPTED_OUT
        assert (await office.http.get("/caregivers/ann")).json()["opted_out"] is opted_out
        if opted_out:
            assert [one["outcome"] for one in report["responses"]] == ["opted_out"]
            assert report["status"] == "exhausted"
        else:
            ann.expect_call()
        await office.minutes(15)


#: A null character and half of a surrogate pair, which PostgreSQL stores in no text.
UNSTORABLE = "\0\ud83d"


@dataclass
class CarelessNetwork(TrackedNetwork):
    """Its provider's ids and errors have characters that cannot be stored."""

    provider_id: Any = f"SM1{UNSTORABLE}"

    async def send(self, message: Message) -> Accepted:
        """See `Notifier`."""
        await super().send(message)
        receipt = Receipt(state=FAILED, error=f"filtered{UNSTORABLE}by the carrier")
        return Accepted(self.provider_id, receipt if message.to == "+15550002" else None)


@pytest.mark.parametrize("provider_id", [f"SM1{UNSTORABLE}", "S" * 101, "", 7])
async def test_an_id_that_cannot_be_kept_counts_as_none(new_office: NewOffice, provider_id: object) -> None:
    """The message was accepted all the same, and what is wrong with it is on record in readable characters."""
    async with new_office(notifier=CarelessNetwork, escalate_after=36_000.0) as office:
        network = network_of(office)
        assert isinstance(network, CarelessNetwork)
        network.provider_id = provider_id
        await office.caregiver("ann", "+15550001")
        await office.caregiver("bob", "+15550002")
        await office.shift("s1")
        await office.fanout("s1")
        await office.minutes(60)
        contacts = (await office.report("s1"))["contacts"]
        assert {one["caregiver_id"]: (one["status"], one["error"], one["attempts"]) for one in contacts} == {
            "ann": ("sent", None, 1),
            "bob": ("failed", "filtered  by the carrier", 1),
        }
        assert network.asked == []
        await office.all_read()


async def test_an_error_that_cannot_be_stored_is_made_readable(new_office: NewOffice) -> None:
    """Of a hand-over, and of a receipt that the provider is asked for."""
    async with new_office(notifier=TrackedNetwork, escalate_after=36_000.0) as office:
        network = network_of(office)
        for n, id_ in enumerate(("ann", "bob")):
            await office.caregiver(id_, f"+1555000{n}")
        network.behaviour = raising(PermanentFailure(f"refused{UNSTORABLE}{'x' * 400}"))
        network.receipts |= {f"P{n}": Receipt(state=FAILED, error=f"filtered{UNSTORABLE}") for n in (1, 2)}
        await office.shift("s1")
        await office.fanout("s1")
        await office.minutes(12)
        contacts = (await office.report("s1"))["contacts"]
        assert sorted((one["status"], one["error"]) for one in contacts) == [
            ("failed", "filtered"),
            ("failed", f"refused  {'x' * 291}"),
        ]
        await office.all_read()
