"""What any `Store` must do for the worker: who is handed over next, leases, retries, rates."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import time, timedelta
from itertools import pairwise

import pytest
from fakes import START
from store_driver import LEASE, Driver, caregiver, shift

from app.domain.commands import CancelFanout, HandoverResult, PutOrganization, PutShift, StartFanout
from app.domain.decisions import Delivery
from app.domain.fanout_reports import HeldMessages
from app.domain.messages import ContactStatus, HoldReason
from app.domain.reading import Intent
from app.domain.receipts import ReceiptState
from app.domain.records import Channel, Kind, Organization, QuietHours


class QueueContract:
    """The suite for the queue. A backend joins with `StoreContract`, which has the fixtures."""

    async def test_a_message_is_taken_over_when_its_lease_ends(self, driver: Driver) -> None:
        """One worker takes it over, unless the lease was renewed; attempts and words are kept for the next try."""
        await driver.put_caregivers(caregiver(1), caregiver(2))
        await driver.start_fanout(shift("s1"))
        first, second = await driver.lease()
        assert await driver.store.next_due() == START + LEASE
        driver.now += LEASE / 2
        await driver.store.renew([second.entry], driver.now + LEASE)
        driver.now = START + LEASE
        taken = await asyncio.gather(*(driver.take_over() for _ in range(5)))
        (entry,) = (entry for entries in taken for entry in entries)
        assert entry == first.entry
        await driver.record_result(entry, HandoverResult.UNANSWERED)
        driver.now += timedelta(seconds=1)
        (again,) = await driver.lease()
        assert again.message == first.message
        assert again.entry.attempts == 2
        driver.now += LEASE * 2
        assert {entry.caregiver_id for entry in await driver.take_over()} == {"cg-00001", "cg-00002"}

    async def test_a_message_that_keeps_killing_its_worker_is_given_up(self, driver: Driver) -> None:
        """An offer is tried again, less and less often, until its fanout is closed; then it is `unknown`."""
        await driver.put_caregivers(caregiver(1))
        await driver.start_fanout(shift("s1"))
        waits = []
        for _ in range(10):
            assert len(await driver.lease()) == 1
            driver.now += LEASE
            (entry,) = await driver.take_over()
            await driver.record_result(entry, HandoverResult.UNANSWERED)
            due_at = await driver.store.next_due()
            assert due_at is not None
            waits.append((due_at - driver.now).total_seconds())
            driver.now = due_at
        assert waits == [0.4, 0.8, 1.6, 3.2, 6.4, 12.8, 25.6, 51.2, 60.0, 60.0]
        await driver.do(CancelFanout(shift_id="s1", now=driver.now))
        assert await driver.lease() == []
        assert await driver.counts("s1") == {"unknown": 1}

    @pytest.mark.parametrize("sending", [HandoverResult.UNANSWERED, HandoverResult.UNKNOWN])
    @pytest.mark.parametrize(
        "after", [None, HandoverResult.TEMPORARY, HandoverResult.PERMANENT, HandoverResult.THROTTLED]
    )
    async def test_what_may_have_gone_out_is_unknown_when_it_is_given_up(
        self, driver: Driver, sending: HandoverResult, after: HandoverResult | None
    ) -> None:
        """A gateway may answer 500, 502, 504 or 408 after it has sent, whatever it answers to later tries."""
        await driver.put_caregivers(caregiver(1))
        await driver.start_fanout(shift("s1"))
        await driver.record_results(await driver.lease(), sending)
        driver.now += timedelta(seconds=2)
        if after is not None:
            await driver.record_results(await driver.lease(), after)
            driver.now += timedelta(seconds=2)
        await driver.do(CancelFanout(shift_id="s1", now=driver.now))
        assert await driver.lease() == []
        assert await driver.counts("s1") == {"unknown": 1}
        report = await driver.store.report("s1", full=True)
        assert report is not None
        assert [report.status_of(one) for one in report.contacts] == [ContactStatus.UNKNOWN]

    @pytest.mark.parametrize("after", [HandoverResult.TEMPORARY, HandoverResult.PERMANENT])
    async def test_a_notice_that_may_have_gone_out_is_unknown_when_it_is_given_up(
        self, driver: Driver, after: HandoverResult
    ) -> None:
        """A confirmation is tried for an hour. One try of it ended without a clear answer."""
        await driver.put_caregivers(caregiver(1))
        await driver.start_fanout(shift("s1"))
        await driver.says(1, Intent.ACCEPT)
        await driver.record_results(await driver.lease(), HandoverResult.UNANSWERED)
        driver.now += timedelta(hours=1)
        await driver.record_results(await driver.lease(), after)
        assert await driver.lease() == []
        report = await driver.store.report("s1", full=True)
        assert report is not None
        assert [(one.kind, one.status) for one in report.notices] == [(Kind.CONFIRMATION, ContactStatus.UNKNOWN)]

    async def test_a_notice_is_taken_over_like_an_offer(self, driver: Driver) -> None:
        """A confirmation whose worker died is sent again under the same id."""
        await driver.put_caregivers(caregiver(1))
        await driver.start_fanout(shift("s1"))
        await driver.says(1, Intent.ACCEPT)
        (first,) = await driver.lease()
        driver.now += LEASE
        (entry,) = await driver.take_over()
        await driver.record_result(entry, HandoverResult.UNANSWERED)
        driver.now += timedelta(seconds=1)
        (again,) = await driver.lease()
        assert again.message == first.message

    async def test_an_alert_is_taken_over_like_an_offer(self, driver: Driver) -> None:
        """The office gets the alert of a worker that died under the same id and with the same words, and no other."""
        organization = Organization(id="org", name="Acme", office_phone="+16175550100")
        await driver.do(PutOrganization(organization=organization, now=driver.now))
        await driver.start_fanout(shift("s1"))
        (first,) = await driver.lease()
        assert (first.message.kind, first.message.to) == (Kind.ALERT, "+16175550100")
        # Another reason to tell the office of does not change the words.
        await driver.start_fanout(shift("s2"))
        driver.now += LEASE
        (entry,) = await driver.take_over()
        await driver.record_result(entry, HandoverResult.UNANSWERED)
        driver.now += timedelta(seconds=1)
        again = {one.message.shift_id: one.message for one in await driver.lease()}
        assert again.pop("s1") == first.message
        assert list(again) == ["s2"]
        assert await driver.lease() == []

    async def test_a_late_success_of_a_message_taken_over_counts(self, driver: Driver) -> None:
        """`unknown` becomes `sent` if the first worker still reports success."""
        await driver.put_caregivers(caregiver(1))
        await driver.start_fanout(shift("s1"))
        (delivery,) = await driver.lease()
        driver.now += LEASE
        await driver.record_result((await driver.take_over())[0], HandoverResult.UNKNOWN)
        assert await driver.counts("s1") == {"unknown": 1}
        await driver.record_results([delivery], HandoverResult.SENT)
        assert await driver.counts("s1") == {"sent": 1}

    async def test_every_message_is_leased_once(self, driver: Driver) -> None:
        """Concurrent leases share the contacts, and each message is `sending` under a key of its own."""
        await driver.put_caregivers(*(caregiver(n) for n in range(60)))
        await driver.start_fanout(shift("s1"))
        leases = await asyncio.gather(*(driver.lease(total=10) for _ in range(10)))
        deliveries = [delivery for lease in leases for delivery in lease]
        assert len({delivery.message.id for delivery in deliveries}) == len(deliveries) == 60
        assert await driver.counts("s1") == {"sending": 60}

    async def test_a_lease_takes_at_most_total_messages(self, driver: Driver) -> None:
        """`total` limits what is taken, however much waits."""
        await driver.put_caregivers(*(caregiver(n) for n in range(20)))
        await driver.start_fanout(shift("s1"))
        assert len(await driver.lease(total=3)) == 3

    @pytest.mark.parametrize("rates", [{Channel.SMS: 2.0}])
    async def test_a_rate_holds_over_all_workers(self, driver: Driver) -> None:
        """At two a second concurrent leases take one message, and `next_at` is half a second later."""
        await driver.put_caregivers(*(caregiver(n) for n in range(20)))
        await driver.start_fanout(shift("s1"))
        at: list[float] = []
        for _ in range(40):
            leases = await asyncio.gather(*(driver.lease() for _ in range(3)))
            at += [(driver.now - START).total_seconds()] * sum(map(len, leases))
            driver.now += timedelta(seconds=0.125)
        assert at == [n / 2 for n in range(10)]
        leased = await driver.lease_once(10)
        assert leased.next_at == driver.now + timedelta(seconds=0.5)

    async def test_notices_come_first_and_fanouts_take_turns(self, driver: Driver) -> None:
        """A confirmation overtakes waiting offers, and two fanouts get equal shares of one lease."""
        await driver.put_caregivers(
            *(caregiver(n) for n in range(5)), *(caregiver(n, role="CNA") for n in range(10, 15))
        )
        await driver.start_fanout(shift("s1"))
        await driver.start_fanout(shift("s2", role="CNA"))
        await driver.start_fanout(shift("s3", day=3))
        await driver.says(0, Intent.ACCEPT, "s3")
        first, *rest = await driver.lease(total=7)
        assert first.message.kind is Kind.CONFIRMATION
        per_shift = Counter(delivery.message.shift_id for delivery in rest)
        assert per_shift["s1"] == per_shift["s2"] == 3

    @pytest.mark.parametrize("at_once", [1, 3])
    async def test_texts_and_calls_take_turns_over_any_number_of_leases(self, driver: Driver, at_once: int) -> None:
        """While both wait, every second message is a call, however few messages one lease takes."""
        await ten_calls_and_thirty_texts(driver)
        channels = [one.message.channel for one in await in_leases_of(driver, at_once, 40)]
        assert alternate(channels[:20])
        assert channels[20:] == [Channel.SMS] * 20

    async def test_notices_go_first_and_take_no_turn_of_the_texts(self, driver: Driver) -> None:
        """Texts and calls alternate also if a notice is sent between any two of them."""
        await ten_calls_and_thirty_texts(driver)
        offers = []
        for n in range(20):
            await driver.says(n, Intent.HELP)
            notice, offer = await in_leases_of(driver, 1, 2)
            assert notice.message.kind is Kind.HELP
            offers.append(offer.message.channel)
        assert alternate(offers)

    @pytest.mark.parametrize("rates", [{Channel.SMS: 2.0, Channel.VOICE: 1.0}])
    async def test_each_channel_keeps_its_own_rate_in_leases_of_one(self, driver: Driver) -> None:
        """Neither channel waits for the turn of one that has used up its rate."""
        await ten_calls_and_thirty_texts(driver)
        began = driver.now
        at: dict[Channel, list[float]] = {channel: [] for channel in Channel}
        for _ in range(16):
            while found := (await driver.lease_once(1)).deliveries:
                at[found[0].message.channel].append((driver.now - began).total_seconds())
            driver.now += timedelta(seconds=0.25)
        assert at[Channel.SMS] == [n / 2 for n in range(8)]
        assert at[Channel.VOICE] == [0.0, 1.0, 2.0, 3.0]

    async def test_retries_take_turns_with_first_tries(self, driver: Driver) -> None:
        """Retries that are due neither wait for all first tries nor hold them up."""
        await driver.put_caregivers(*(caregiver(n) for n in range(40)))
        await driver.start_fanout(shift("s1"))
        await driver.record_results(await driver.lease(total=10), HandoverResult.TEMPORARY, retry_after_s=5.0)
        driver.now += timedelta(seconds=5)
        attempts = [one.entry.attempts for one in await in_leases_of(driver, 1, 40)]
        assert alternate(attempts[:20])
        assert attempts[20:] == [1] * 20

    async def test_fanouts_take_turns_when_a_night_ends(self, driver: Driver) -> None:
        """Messages that wait for the same time take turns like others. Until then they are counted."""
        night = QuietHours(start=time(9), end=time(11))
        organization = Organization(id="org", name="Harbor", quiet_hours=night)
        await driver.do(PutOrganization(organization=organization, now=driver.now))
        await driver.put_caregivers(*(caregiver(n, "RN" if n < 3 else "LPN") for n in range(6)))
        await driver.start_fanout(shift("s1"))
        await driver.start_fanout(shift("s2", role="LPN"))
        assert await driver.lease() == []
        morning = START + timedelta(hours=1)
        assert await driver.store.next_due() == START + timedelta(minutes=10)
        report = await driver.store.report("s1", full=False)
        assert report is not None
        assert report.held == (
            HeldMessages(channel=Channel.SMS, until=morning, reason=HoldReason.QUIET_HOURS, count=3),
        )
        await driver.advance(timedelta(minutes=10))
        assert await driver.store.next_due() == morning
        driver.now = morning
        texts = [(await driver.lease(1))[0].message for _ in range(6)]
        assert alternate([message.shift_id for message in texts])
        report = await driver.store.report("s1", full=False)
        assert report is not None
        (calls,) = report.held
        after_texts = morning + timedelta(minutes=5)
        assert calls == HeldMessages(channel=Channel.VOICE, until=after_texts, reason=HoldReason.QUIET_HOURS, count=3)

    async def test_fanouts_take_turns_over_leases_of_one(self, driver: Driver) -> None:
        """Two fanouts alternate, also if one has sent a part of its round before the other begins."""
        await driver.put_caregivers(*(caregiver(n) for n in range(30)), *(caregiver(n, "CNA") for n in range(30, 40)))
        await driver.start_fanout(shift("first"))
        await in_leases_of(driver, 1, 10)
        await driver.start_fanout(shift("second", role="CNA"))
        shifts = Counter[str | None]()
        for delivery in await in_leases_of(driver, 1, 20):
            shifts[delivery.message.shift_id] += 1
            assert abs(shifts["first"] - shifts["second"]) <= 1

    async def test_a_fanout_to_thousands_does_not_delay_another(self, driver: Driver) -> None:
        """Ten contacts are planned and taken as fast as if the other shift had ten and not three thousand."""
        await driver.put_caregivers(*(caregiver(n) for n in range(3000)))
        await driver.put_caregivers(*(caregiver(n, role="CNA") for n in range(3000, 3010)))
        await driver.do(PutShift(shift=shift("large"), now=driver.now))
        await driver.do(StartFanout(shift_id="large", now=driver.now))
        await driver.advance_once()
        for day, name in enumerate(("while it is planned", "while it is sent")):
            small = shift(name, day=day, role="CNA")
            await driver.do(PutShift(shift=small, now=driver.now))
            await driver.do(StartFanout(shift_id=name, now=driver.now))
            for _ in range(4):
                driver.now += timedelta(milliseconds=1)
                await driver.advance_once()
            assert await driver.counts(name) == {"queued": 10}
            handed_over = Counter(delivery.message.shift_id for delivery in await driver.lease(total=25))
            assert handed_over[name] == 10, handed_over
            await driver.advance()
            await driver.lease(total=1000)
        assert (await driver.counts("large"))["queued"] > 900

    async def test_a_second_result_of_a_message_is_ignored(self, driver: Driver) -> None:
        """`sent` is final: a contradicting result changes nothing."""
        await driver.put_caregivers(caregiver(1))
        await driver.start_fanout(shift("s1"))
        deliveries = await driver.lease()
        await driver.record_results(deliveries, HandoverResult.SENT)
        await driver.record_results(deliveries, HandoverResult.PERMANENT)
        assert await driver.counts("s1") == {"sent": 1}

    async def test_a_retry_waits_for_its_time(self, driver: Driver) -> None:
        """It is not leased before it is due, `next_due` says when, and its words stay the same."""
        await driver.put_caregivers(caregiver(1))
        await driver.start_fanout(shift("s1"))
        (first,) = await driver.lease()
        await driver.record_results([first], HandoverResult.TEMPORARY, retry_after_s=5.0)
        assert await driver.store.next_due() == START + timedelta(seconds=5)
        assert await driver.lease() == []
        driver.now += timedelta(seconds=5)
        (second,) = await driver.lease()
        # Nobody has the first one.
        assert second.message == replace(first.message, first_attempt_at=driver.now)
        assert second.entry.attempts == 2

    async def test_a_notice_waits_for_another_about_the_shift(self, driver: Driver) -> None:
        """It is due when the result of the other is recorded, by whoever takes that over if its worker has died."""
        await driver.put_caregivers(caregiver(1), caregiver(2))
        await driver.do(PutShift(shift=shift("s1"), now=driver.now))
        await driver.assign(1, "s1")
        (first,) = await driver.lease()
        await driver.release("s1")
        await driver.assign(2, "s1")
        # That to somebody else does not wait.
        assert [one.message.caregiver_id for one in await driver.lease()] == ["cg-00002"]
        driver.now += LEASE
        entries = await driver.take_over()
        assert await driver.lease() == []
        for entry in entries:
            await driver.record_result(entry, HandoverResult.UNKNOWN)
        (second,) = await driver.lease()
        assert (second.message.kind, second.message.to) == (Kind.RELEASED, first.message.to)

    async def test_a_notice_waits_for_an_offer_of_the_shift(self, driver: Driver) -> None:
        """The confirmation goes out after the offer that it confirms. A receipt may settle the offer first."""
        await driver.put_caregivers(caregiver(1))
        await driver.start_fanout(shift("s1"))
        (offer,) = await driver.lease()
        await driver.says(1, Intent.ACCEPT, "s1")
        assert await driver.lease() == []
        due = await driver.store.next_due()
        assert due is not None
        await driver.receipt(offer.message.id, ReceiptState.DELIVERED)
        driver.now = due
        assert [one.message.kind for one in await driver.lease()] == [Kind.CONFIRMATION]

    async def test_queued_contacts_of_a_claimed_shift_are_skipped(self, driver: Driver) -> None:
        """The report shows them as skipped at once, and no lease takes them."""
        await driver.put_caregivers(*(caregiver(n) for n in range(5)))
        await driver.start_fanout(shift("s1"))
        await driver.lease(total=2)
        await driver.says(4, Intent.ACCEPT, "s1")
        assert await driver.counts("s1") == {"sending": 2, "skipped": 3}
        assert [delivery.message.kind for delivery in await driver.lease()] == [Kind.CONFIRMATION]
        assert await driver.counts("s1") == {"sending": 2, "skipped": 3}
        report = await driver.store.report("s1", full=True)
        assert report is not None
        assert Counter(report.status_of(one) for one in report.contacts) == {
            ContactStatus.SENDING: 2,
            ContactStatus.SKIPPED: 3,
        }

    async def test_a_queued_contact_that_may_have_been_sent_is_unknown_from_the_claim_on(
        self, driver: Driver
    ) -> None:
        """The report, the counts and the board do not say `skipped` until a worker has looked at the contact."""
        await driver.put_caregivers(*(caregiver(n) for n in range(4)))
        await driver.start_fanout(shift("s1"))
        first, second, *_ = await driver.lease(total=2)
        await driver.record_results([first], HandoverResult.UNANSWERED)
        await driver.record_results([second], HandoverResult.TEMPORARY)
        assert await driver.counts("s1") == {"queued": 4}
        await driver.says(3, Intent.ACCEPT, "s1")
        expected = {ContactStatus.UNKNOWN: 1, ContactStatus.SKIPPED: 3}
        report = await driver.store.report("s1", full=True)
        assert report is not None
        assert Counter(report.status_of(one) for one in report.contacts) == expected
        assert await driver.counts("s1") == {"unknown": 1, "skipped": 3}
        (overview,) = await driver.store.overviews(["s1"])
        assert overview.report is not None
        assert +Counter(overview.report.counts) == expected
        driver.now += timedelta(seconds=2)
        await driver.lease()
        assert await driver.counts("s1") == {"unknown": 1, "skipped": 3}

    async def test_work_wakes_the_worker(self, driver: Driver) -> None:
        """A start and a notice call the listener; a read does not."""
        woken: list[int] = []
        driver.store.on_work(lambda: woken.append(1))
        await driver.put_caregivers(caregiver(1))
        await driver.do(PutShift(shift=shift("s1"), now=driver.now))
        assert woken == []
        await driver.do(StartFanout(shift_id="s1", now=START))
        assert woken
        await driver.advance()
        await driver.lease()
        woken.clear()
        await driver.store.report("s1", full=True)
        assert woken == []
        await driver.says(1, Intent.ACCEPT)
        assert woken


async def ten_calls_and_thirty_texts(driver: Driver) -> None:
    """Queue the calls of one fanout and the texts of another."""
    await driver.put_caregivers(*(caregiver(n) for n in range(30)), *(caregiver(n, "CNA") for n in range(30, 40)))
    await driver.start_fanout(shift("called", role="CNA"))
    await driver.record_results(await driver.lease(), HandoverResult.SENT)
    await driver.advance(timedelta(minutes=10))
    await driver.start_fanout(shift("texted", day=2))


async def in_leases_of(driver: Driver, at_once: int, total: int) -> list[Delivery]:
    """The next `total` messages, in the order in which leases of at most `at_once` take them."""
    found: list[Delivery] = []
    while len(found) < total:
        taken = (await driver.lease_once(min(at_once, total - len(found)))).deliveries
        assert taken, f"nothing to take after {len(found)} messages"
        found += taken
    return found


def alternate(values: Sequence[object]) -> bool:
    """Whether no value follows itself and only two values occur."""
    return len(set(values)) == 2 and all(one != next_ for one, next_ in pairwise(values))
