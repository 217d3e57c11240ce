"""What any `Store` must do with the receipts of a provider: find their message, and keep what they say."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from fakes import START
from store_driver import Driver, caregiver, shift

from app.domain.attention import attention_of
from app.domain.attention_reasons import AttentionReason
from app.domain.commands import CancelFanout, EndCall, HandoverResult, StartFanout
from app.domain.decisions import Delivery
from app.domain.facts import FactType
from app.domain.messages import ContactStatus
from app.domain.reading import Intent
from app.domain.receipts import Consequence, ReceiptState
from app.domain.records import Channel, Outcome

ACCEPTED, CANCELED, FAILED, NO_ANSWER, DELIVERED = ReceiptState


class ReceiptsContract:
    """The suite for receipts. A backend joins with `StoreContract`, which has the fixtures."""

    async def asked(self, driver: Driver, people: int = 1) -> None:
        """Start a fanout of a shift to that many nurses."""
        await driver.put_caregivers(*(caregiver(n) for n in range(1, people + 1)))
        await driver.start_fanout(shift("s1"))

    async def status(self, driver: Driver) -> tuple[str, str | None]:
        """Status and error of the first contact; the counts agree with the contacts."""
        contacts = await driver.contacts("s1")
        counts = await driver.counts("s1")
        assert counts == {one: [each.status for each in contacts].count(ContactStatus(one)) for one in counts}
        return contacts[0].status.value, contacts[0].error

    @pytest.mark.parametrize(
        ("state", "error", "expected"),
        [
            (ACCEPTED, None, ("sent", None)),
            (DELIVERED, None, ("delivered", None)),
            (FAILED, "filtered", ("failed", "filtered")),
            (FAILED, None, ("failed", "the provider gave no reason")),
            (NO_ANSWER, "the line was busy", ("sent", "the line was busy")),
            (NO_ANSWER, None, ("sent", "nobody answered")),
        ],
    )
    async def test_what_a_receipt_says(
        self, driver: Driver, state: ReceiptState, error: str | None, expected: tuple[str, str | None]
    ) -> None:
        """It is on record, whether it names our id or only that of the provider. A repeat changes nothing."""
        await self.asked(driver)
        delivery = await driver.send("SM1")
        assert await driver.receipt("no id of ours", state, "SM1", error=error) is (state is not ACCEPTED)
        assert await self.status(driver) == expected
        assert not await driver.receipt(delivery.message.id, state, "SM1", error=error)
        assert await self.status(driver) == expected

    async def test_a_notice_is_delivered(self, driver: Driver) -> None:
        """A settled notice about a shift is found too."""
        await self.asked(driver)
        await driver.send()
        await driver.says(1, Intent.ACCEPT)
        delivery = await driver.send("SM2")
        assert await driver.receipt(delivery.message.id, DELIVERED, "SM2")
        report = await driver.store.report("s1", full=True)
        assert report is not None
        (notice,) = report.notices
        assert (notice.status, notice.provider_id) == (ContactStatus.DELIVERED, "SM2")

    async def test_a_reason_that_comes_later_is_no_second_failure(self, driver: Driver) -> None:
        """The record gets it; the log has one failure of the notice."""
        await self.asked(driver)
        await driver.send()
        await driver.says(1, Intent.ACCEPT)
        delivery = await driver.send("SM2")
        for error in (None, "filtered"):
            assert await driver.receipt(delivery.message.id, FAILED, "SM2", error=error)
        report = await driver.store.report("s1", full=True)
        assert report is not None
        assert [(one.status, one.error) for one in report.notices] == [(ContactStatus.FAILED, "filtered")]
        log = await driver.store.log(0, 100)
        assert [one.fact.data["error"] for one in log if one.fact.type is FactType.NOTICE_FAILED] == [
            "the provider gave no reason"
        ]

    async def test_ids_that_nobody_knows_do_no_harm(self, driver: Driver) -> None:
        """Neither unknown ones, nor those of a forgotten fanout, of an earlier generation or of an earlier number."""
        assert not await driver.receipt("nothing", DELIVERED, "SM0")
        await self.asked(driver)
        first = await driver.send("SM1")
        await driver.do(CancelFanout(shift_id="s1", now=driver.now))
        await driver.do(StartFanout(shift_id="s1", now=driver.now))
        await driver.advance()
        assert not await driver.receipt(first.message.id, FAILED, "SM1")
        assert await driver.counts("s1") == {"queued": 1}
        second = await driver.send("SM2")
        await driver.do(CancelFanout(shift_id="s1", now=driver.now))
        await driver.advance(timedelta(hours=2))
        assert await driver.store.report("s1", full=True) is None
        for message, provider_id in ((first.message, "SM1"), (second.message, "SM2")):
            assert not await driver.receipt(message.id, FAILED, provider_id)

    async def test_a_receipt_may_overtake_the_result_of_the_hand_over(self, driver: Driver) -> None:
        """The result that comes later does not take back what the receipt said."""
        await self.asked(driver)
        (delivery,) = await driver.lease()
        assert await driver.receipt(delivery.message.id, DELIVERED, "SM1")
        for result in (HandoverResult.SENT, HandoverResult.UNKNOWN, HandoverResult.TEMPORARY):
            await driver.record_results([delivery], result)
            assert await self.status(driver) == ("delivered", None)
        driver.now += timedelta(minutes=1)
        assert await driver.take_over() == []

    @pytest.mark.parametrize(
        ("state", "expected"), [(ACCEPTED, "sent"), (DELIVERED, "delivered"), (FAILED, "failed")]
    )
    async def test_what_was_unknown_is_known_by_a_receipt(
        self, driver: Driver, state: ReceiptState, expected: str
    ) -> None:
        """The provider has it, so it is not sent again."""
        await self.asked(driver)
        (delivery,) = await driver.lease()
        await driver.record_results([delivery], HandoverResult.UNKNOWN)
        assert await driver.receipt(delivery.message.id, state, "SM1", error="a")
        assert (await self.status(driver))[0] == expected
        assert await driver.lease() == []

    async def test_a_receipt_ends_the_retries_of_an_unanswered_message(self, driver: Driver) -> None:
        """The provider has it."""
        await self.asked(driver)
        (delivery,) = await driver.lease()
        await driver.record_results([delivery], HandoverResult.UNANSWERED)
        assert await driver.receipt(delivery.message.id, ACCEPTED)
        driver.now += timedelta(minutes=1)
        assert await driver.lease() == []
        assert await self.status(driver) == ("sent", None)

    async def test_what_failed_for_now_is_sent_again(self, driver: Driver) -> None:
        """Once, however often the receipt comes; the next try has its own id at the provider."""
        await self.asked(driver)
        delivery = await driver.send("SM1")
        failed = {"error": "the queue is full", "consequence": Consequence.RETRY}
        for _ in range(2):
            await driver.receipt(delivery.message.id, FAILED, "SM1", **failed)  # type: ignore[arg-type]
        assert await self.status(driver) == ("queued", "the queue is full")
        driver.now += timedelta(seconds=1)
        (again,) = await driver.lease()
        assert not await driver.receipt(delivery.message.id, FAILED, "SM1", error="late")
        await driver.record_accepted(again, "SM2")
        assert not await driver.receipt(delivery.message.id, FAILED, "SM1", error="late")
        assert await driver.lease() == []
        assert await self.status(driver) == ("sent", None)
        assert await driver.receipt(delivery.message.id, FAILED, "SM2", error="filtered")
        assert await self.status(driver) == ("failed", "filtered")

    async def test_an_offer_that_is_no_longer_open_is_not_sent_again(self, driver: Driver) -> None:
        """The reason of the failed try stays on record."""
        await self.asked(driver)
        delivery = await driver.send("SM1")
        await driver.do(CancelFanout(shift_id="s1", now=driver.now))
        await driver.receipt(delivery.message.id, FAILED, "SM1", error="full", consequence=Consequence.RETRY)
        assert await self.status(driver) == ("skipped", "full")

    async def test_a_notice_is_sent_again_for_an_hour(self, driver: Driver) -> None:
        """After that it has failed."""
        await self.asked(driver)
        await driver.send()
        await driver.says(1, Intent.ACCEPT)
        message_id = (await driver.send("SM1")).message.id
        await driver.receipt(message_id, FAILED, "SM1", error="full", consequence=Consequence.RETRY)
        driver.now += timedelta(hours=1)
        await driver.send("SM2")
        await driver.receipt(message_id, FAILED, "SM2", error="full", consequence=Consequence.RETRY)
        report = await driver.store.report("s1", full=True)
        assert report is not None
        assert [(one.status, one.error) for one in report.notices] == [(ContactStatus.FAILED, "full")]
        assert {one.reason for one in attention_of(report, driver.now)} == {AttentionReason.NOT_TOLD}

    async def test_who_no_text_reaches_is_called_at_once_and_only_once(self, driver: Driver) -> None:
        """The voice round does not call them again."""
        await self.asked(driver)
        delivery = await driver.send("SM1")
        for _ in range(2):
            await driver.receipt(
                delivery.message.id, FAILED, "SM1", error="a landline", consequence=Consequence.CALL_EARLY
            )
        call = await driver.send("CA1")
        assert (call.message.channel, call.message.to) == (Channel.VOICE, caregiver(1).phone)
        assert await driver.lease() == []
        await driver.advance(timedelta(minutes=10))
        assert await driver.lease() == []
        assert await driver.counts("s1") == {"failed": 1, "sent": 1}
        answer = await driver.says(1, Intent.ACCEPT, "s1")
        assert answer.outcome is Outcome.CLAIMED

    async def test_nobody_is_called_early_for_a_shift_that_is_filled(self, driver: Driver) -> None:
        """The text has failed, and that is all."""
        await self.asked(driver, people=2)
        first, second = await driver.lease()
        await driver.record_results([first, second], HandoverResult.SENT)
        await driver.says(2, Intent.ACCEPT)
        await driver.send()
        await driver.receipt(first.message.id, FAILED, error="a landline", consequence=Consequence.CALL_EARLY)
        assert await driver.lease() == []
        assert await driver.counts("s1") == {"failed": 1, "sent": 1}

    async def test_a_call_that_waited_because_of_the_text_waits_no_longer(self, driver: Driver) -> None:
        """In the voice round nobody is called soon after their own text, but this text did not arrive."""
        await driver.put_caregivers(caregiver(1))
        await driver.start_fanout(shift("s1"))
        driver.now += timedelta(minutes=9)
        delivery = await driver.send("SM1")
        await driver.advance(timedelta(minutes=1))
        assert await driver.lease() == []
        await driver.receipt(delivery.message.id, FAILED, "SM1", error="off", consequence=Consequence.CALL_EARLY)
        assert (await driver.send("CA1")).message.channel is Channel.VOICE

    async def test_a_fault_of_the_channel_that_comes_later_pauses_it(self, driver: Driver) -> None:
        """Nothing is lost. One message tries again after a while, and only one that is delivered ends the pause."""
        await self.asked(driver, people=3)
        deliveries = await driver.lease()
        for number, delivery in enumerate(deliveries):
            await driver.record_results([delivery], HandoverResult.SENT)
            await driver.receipt(
                delivery.message.id,
                FAILED,
                f"SM{number}",
                error="not registered",
                consequence=Consequence.CHANNEL_FAULT,
            )
        assert await driver.counts("s1") == {"queued": 3}
        assert [one.fault for one in await driver.store.channels() if one.fault] == ["not registered"]
        assert await driver.lease() == []
        driver.now += timedelta(seconds=30)
        probe = await driver.send("SM10")
        driver.now += timedelta(seconds=1)
        assert await driver.lease() == []
        assert await driver.receipt(probe.message.id, DELIVERED, "SM10")
        assert [one.fault for one in await driver.store.channels() if one.fault] == []
        assert len(await driver.lease()) == 2

    async def test_a_stop_that_only_the_provider_heard_counts(self, driver: Driver) -> None:
        """They are opted out, their offers are withdrawn, and no text confirms it: the provider has done that."""
        await self.asked(driver, people=2)
        first, second = await driver.lease()
        await driver.record_results([first, second], HandoverResult.SENT)
        await driver.receipt(first.message.id, FAILED, error="STOP", consequence=Consequence.OPTED_OUT)
        assert await driver.store.caregiver("cg-00001") == (caregiver(1), True)
        assert await driver.lease() == []
        report = await driver.store.report("s1", full=True)
        assert report is not None
        assert [(one.caregiver_id, one.outcome) for one in report.responses] == [("cg-00001", Outcome.OPTED_OUT)]
        assert report.fanout.can_still_accept == 1
        await driver.advance(timedelta(minutes=10))
        assert [one.message.caregiver_id for one in await driver.lease()] == ["cg-00002"]

    async def test_texts_that_all_failed_by_receipt_need_a_person(self, driver: Driver) -> None:
        """As if they had failed at the hand-over."""
        await self.asked(driver, people=2)
        deliveries = await driver.lease()
        await driver.record_results(deliveries, HandoverResult.SENT)
        for minute, delivery in enumerate(deliveries, start=1):
            driver.now = START + timedelta(minutes=minute)
            await driver.receipt(delivery.message.id, FAILED, error="filtered")
        report = await driver.store.report("s1", full=False)
        assert report is not None
        (found,) = attention_of(report, driver.now)
        assert (found.reason, found.since) == (AttentionReason.UNDELIVERED, START + timedelta(minutes=2))

    async def test_the_provider_is_asked_less_and_less_often(self, driver: Driver) -> None:
        """Five minutes after a text that nothing was heard of, then each time after twice as long, for a day."""
        await self.asked(driver)
        await driver.send("SM1")
        minutes = []
        due_at: datetime | None = START + timedelta(minutes=5)
        while due_at is not None:
            driver.now = due_at - timedelta(seconds=1)
            assert await driver.store.to_ask(driver.now, 10) == []
            driver.now = due_at
            (entry,) = await driver.store.to_ask(driver.now, 10)
            minutes.append((driver.now - START) // timedelta(minutes=1))
            due_at = entry.ask_at
        assert minutes == [5, 10, 20, 40, 80, 160, 320, 640, 1280]

    async def test_only_what_is_not_settled_is_asked_about(self, driver: Driver) -> None:
        """Not what was delivered or has failed, nor what the provider gave no id for. A notice is asked about too."""
        await self.asked(driver, people=4)
        ids = ["SM1", "SM2", "SM3", None]
        deliveries = await driver.lease()
        for delivery, provider_id in zip(deliveries, ids, strict=True):
            await driver.record_accepted(delivery, provider_id)
        await driver.receipt(deliveries[0].message.id, DELIVERED, "SM1")
        await driver.receipt(deliveries[1].message.id, FAILED, "SM2")
        await driver.says(4, Intent.ACCEPT)
        await driver.send("SM4")
        driver.now += timedelta(minutes=5)
        found = [await driver.store.to_ask(driver.now, 1) for _ in range(3)]
        assert sorted(one.provider_id or "" for entries in found for one in entries) == ["SM3", "SM4"]

    async def test_calls_that_ring_for_a_filled_shift_are_found(self, driver: Driver) -> None:
        """Those of the last two minutes that nobody has answered."""
        await self.asked(driver, people=3)
        await driver.record_results(await driver.lease(), HandoverResult.SENT)
        await driver.advance(timedelta(minutes=10))
        calls = await driver.lease()
        for number, call in enumerate(calls):
            await driver.record_accepted(call, f"CA{number}")
        since = driver.now - timedelta(minutes=2)
        ringing = await driver.store.ringing_calls(since)
        assert sorted((one.provider_id or "", over) for one, over in ringing) == [
            ("CA0", False),
            ("CA1", False),
            ("CA2", False),
        ]
        await driver.receipt(calls[0].message.id, DELIVERED, "CA0")
        await driver.receipt(calls[1].message.id, NO_ANSWER, "CA1")
        await driver.says(1, Intent.ACCEPT)
        assert [(one.provider_id, over) for one, over in await driver.store.ringing_calls(since)] == [("CA2", True)]
        assert await driver.store.ringing_calls(driver.now + timedelta(seconds=1)) == []

    async def test_a_call_of_an_earlier_start_is_found(self, driver: Driver) -> None:
        """The fanout was cancelled and started again before anybody looked, and the telephone still rings."""
        await self.asked(driver, people=1)
        await driver.record_results(await driver.lease(), HandoverResult.SENT)
        await driver.advance(timedelta(minutes=10))
        [call] = await driver.lease()
        await driver.record_accepted(call, "CA0")
        await driver.do(CancelFanout(shift_id="s1", now=driver.now))
        await driver.do(StartFanout(shift_id="s1", now=driver.now))
        ringing = await driver.store.ringing_calls(driver.now - timedelta(minutes=2))
        assert [(one.provider_id, over) for one, over in ringing] == [("CA0", True)]
        end = EndCall(message_id=call.message.id, provider_id="CA0", now=driver.now)
        assert await driver.do(end) is True, "it is ended, although its record may be gone"

    async def test_a_call_that_the_service_has_ended_is_skipped(self, driver: Driver) -> None:
        """Whichever process gets the receipt, and whichever tried to end it again. No attempt has failed."""
        call = await self.call_for_a_filled_shift(driver)
        end = EndCall(message_id=call.message.id, provider_id="CA1", now=driver.now)
        assert await driver.do(end) is True
        driver.now += timedelta(seconds=5)
        assert await driver.do(replace(end, now=driver.now)) is True, "it may still ring"
        assert await driver.receipt("", CANCELED, "CA1")
        assert not await driver.receipt("", CANCELED, "CA1")
        assert await driver.do(end) is False, "it has ended"
        assert await self.calls(driver) == [("skipped", None)]
        assert FactType.OFFER_FAILED not in [entry.fact.type for entry in await driver.store.log(0, 100)]

    async def test_a_call_that_somebody_else_has_ended_has_failed(self, driver: Driver) -> None:
        """The service did not end it, or it ended another call."""
        call = await self.call_for_a_filled_shift(driver)
        assert await driver.do(EndCall(message_id=call.message.id, provider_id="CA2", now=driver.now)) is True
        assert await driver.receipt(call.message.id, CANCELED, "CA1")
        assert not await driver.receipt(call.message.id, CANCELED, "CA1")
        assert await self.calls(driver) == [("failed", "the call was canceled")]

    async def test_a_call_that_was_answered_before_it_was_ended_is_delivered(self, driver: Driver) -> None:
        """The provider then does not end it."""
        call = await self.call_for_a_filled_shift(driver)
        assert await driver.do(EndCall(message_id=call.message.id, provider_id="CA1", now=driver.now)) is True
        assert await driver.receipt(call.message.id, DELIVERED, "CA1")
        assert await self.calls(driver) == [("delivered", None)]

    async def call_for_a_filled_shift(self, driver: Driver) -> Delivery:
        """A call to the first of two caregivers rings while the second accepts by text."""
        await self.asked(driver, people=2)
        await driver.record_results(await driver.lease(), HandoverResult.SENT)
        await driver.says(2, Intent.DECLINE)
        await driver.advance(timedelta(minutes=10))
        call = await driver.send("CA1")
        await driver.says(2, Intent.ACCEPT)
        return call

    async def calls(self, driver: Driver) -> list[tuple[str, str | None]]:
        """Status and error of each call. The counts agree with the contacts."""
        await self.status(driver)
        return [(one.status.value, one.error) for one in await driver.contacts("s1") if one.channel is Channel.VOICE]

    async def test_calls_to_somebody_who_has_said_stop_are_found(self, driver: Driver) -> None:
        """A text with STOP or of a stranger ends the call that rings at the same number, and no other."""
        await self.asked(driver, people=3)
        await driver.record_results(await driver.lease(), HandoverResult.SENT)
        await driver.advance(timedelta(minutes=10))
        calls = sorted(await driver.lease(), key=lambda call: call.message.caregiver_id)
        for number, call in enumerate(calls):
            await driver.record_accepted(call, f"CA{number}")
        await driver.says(1, Intent.STOP)
        await driver.says(2, Intent.WRONG_NUMBER)
        ringing = await driver.store.ringing_calls(driver.now - timedelta(minutes=2))
        assert {one.provider_id: over for one, over in ringing} == {"CA0": True, "CA1": True, "CA2": False}
