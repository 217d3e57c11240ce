"""What a store and the rules must do together about calls and keywords of a provider, on any store."""

from dataclasses import replace
from datetime import timedelta

from fakes import FakeClock
from store_contract import StoreContract
from store_driver import POLICY, Driver, caregiver, shift

from app.domain.attention import attention_of
from app.domain.attention_reasons import AttentionReason
from app.domain.commands import CancelFanout, HandoverResult
from app.domain.decisions import OfferToRead
from app.domain.reading import Intent
from app.domain.records import Channel, Outcome
from app.runtime.engine import Engine

VOICE, SMS = Channel.VOICE, Channel.SMS
FIRST = caregiver(1).phone


def engine_of(driver: Driver) -> Engine:
    """The engine on the driver's store, at the driver's time."""
    return Engine(driver.store, FakeClock(driver.now), POLICY)


async def outcomes(driver: Driver, shift_id: str) -> list[Outcome]:
    """What is on record among the responses, in the order of the outcomes' names."""
    report = await driver.store.report(shift_id, full=True)
    assert report is not None
    return sorted(response.outcome for response in report.responses)


class CallContract(StoreContract):
    """The suite for calls that end, calls that come in, and keywords that the provider has answered."""

    async def test_a_call_nobody_answered_is_on_record_once(self, driver: Driver) -> None:
        """However often its end is reported."""
        await driver.put_caregivers(caregiver(1))
        await driver.start_fanout(shift("s1"))
        engine = engine_of(driver)
        first = await engine.handle_call_end(FIRST, "CA1", "s1")
        assert (first.outcome, first.shift_id, first.reply) == (Outcome.NO_ANSWER, "s1", None)
        assert await engine.handle_call_end(FIRST, "CA1", "s1") == first
        assert await outcomes(driver, "s1") == [Outcome.NO_ANSWER]

    async def test_the_end_of_an_answered_call_changes_nothing(self, driver: Driver) -> None:
        """The end of each call is reported, also of those with an answer."""
        await driver.put_caregivers(caregiver(1), caregiver(2))
        await driver.start_fanout(shift("s1"))
        engine = engine_of(driver)
        answer = await engine.handle_reply(FIRST, "2", VOICE, "CA1", "s1")
        assert answer.outcome is Outcome.DECLINED
        assert await engine.handle_call_end(FIRST, "CA1", "s1") == answer
        assert await outcomes(driver, "s1") == [Outcome.DECLINED]

    async def test_a_key_counts_although_the_end_overtook_it(self, driver: Driver) -> None:
        """Reports come in any order, and somebody may hang up while the key is on its way."""
        await driver.put_caregivers(caregiver(1))
        await driver.start_fanout(shift("s1"))
        engine = engine_of(driver)
        await engine.handle_call_end(FIRST, "CA1", "s1")
        assert (await engine.handle_reply(FIRST, "1", VOICE, "CA1", "s1")).outcome is Outcome.CLAIMED
        assert (await engine.handle_call_end(FIRST, "CA1", "s1")).outcome is Outcome.NO_ANSWER
        assert await driver.holder("s1") == "cg-00001"

    async def test_a_call_nobody_answered_is_no_answer_of_theirs(self, driver: Driver) -> None:
        """What counts answers does not count it: a message that did not reach the holder is still not settled."""
        await driver.put_caregivers(caregiver(1))
        await driver.start_fanout(shift("s1"))
        await driver.says(1, Intent.ACCEPT, "s1")
        await driver.record_results(await driver.lease(), HandoverResult.PERMANENT)
        driver.now += timedelta(minutes=1)
        await engine_of(driver).handle_call_end(FIRST, "CA1", "s1")
        report = await driver.store.report("s1", full=True)
        assert report is not None
        assert [one.outcome for one in report.answers] == [Outcome.CLAIMED]
        assert [one.reason for one in attention_of(report, driver.now)] == [AttentionReason.NOT_TOLD]

    async def test_a_caller_hears_the_offer_they_have(self, driver: Driver) -> None:
        """The soonest of several, in the words of a call; nothing is written by that."""
        await driver.put_caregivers(caregiver(1))
        await driver.start_fanout(shift("s2", day=2))
        await driver.start_fanout(shift("s1", day=1))
        found = await engine_of(driver).find_offer(FIRST, None)
        assert found is not None
        assert found.shift_id == "s1"
        assert found.text.startswith("Open RN shift Tue Jun 2")
        assert "press 1" in found.text

    async def test_a_caller_hears_the_offer_of_the_call_they_missed(self, driver: Driver) -> None:
        """It need not be the soonest: they call back because of it."""
        await driver.put_caregivers(caregiver(1))
        await driver.start_fanout(shift("s2", day=2))
        await driver.advance(timedelta(seconds=POLICY.escalate_after_s))
        await driver.start_fanout(shift("s1", day=1))
        called = [delivery for delivery in await driver.lease() if delivery.message.channel is VOICE]
        assert [delivery.message.shift_id for delivery in called] == ["s2"]
        await driver.record_results(called, HandoverResult.SENT)
        found = await engine_of(driver).find_offer(FIRST, None)
        assert found is not None
        assert found.shift_id == "s2"

    async def test_the_shift_of_a_call_is_read_again(self, driver: Driver) -> None:
        """Also after a no, because they may change their mind; not once nobody can have it any more."""
        await driver.put_caregivers(caregiver(1), caregiver(2))
        await driver.start_fanout(shift("s1"))
        await driver.start_fanout(shift("s2", day=2))
        await driver.says(1, Intent.DECLINE, "s2")
        engine = engine_of(driver)
        found = await engine.find_offer(FIRST, "s2")
        assert isinstance(found, OfferToRead)
        assert found.shift_id == "s2"
        await driver.do(CancelFanout(shift_id="s2", now=driver.now))
        assert await engine.find_offer(FIRST, "s2") is None

    async def test_who_hears_no_offer(self, driver: Driver) -> None:
        """A stranger; somebody of another role, or who has said no to all; somebody who opted out."""
        await driver.put_caregivers(caregiver(1), caregiver(2, role="CNA"), caregiver(3), caregiver(4))
        await driver.start_fanout(shift("s1"))
        await driver.says(1, Intent.DECLINE, "s1")
        await driver.says(3, Intent.STOP)
        engine = engine_of(driver)
        for phone in ("+16175550199", FIRST, caregiver(2).phone, caregiver(3).phone):
            assert await engine.find_offer(phone, None) is None
        assert await engine.find_offer(caregiver(4).phone, None) is not None
        assert await engine.find_offer("+16175550199", "s1") is None
        assert await engine.find_offer(caregiver(4).phone, "no-such-shift") is None

    async def test_a_keyword_is_recorded_and_not_answered_twice(self, driver: Driver) -> None:
        """The provider has answered; whatever the word was, it counts as what the provider took it for."""
        await driver.put_caregivers(caregiver(1))
        await driver.start_fanout(shift("s1"))
        engine = engine_of(driver)
        steps = [
            ("ARRET", Intent.STOP, Outcome.OPTED_OUT),
            ("JOIN", Intent.START, Outcome.OPTED_IN),
            ("AIDE", Intent.HELP, Outcome.HELP),
        ]
        for number, (body, keyword, outcome) in enumerate(steps):
            answer = await engine.handle_reply(FIRST, body, SMS, f"SM{number}", None, keyword=keyword)
            assert (answer.outcome, answer.reply) == (outcome, None)
            found = await driver.store.caregiver("cg-00001")
            assert found is not None
            assert found[1] is (keyword is Intent.STOP)
        assert await driver.lease() == []

    async def test_a_yes_that_the_provider_takes_for_a_start(self, driver: Driver) -> None:
        """YES undoes a STOP at the provider. To an offer it is a yes, and the confirmation goes out."""
        await driver.put_caregivers(caregiver(1))
        await driver.start_fanout(shift("s1"))
        answer = await engine_of(driver).handle_reply(FIRST, "YES", SMS, "SM1", None, keyword=Intent.START)
        assert answer.outcome is Outcome.CLAIMED
        assert answer.reply is not None

    async def test_a_yes_from_before_the_offer_is_asked_back(self, driver: Driver) -> None:
        """It came late and may be about something else. What was sent after the offer was made counts."""
        await driver.put_caregivers(caregiver(1), caregiver(2))
        sent_at = driver.now
        driver.now += timedelta(minutes=4)
        await driver.start_fanout(shift("s1"))
        engine = engine_of(driver)
        for phone, body in ((FIRST, "YES"), (FIRST, "NO"), (FIRST, "YES 1")):
            answer = await engine.handle_reply(phone, body, SMS, None, None, sent_at=sent_at)
            assert (answer.outcome, answer.shift_id) == (Outcome.UNRECOGNIZED, "s1")
        second = caregiver(2).phone
        answer = await engine.handle_reply(second, "YES", SMS, None, None, sent_at=driver.now)
        assert answer.outcome is Outcome.CLAIMED
        answer = await engine.handle_reply(FIRST, "STOP", SMS, None, None, sent_at=sent_at)
        assert answer.outcome is Outcome.OPTED_OUT

    async def test_the_clock_of_a_provider_may_be_five_seconds_behind(self, driver: Driver) -> None:
        """A quick yes would otherwise count as sent before the offer."""
        await driver.put_caregivers(caregiver(1))
        await driver.start_fanout(shift("s1"))
        engine = engine_of(driver)
        for seconds, outcome in ((6, Outcome.UNRECOGNIZED), (5, Outcome.CLAIMED)):
            sent_at = driver.now - timedelta(seconds=seconds)
            answer = await engine.handle_reply(FIRST, "YES", SMS, None, None, sent_at=sent_at)
            assert answer.outcome is outcome

    async def test_a_changed_shift_is_read_as_it_is_now(self, driver: Driver) -> None:
        """The words are made when somebody calls."""
        await driver.put_caregivers(caregiver(1))
        await driver.start_fanout(replace(shift("s1"), location="Quincy 02169"))
        found = await engine_of(driver).find_offer(FIRST, None)
        assert found is not None
        assert "at Quincy 02169" in found.text
