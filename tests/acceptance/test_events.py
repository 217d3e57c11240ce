"""Outgoing events: each once it happened, in order for each shift, whatever the receiver does."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from fakes import START
from office import NewOffice, Office

from app.domain.facts import LogEntry
from app.errors import EventNotTaken
from app.ports.clock import Clock

SETTINGS: dict[str, Any] = {"events_url": "http://receiver.example", "events_secret": "whsec_c2VjcmV0"}


class Receiver:
    """Implements `EventReceiver`. Records each try and its time; `behave` may raise, or wait."""

    timeout_s = 10.0

    def __init__(self) -> None:
        self.clock: Clock | None = None
        self.tries: list[tuple[datetime, LogEntry]] = []
        self.taken: list[LogEntry] = []
        self.behave: Callable[[LogEntry], object] = lambda _: None
        self.hangs = False
        self.closed = False

    async def post(self, entry: LogEntry) -> None:
        """See `EventReceiver`."""
        assert self.clock is not None
        self.tries.append((self.clock.now(), entry))
        if self.hangs:
            await asyncio.Event().wait()
        self.behave(entry)
        self.taken.append(entry)

    async def aclose(self) -> None:
        """See `EventReceiver`."""
        self.closed = True

    def told(self, shift_id: str | None = None) -> list[str]:
        """The types of the events that were taken; with `shift_id` of those about that shift."""
        return [one.fact.type.value for one in self.taken if shift_id in (None, one.fact.shift_id)]


def refuse(_: LogEntry) -> None:
    """Take nothing."""
    raise EventNotTaken("HTTP 500")


def opened(new_office: NewOffice, **settings: Any) -> tuple[Office, Receiver]:
    """An office that sends its events to a receiver."""
    receiver = Receiver()
    office: Office = new_office(event_receiver=receiver, **SETTINGS, **settings)
    receiver.clock = office.clock
    return office, receiver


async def test_each_event_is_sent_once(new_office: NewOffice) -> None:
    """What is on record of a shift, but for its offers that were sent and its records that changed."""
    office, receiver = opened(new_office)
    async with office:
        ann = await office.caregiver("ann", "+15550001")
        ben = await office.caregiver("ben", "+15550002")
        await office.fanout(await office.shift("s1"))
        await ann.replies("no")
        await ben.replies("yes")
        await ann.replies("STOP")
        await office.release("s1")
        await office.settled()
        await office.all_read()
        log = (await office.http.get("/log")).json()["items"]
    assert receiver.told("s1") == ["fanout.started", "offer.declined", "shift.filled", "shift.released"]
    assert receiver.told() == [*receiver.told("s1")[:3], "caregiver.opted_out", "shift.released"]
    ids = [one["id"] for one in log if one["type"] not in ("offer.sent", "record.changed")]
    assert [str(one.id) for one in receiver.taken] == ids


async def test_a_receiver_that_is_down_gets_everything_later(new_office: NewOffice) -> None:
    """In order for each shift, with longer and longer waits; one shift that is refused holds up no other."""
    office, receiver = opened(new_office)
    async with office:
        ann = await office.caregiver("ann", "+15550001")
        receiver.behave = lambda entry: refuse(entry) if entry.fact.shift_id == "s1" else None
        await office.fanout(await office.shift("s1"))
        await ann.replies("no")
        await office.fanout(await office.shift("s2", day=3))
        await office.minutes(20)
        assert receiver.told("s1") == []
        assert receiver.told("s2") == ["fanout.started", "fanout.unanswered"]
        at = [when for when, entry in receiver.tries if entry.fact.shift_id == "s1"]
        assert {entry.fact.type for _, entry in receiver.tries if entry.fact.shift_id == "s1"} == {"fanout.started"}
        waits = [(later - earlier).total_seconds() for earlier, later in pairwise(at)]
        assert waits[0] <= 0.5
        assert all(0.5 * 2**n / 2 <= wait <= 0.5 * 2**n for n, wait in enumerate(waits[:10]))
        receiver.behave = lambda _: None
        await office.minutes(11)
        await office.all_read()
        assert receiver.told("s1")[:3] == ["fanout.started", "offer.declined", "fanout.exhausted"]


async def test_a_receiver_that_hangs_holds_up_no_message(new_office: NewOffice) -> None:
    """Texts go out at once, and a try without an answer ends after ten seconds."""
    office, receiver = opened(new_office)
    async with office:
        receiver.hangs = True
        phones = [await office.caregiver(f"c{n}", f"+1555000{n}") for n in range(9)]
        for n in range(9):
            await office.fanout(await office.shift(f"s{n}", day=2 + n))
        for phone in phones:
            assert len(phone.unread) == 9
        assert office.clock.now() == START
        assert len(receiver.tries) == 8
        receiver.hangs = False
        await office.minutes(1)
        await office.all_read()
        assert receiver.told() == ["fanout.started"] * 9


async def test_after_three_days_an_event_is_given_up(new_office: NewOffice) -> None:
    """The next one of its shift is sent then. What was never tried is tried, however old it is."""
    office, receiver = opened(new_office, past_shifts=True)
    async with office:
        await office.caregiver("ann", "+15550001")
        receiver.behave = lambda entry: refuse(entry) if entry.fact.type == "fanout.started" else None
        await office.fanout(await office.shift("s1", day=20))
        await office.http.delete("/shifts/s1/fanout")
        await office.minutes(1)
        await office.all_read()
        await office.days(2)
        await office.minutes(11)
        assert receiver.told() == []
        await office.days(1)
        await office.minutes(11)
        assert receiver.told() == ["fanout.cancelled"]
        first = [when for when, entry in receiver.tries if entry.fact.type == "fanout.started"]
        assert first[-1] - first[0] < timedelta(days=3, minutes=11)


async def test_without_an_address_nothing_is_queued(new_office: NewOffice) -> None:
    """And nothing is sent."""
    async with new_office() as office:
        await office.caregiver("ann", "+15550001")
        await office.fanout(await office.shift("s1"))
        await office.all_read()
        assert await office.app.state.service.store.next_event_due() is None


async def test_a_receiver_may_ask_for_a_wait() -> None:
    """`Retry-After` makes the wait longer, and never longer than an hour."""
    office, receiver = opened(Office)
    async with office:
        for asked_s, waited_s in ((90.0, 90.0), (86_400.0, 3600.0)):
            receiver.tries.clear()
            failure = [EventNotTaken("HTTP 429", asked_s)]

            def refuse_once(_: LogEntry, left: list[EventNotTaken] = failure) -> None:
                if left:
                    raise left.pop()

            receiver.behave = refuse_once
            await office.fanout(await office.shift(f"s{asked_s}"))
            await office.http.delete(f"/shifts/s{asked_s}/fanout")
            await office.minutes(61)
            (first, _), (second, _), *_ = [one for one in receiver.tries if one[1].fact.type == "fanout.started"]
            assert (second - first).total_seconds() == waited_s


async def test_stopping_waits_briefly_for_an_event_under_way() -> None:
    """Two seconds; the receiver is closed then. In a database the event is still there after the next start."""
    receiver = Receiver()
    office = Office(lifespan=True, event_receiver=receiver, **SETTINGS)
    receiver.clock = office.clock
    async with office:
        receiver.hangs = True
        await office.fanout(await office.shift("s1"))
        ending = asyncio.create_task(office.stop())
        await office.clock.advance(1.9)
        assert not ending.done()
        await office.clock.advance(0.1)
        await ending
        assert receiver.closed
        assert receiver.taken == []
