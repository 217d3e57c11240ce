"""What any `Store` must say about what is under way."""

from datetime import datetime, timedelta

from fakes import START
from store_driver import LEASE, Driver, caregiver, shift

from app.domain.commands import CancelFanout, HandoverResult, PutShift, StartFanout
from app.domain.messages import Contact, ContactStatus
from app.domain.reading import Intent
from app.domain.records import Channel
from app.ports.store import MOST_COUNTED, StoreFigures

NOTHING = StoreFigures(open_fanouts=0, queued=0, queued_since=None, due_since=None, to_forget_since=None)


class FiguresContract:
    """The suite for `figures`. A backend joins with `StoreContract`, which has the fixtures."""

    async def test_an_idle_store_has_nothing_under_way(self, driver: Driver) -> None:
        """Before anything was started, and after all of it has ended."""
        assert await driver.store.figures(driver.now) == NOTHING
        await driver.put_caregivers(caregiver(1))
        await driver.start_fanout(shift("s1"))
        await driver.record_results(await driver.lease(), HandoverResult.SENT)
        assert await driver.store.figures(driver.now) == NOTHING._replace(open_fanouts=1)
        await driver.do(CancelFanout(shift_id="s1", now=driver.now))
        assert await driver.store.figures(driver.now) == NOTHING

    async def test_only_open_fanouts_are_counted(self, driver: Driver) -> None:
        """Not one that is exhausted, claimed or forgotten; an exhausted one that opens again is."""
        await driver.put_caregivers(caregiver(1), caregiver(2))
        for name in ("s1", "s2", "s3"):
            await driver.start_fanout(shift(name, day=int(name[1])))
        await driver.says(1, Intent.ACCEPT, "s1")
        assert (await driver.store.figures(driver.now)).open_fanouts == 2
        await driver.says(1, Intent.DECLINE, "s2")
        await driver.says(2, Intent.DECLINE, "s2")
        assert (await driver.store.figures(driver.now)).open_fanouts == 1
        await driver.put_caregivers(caregiver(3))
        await driver.advance(timedelta(minutes=10))
        assert (await driver.store.figures(driver.now)).open_fanouts == 2

    async def test_messages_wait_since_they_were_queued(self, driver: Driver) -> None:
        """The oldest counts, be it an offer or a notice; one that is leased waits no more."""
        await driver.put_caregivers(caregiver(1), caregiver(2))
        await driver.start_fanout(shift("s1"))
        driver.now += timedelta(seconds=7)
        await driver.start_fanout(shift("s2", day=2))
        driver.now += timedelta(seconds=5)
        await driver.says(1, Intent.HELP)
        figures = await driver.store.figures(driver.now)
        assert (figures.queued, figures.queued_since) == (5, START)
        await driver.lease()
        assert await driver.store.figures(driver.now) == NOTHING._replace(open_fanouts=2)

    async def test_a_notice_waits_too(self, driver: Driver) -> None:
        """Since it was made."""
        await driver.put_caregivers(caregiver(1))
        driver.now += timedelta(seconds=3)
        await driver.says(1, Intent.HELP)
        figures = await driver.store.figures(driver.now + timedelta(hours=1))
        assert (figures.queued, figures.queued_since) == (1, driver.now)

    async def test_a_retry_waits_from_its_time_on(self, driver: Driver) -> None:
        """Before that it is not late."""
        await driver.put_caregivers(caregiver(1))
        await driver.start_fanout(shift("s1"))
        (one,) = await driver.lease()
        await driver.record_results([one], HandoverResult.TEMPORARY, retry_after_s=30.0)
        due_at = await driver.read(lambda state: _due_at(state.contact("s1", 1, one.message.channel, "cg-00001")))
        driver.now = due_at - timedelta(milliseconds=1)
        assert await driver.store.figures(driver.now) == NOTHING._replace(open_fanouts=1)
        driver.now = due_at + timedelta(seconds=5)
        figures = await driver.store.figures(driver.now)
        assert (figures.queued, figures.queued_since) == (1, due_at)

    async def test_a_step_is_due_since_its_time(self, driver: Driver) -> None:
        """The earliest step counts, until a worker has taken it."""
        await driver.put_caregivers(caregiver(1))
        await driver.do(PutShift(shift=shift("s1"), now=driver.now))
        await driver.do(StartFanout(shift_id="s1", now=driver.now))
        driver.now += timedelta(seconds=20)
        await driver.do(PutShift(shift=shift("s2", day=2), now=driver.now))
        await driver.do(StartFanout(shift_id="s2", now=driver.now))
        assert (await driver.store.figures(driver.now)).due_since == START
        await driver.store.due_fanouts(driver.now, driver.now + LEASE, 1)
        assert (await driver.store.figures(driver.now)).due_since == driver.now
        await driver.store.due_fanouts(driver.now, driver.now + LEASE, 1)
        assert (await driver.store.figures(driver.now)).due_since is None

    async def test_what_is_due_to_be_forgotten_has_a_time_of_its_own(self, driver: Driver) -> None:
        """Nobody waits for it, so it must not look as if the workers were behind."""
        await driver.put_caregivers(caregiver(1))
        await driver.start_fanout(shift("s1"))
        await driver.do(CancelFanout(shift_id="s1", now=driver.now))
        await driver.record_results(await driver.lease(), HandoverResult.SENT)
        closed = await driver.read(lambda state: state.fanout("s1"))
        assert closed is not None
        assert closed.due_at is not None
        driver.now = closed.due_at - timedelta(seconds=1)
        assert await driver.store.figures(driver.now) == NOTHING
        driver.now = closed.due_at + timedelta(hours=1)
        assert await driver.store.figures(driver.now) == NOTHING._replace(to_forget_since=closed.due_at)
        await driver.do(PutShift(shift=shift("s2", day=20), now=driver.now))
        await driver.do(StartFanout(shift_id="s2", now=driver.now))
        both = await driver.store.figures(driver.now)
        assert (both.due_since, both.to_forget_since) == (driver.now, closed.due_at)

    async def test_not_more_than_a_number_is_counted(self, driver: Driver) -> None:
        """A long queue costs no more than that."""
        await driver.start_fanout(shift("s1"))
        contacts = [
            Contact(
                shift_id="s1",
                generation=1,
                channel=Channel.SMS,
                caregiver_id=f"x-{n}",
                status=ContactStatus.QUEUED,
                updated_at=driver.now,
                phone="+15550000",
            )
            for n in range(MOST_COUNTED + 7)
        ]
        await driver.write(*contacts)
        assert (await driver.store.figures(driver.now)).queued == MOST_COUNTED


def _due_at(contact: Contact | None) -> datetime:
    assert contact is not None
    assert contact.due_at is not None
    return contact.due_at
