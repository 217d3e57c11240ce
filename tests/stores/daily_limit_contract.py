"""What any `Store` must keep about the offers that went out to a caregiver in the last 24 hours."""

from dataclasses import replace
from datetime import datetime, timedelta

from store_driver import POLICY, Driver, caregiver, shift

from app.domain.commands import CancelFanout, HandoverResult, StartFanout
from app.domain.messages import HoldReason
from app.domain.receipts import ReceiptState
from app.ports.store import Store

_LIMITED = replace(POLICY, offers_per_day=2)


class DailyLimitContract:
    """The suite for the daily limit of offers. A backend joins with `StoreContract`, which has the fixtures."""

    async def test_a_message_counts_once_if_it_may_have_gone_out(self, store: Store) -> None:
        """It counts while it is under way, and after each result but a clear failure, at the time of the last try."""
        driver = Driver(store, policy=_LIMITED)
        await driver.put_caregivers(caregiver(1))
        await driver.start_fanout(shift("s1"))
        assert await counted(driver) == []
        sent = await driver.lease()
        assert await counted(driver) == [driver.now]
        await driver.record_results(sent, HandoverResult.TEMPORARY)
        assert await counted(driver) == []
        for result in (HandoverResult.UNANSWERED, HandoverResult.TEMPORARY, HandoverResult.SENT):
            driver.now += timedelta(minutes=1)
            await driver.record_results(await driver.lease(), result)
            assert await counted(driver) == [driver.now]
        message_id = sent[0].message.id
        await driver.receipt(message_id, ReceiptState.FAILED)
        assert await counted(driver) == []
        last = driver.now
        driver.now += timedelta(minutes=1)
        await driver.receipt(message_id, ReceiptState.DELIVERED)
        assert await counted(driver) == [last]

    async def test_messages_of_all_fanouts_and_generations_count(self, store: Store) -> None:
        """Those of a fanout that was started again and of one that is forgotten too; each for a day."""
        driver = Driver(store, policy=_LIMITED)
        await driver.put_caregivers(caregiver(1))
        first = driver.now
        await driver.start_fanout(shift("s1"))
        await driver.record_results(await driver.lease(), HandoverResult.SENT)
        await driver.do(CancelFanout(shift_id="s1", now=driver.now))
        await driver.advance(timedelta(hours=2))
        assert await driver.store.report("s1", full=False) is None
        second = driver.now
        await driver.start_fanout(shift("s2"))
        await driver.record_results(await driver.lease(), HandoverResult.SENT)
        await driver.do(CancelFanout(shift_id="s2", now=driver.now))
        driver.now += timedelta(minutes=1)
        await driver.do(StartFanout(shift_id="s2", now=driver.now))
        await driver.advance()
        assert await driver.lease() == []
        (contact,) = await driver.contacts("s2")
        assert (contact.due_at, contact.held) == (first + timedelta(days=1), HoldReason.OFFERS_PER_DAY)
        assert await counted(driver) == [first, second]
        driver.now = first + timedelta(days=1)
        assert len(await driver.lease()) == 1

    async def test_messages_that_are_taken_together_count_for_each_other(self, store: Store) -> None:
        """Of three offers to one caregiver that wait, one lease takes two."""
        driver = Driver(store, policy=_LIMITED)
        await driver.put_caregivers(caregiver(1))
        for day in (1, 2, 3):
            await driver.start_fanout(shift(f"s{day}", day))
        assert len(await driver.lease()) == 2

    async def test_what_no_longer_counts_is_forgotten(self, store: Store) -> None:
        """Each message that goes out deletes some of those that went out more than a day before."""
        driver = Driver(store, policy=_LIMITED)
        await driver.put_caregivers(*(caregiver(n) for n in range(5)))
        await driver.start_fanout(shift("s1", day=3))
        await driver.record_results(await driver.lease(), HandoverResult.SENT)
        await driver.do(CancelFanout(shift_id="s1", now=driver.now))
        await driver.put_caregivers(caregiver(7, role="LPN"))
        driver.now += timedelta(days=1)
        await driver.start_fanout(shift("s2", day=3, role="LPN"))
        assert len(await driver.lease()) == 1
        later, driver.now = driver.now, driver.now - timedelta(hours=1)
        assert [len(await counted(driver, n)) for n in range(5)].count(1) == 1
        assert await counted(driver, 7) == [later]

    async def test_nothing_is_kept_without_a_limit(self, driver: Driver) -> None:
        """A service that limits no offers writes nothing for it."""
        await driver.put_caregivers(caregiver(1))
        await driver.start_fanout(shift("s1"))
        await driver.record_results(await driver.lease(), HandoverResult.SENT)
        assert await counted(driver) == []


async def counted(driver: Driver, n: int = 1) -> list[datetime]:
    """When the offers to caregiver `n` went out that are on record, in that order."""
    sent = await driver.read(lambda state: state.sent_offers(caregiver(n).id))
    return sorted(one.at for one in sent if one.at is not None)
