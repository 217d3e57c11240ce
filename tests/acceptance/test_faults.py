"""Faults outside the domain: notifiers that fail, hang or raise anything, stores that fail, stopping midway."""

import asyncio
import errno
import logging
from collections import Counter
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from itertools import pairwise
from typing import Any, TypeVar, cast

import pytest
from fakes import raising
from office import Office

from app.domain.commands import Command, PutShift
from app.domain.decisions import Decision, Message
from app.domain.records import Kind
from app.domain.state import StateReader
from app.errors import PermanentFailure, TemporaryFailure
from app.ports.store import Admit, Leased, Step
from app.simulation.clock import settled
from app.stores.memory.store import MemoryStore

ResultT = TypeVar("ResultT")


async def one_offer(office: Office) -> dict[str, object]:
    """Put one RN and one shift and post its fanout; returns its only contact."""
    await office.caregiver("ann", "+15550001")
    await office.shift("s1")
    await office.fanout("s1")
    return await contact(office)


async def contact(office: Office) -> dict[str, object]:
    """The first contact of shift s1."""
    return dict((await office.report("s1"))["contacts"][0])


async def test_a_temporary_failure_is_tried_again_within_half_a_second_under_the_same_key() -> None:
    """The retry carries the same id and the same words, and then counts as sent."""
    async with Office() as office:
        office.notifier.behaviour = raising(TemporaryFailure("HTTP 503"))
        waiting = await one_offer(office)
        assert (waiting["status"], waiting["attempts"], waiting["error"]) == ("queued", 1, "HTTP 503")
        await office.clock.advance(0.5)
        await office.settled()
        office.phone("+15550001").expect_sms("RN")
        (_, first), (_, second) = office.notifier.attempts
        assert (first.id, first.to, first.body) == (second.id, second.to, second.body)
        sent = await contact(office)
        assert (sent["status"], sent["attempts"], sent["error"]) == ("sent", 2, None)
        assert sent["id"] == first.id


async def test_retries_back_off_for_as_long_as_the_offer_is_open() -> None:
    """Waits of at most 0.4 seconds, doubling to a minute, never less than half of that; given up with the fanout."""
    async with Office(escalate_after=1200) as office:
        office.notifier.behaviour = raising(*[TemporaryFailure("HTTP 503")] * 99)
        await one_offer(office)
        await office.minutes(10)
        times = [at for at, _ in office.notifier.attempts]
        waits = [(after - before).total_seconds() for before, after in pairwise(times)]
        most = [min(0.4 * 2**number, 60) for number in range(len(waits))]
        assert len(waits) > 10
        assert all(limit / 2 <= wait <= limit for wait, limit in zip(waits, most, strict=True)), waits
        waiting = await contact(office)
        assert (waiting["status"], waiting["attempts"], waiting["error"]) == ("queued", len(times), "HTTP 503")
        await office.http.delete("/shifts/s1/fanout")
        await office.minutes(2)
        given_up = await contact(office)
        assert (given_up["status"], given_up["attempts"]) == ("skipped", len(times))
        assert len(office.notifier.attempts) == len(times)


async def test_retry_after_is_honoured() -> None:
    """A provider that asks for thirty seconds is tried again after thirty seconds."""
    async with Office() as office:
        office.notifier.behaviour = raising(TemporaryFailure("HTTP 503", retry_after_s=30))
        await one_offer(office)
        await office.clock.advance(29.9)
        assert len(office.notifier.attempts) == 1
        await office.clock.advance(0.1)
        await office.settled()
        office.phone("+15550001").expect_sms()


async def test_a_permanent_failure_is_not_tried_again() -> None:
    """The text stays `failed`; the call ten minutes later is another message."""
    async with Office() as office:
        office.notifier.behaviour = raising(PermanentFailure("HTTP 400"))
        failed = await one_offer(office)
        assert (failed["status"], failed["attempts"], failed["error"]) == ("failed", 1, "HTTP 400")
        await office.minutes(9)
        assert len(office.notifier.attempts) == 1
        await office.minutes(1)
        office.phone("+15550001").expect_call()


async def test_an_offer_is_not_retried_once_its_fanout_is_closed() -> None:
    """A claim while a text waits for its retry skips the text."""
    async with Office() as office:
        office.notifier.behaviour = raising(TemporaryFailure("HTTP 503", retry_after_s=60))
        await one_offer(office)
        ann = office.phone("+15550001")
        await ann.replies("YES")
        ann.expect_sms("You have it")
        await office.minutes(5)
        assert (await contact(office))["status"] == "skipped"


class Surprise(BaseException):
    """A BaseException that is not an Exception."""


@pytest.mark.parametrize(
    "fault", [ValueError("boom"), Surprise(), SystemExit(3), KeyboardInterrupt(), asyncio.CancelledError()]
)
async def test_a_notifier_that_raises_anything_does_not_stop_the_worker(fault: BaseException) -> None:
    """The message is `unknown` and not sent again; all other texts and the calls go out."""
    async with Office() as office:

        def behave(message: Message) -> None:
            if message.caregiver_id == "cg-1":
                raise fault

        office.notifier.behaviour = behave
        for n in range(3):
            await office.caregiver(f"cg-{n}", f"+1555000{n}")
        await office.shift("s1")
        await office.fanout("s1")
        await office.minutes(10)
        report = await office.report("s1")
        found = Counter((one["caregiver_id"], one["channel"], one["status"]) for one in report["contacts"])
        assert found == {
            ("cg-0", "sms", "sent"): 1,
            ("cg-1", "sms", "unknown"): 1,
            ("cg-2", "sms", "sent"): 1,
            ("cg-0", "voice", "sent"): 1,
            ("cg-1", "voice", "unknown"): 1,
            ("cg-2", "voice", "sent"): 1,
        }
        await office.all_read()


async def test_without_idempotency_an_unanswered_hand_over_is_unknown() -> None:
    """After ten seconds without an answer the message is `unknown`; it is not sent again, as it may have gone out."""
    async with Office() as office:
        office.notifier.takes_s = 3600
        await one_offer(office)
        assert (await contact(office))["status"] == "sending"
        await office.clock.advance(10)
        found = await contact(office)
        assert (found["status"], found["attempts"], found["error"]) == ("unknown", 1, "no answer in 10 s")
        office.notifier.takes_s = 0
        await office.minutes(9)
        assert len(office.notifier.attempts) == 1


async def test_a_call_nobody_answered_is_tried_again_where_the_receiver_honours_keys() -> None:
    """The same id and words again; once the fanout is closed it is `unknown`, because a try may have arrived."""
    async with Office() as office:
        office.notifier.takes_s = 3600
        office.notifier.honours_keys = True
        await one_offer(office)
        await office.clock.advance(300)
        assert len(office.notifier.attempts) > 5
        assert len({message for _, message in office.notifier.attempts}) == 1
        await office.http.delete("/shifts/s1/fanout")
        await office.minutes(2)
        found = await contact(office)
        assert (found["status"], found["error"]) == ("unknown", "no answer in 10 s")


async def test_a_retry_that_is_due_while_every_slot_is_taken_waits_for_one() -> None:
    """The worker sleeps until a delivery ends instead of polling the store."""
    async with Office(max_in_flight=1) as office:
        office.notifier.behaviour = raising(TemporaryFailure("HTTP 503"))
        await office.caregiver("ann", "+15550001")
        await office.caregiver("bob", "+15550002")
        await office.shift("s1")
        await office.post("s1")
        office.notifier.takes_s = 9.0
        await office.clock.advance(9)
        await office.clock.advance(3)
        assert len(office.notifier.attempts) == 2
        await office.clock.advance(18)
        assert [message.caregiver_id for _, message in office.notifier.attempts] == ["ann", "bob", "ann"]
        await office.all_read()


async def test_a_message_that_a_broken_notifier_was_not_given_waits_until_it_is_put_right() -> None:
    """`send` was not called, so the message is not `unknown`: its channel pauses, and it goes out later."""
    async with Office() as office:
        office.notifier.timeout_s = None  # type: ignore[assignment]  # what an adapter in a hurry might have
        found = await one_offer(office)
        error = "the notifier's timeout_s or honours_keys is wrong: TypeError"
        assert (found["status"], found["error"]) == ("queued", error)
        ready = await office.http.get("/ready")
        assert (ready.status_code, error in ready.json()["detail"]) == (503, True)
        office.notifier.timeout_s = 10.0
        await office.clock.advance(30)
        office.phone("+15550001").expect_sms("RN")
        assert (await contact(office))["status"] == "sent"


async def test_a_text_is_not_retried_for_somebody_who_declined_meanwhile() -> None:
    """A no arrives while the text is being sent; when the text then fails, it is not tried again."""
    async with Office() as office:
        office.notifier.takes_s = 1.0
        office.notifier.behaviour = raising(TemporaryFailure("HTTP 503", retry_after_s=300))
        await one_offer(office)
        await office.phone("+15550001").replies("no")
        await office.clock.advance(1)
        assert (await contact(office))["status"] == "skipped"


async def test_a_clock_set_back_does_not_hold_up_what_is_limited_by_a_rate() -> None:
    """After the clock is set back by an hour, the next message still goes out after the interval of the rate."""
    async with Office(sms_rate=10) as office:
        await one_offer(office)
        office.phone("+15550001").expect_sms()
        office.clock.set_back(3600)
        await office.phone("+15550001").replies("STOP")
        await office.clock.advance(1)
        await office.settled()
        office.phone("+15550001").expect_sms("Reply START")


async def test_a_notice_is_retried_too() -> None:
    """A confirmation that fails is tried again under the same key until it is sent."""
    async with Office() as office:
        await one_offer(office)
        ann = office.phone("+15550001")
        ann.expect_sms()
        office.notifier.behaviour = raising(TemporaryFailure("HTTP 503"), TemporaryFailure("HTTP 503"))
        await ann.replies("YES")
        ann.expect_nothing()
        await office.clock.advance(3)
        await office.settled()
        ann.expect_sms("You have it")
        ids = {message.id for _, message in office.notifier.attempts if message.kind is Kind.CONFIRMATION}
        assert len(ids) == 1


async def test_a_notice_that_waits_for_a_retry_is_dropped_after_a_stop() -> None:
    """After a STOP only the direct answer to it is sent."""
    async with Office() as office:
        await one_offer(office)
        ann = office.phone("+15550001")
        ann.expect_sms()
        office.notifier.behaviour = raising(TemporaryFailure("HTTP 503", retry_after_s=5))
        await ann.replies("YES")
        await ann.replies("STOP")
        ann.expect_sms("Reply START")
        await office.minutes(1)


async def test_stopping_finishes_what_is_under_way_and_takes_nothing_new() -> None:
    """Stopping waits for the delivery in progress, and starts no other."""
    office = Office(lifespan=True, max_in_flight=1)
    async with office:
        office.notifier.takes_s = 5.0
        for n in range(3):
            await office.caregiver(f"cg-{n}", f"+1555000{n}")
        await office.shift("s1")
        await office.fanout("s1")
        assert office.notifier.under_way == 1
        ending = asyncio.create_task(office.stop())
        await office.clock.advance(4.9)
        assert not ending.done()
        await office.clock.advance(0.1)
        await ending
        assert len(office.notifier.sent) == 1
        assert office.notifier.closed
        await office.all_read()


async def test_stopping_does_not_wait_for_a_provider_that_hangs() -> None:
    """Deliveries that are not done after ten seconds are cancelled."""
    office = Office(lifespan=True)
    async with office:
        office.notifier.takes_s = 3600.0
        office.notifier.timeout_s = 3600.0
        await one_offer(office)
        ending = asyncio.create_task(office.stop())
        await office.clock.advance(9.9)
        assert not ending.done()
        await office.clock.advance(0.1)
        await ending
        assert office.notifier.under_way == 0


async def test_stopping_does_not_wait_for_a_notifier_that_ignores_its_cancellation() -> None:
    """Stopping ends one second after the cancellation."""
    office = Office(lifespan=True)
    async with office:
        gate = asyncio.Event()

        async def stubborn(message: Message) -> None:
            while not gate.is_set():
                with suppress(asyncio.CancelledError):
                    await gate.wait()

        office.notifier.send = stubborn  # type: ignore[method-assign]
        office.notifier.timeout_s = 3600.0
        await one_offer(office)
        ending = asyncio.create_task(office.stop())
        await office.clock.advance(11)
        assert ending.done()
        gate.set()
        await settled()


async def test_no_log_line_shows_a_whole_number(caplog: pytest.LogCaptureFixture) -> None:
    """A fill with faults, opt-outs and unknown senders logs no whole telephone number."""
    caplog.set_level(logging.DEBUG, logger="shift_fanout")
    async with Office() as office:
        office.notifier.behaviour = raising(ValueError("+15550001 is not good"), TemporaryFailure("HTTP 503"))
        for n in range(1, 4):
            await office.caregiver(f"cg-{n}", f"+1555000{n}")
        await office.shift("s1")
        await office.fanout("s1")
        await office.phone("+15550001").replies("STOP")
        await office.phone("+15550002").replies("YES")
        await office.phone("+15550009").replies("YES")
        await office.minutes(10)
        await office.all_read()
    assert "shift.filled" in caplog.text
    assert "+1555" not in caplog.text


class FaultyStore(MemoryStore):
    """A store that raises once for each command class, or method, named in `faults`."""

    def __init__(self) -> None:
        super().__init__()
        self.faults: list[str] = []

    async def transition(self, command: Command, step: Step[ResultT]) -> ResultT:
        """See `Store`; raises if `faults` has the name of the command's class."""
        name = type(command).__name__
        if name in self.faults:
            self.faults.remove(name)
            raise OSError(f"{name} failed")
        return await super().transition(command, step)

    async def next_due(self) -> datetime | None:
        """See `Store`."""
        if "next_due" in self.faults:
            self.faults.remove("next_due")
            raise OSError("next_due failed")
        return await super().next_due()


@pytest.mark.parametrize("faults", [["Advance"], ["Advance", "Advance"], ["next_due"], ["RecordSending"]])
async def test_a_fault_of_the_store_delays_the_worker_and_does_not_end_it(faults: list[str]) -> None:
    """A failed step is repeated after a second, and other fanouts continue."""
    store = FaultyStore()
    async with Office(store=store) as office:
        await office.caregiver("ann", "+15550001")
        await office.caregiver("bob", "+15550002", role="CNA")
        await office.shift("s1")
        await office.shift("s2", role="CNA")
        store.faults = list(faults)
        await office.fanout("s1")
        await office.fanout("s2")
        await office.clock.advance(3)
        await office.settled()
        office.phone("+15550001").expect_sms()
        office.phone("+15550002").expect_sms()
        assert store.faults == []
        await office.minutes(10)
        office.phone("+15550001").expect_call()
        office.phone("+15550002").expect_call()


async def test_a_message_whose_text_cannot_be_made_fails_alone() -> None:
    """A shift whose time zone the machine does not know does not stop the messages of other shifts."""
    store = MemoryStore()
    async with Office(store=store) as office:
        ann = await office.caregiver("ann", "+15550001")
        await office.shift("s1", day=2)
        await office.shift("s2", day=3)
        found = await store.shift("s1")
        assert found is not None
        lost = PutShift(shift=replace(found[0], time_zone="Lost/Zone"), now=office.clock.now())
        await store.transition(lost, lambda _, command: Decision(True, (lost.shift,)))
        await office.fanout("s1")
        await office.fanout("s2")
        ann.expect_sms("Fri Jul 3")
        failed = await contact(office)
        assert (failed["status"], failed["error"]) == ("failed", "internal fault")


class OutOfFiles:
    """A state that cannot be read, because the process has too many files open."""

    def __getattr__(self, name: str) -> Any:
        raise OSError(errno.EMFILE, "Too many open files")


class StoreShortOfFiles(MemoryStore):
    """Until `leases_left` is 0, the messages of a lease cannot be decided."""

    leases_left = 2

    async def lease(self, now: datetime, until: datetime, limit: int, admit: Admit) -> Leased:
        self.leases_left -= 1
        if self.leases_left < 0:
            return await super().lease(now, until, limit, admit)
        return await super().lease(now, until, limit, lambda _, entry: admit(cast(StateReader, OutOfFiles()), entry))


async def test_a_fault_of_the_process_is_not_a_failure_of_the_message() -> None:
    """Texts that cannot be made because too many files are open stay queued, and go out a moment later."""
    async with Office(store=StoreShortOfFiles()) as office:
        ann = await office.caregiver("ann", "+15550001")
        await office.shift("s1")
        await office.fanout("s1")
        ann.expect_nothing()
        assert (await contact(office))["status"] == "queued"
        await office.clock.advance(3)
        ann.expect_sms("Open RN shift")
        assert ((await contact(office))["status"], (await contact(office))["attempts"]) == ("sent", 1)


async def test_a_result_the_store_lost_is_settled_when_the_lease_ends() -> None:
    """The text may have gone out, so it becomes `unknown` and is not sent again."""
    store = FaultyStore()
    async with Office(store=store) as office:
        ann = await office.caregiver("ann", "+15550001")
        await office.shift("s1")
        store.faults = ["RecordSending"]
        await office.fanout("s1")
        ann.expect_sms()
        assert (await contact(office))["status"] == "sending"
        await office.clock.advance(11)
        assert (await contact(office))["status"] == "unknown"
        assert (await contact(office))["error"] == "its worker ended while sending"


async def test_a_delivery_that_outlasts_its_lease_is_not_taken_over() -> None:
    """The worker renews the lease of a delivery in progress, and its result counts."""
    async with Office() as office:
        ann = await office.caregiver("ann", "+15550001")
        await office.shift("s1")
        office.notifier.takes_s = 45
        office.notifier.timeout_s = 60
        await office.fanout("s1")
        await office.clock.advance(44)
        assert (await contact(office))["status"] == "sending"
        await office.clock.advance(1)
        await office.settled()
        ann.expect_sms()
        assert (await contact(office))["status"] == "sent"
