"""What any `Store` must do when many fanouts have a step due: the order of the steps, and steps at once."""

import asyncio
from collections import Counter
from datetime import timedelta

import pytest
from store_driver import LEASE, POLICY, Driver, caregiver, shift

from app.domain.commands import Advance, CancelFanout, PutShift, StartFanout
from app.domain.fanout_records import Fanout, Offer
from app.domain.reading import Intent


class DueContract:
    """The suite for due fanouts. A backend joins with `StoreContract`, which has the fixtures."""

    async def test_starts_come_first_and_no_kind_waits_for_another(self, driver: Driver) -> None:
        """At most the limit of each kind: starts, then calls, then fanouts to forget; the earliest of each."""
        await driver.put_caregivers(caregiver(1))
        for name in ("old1", "old2", "old3"):
            await driver.start_fanout(shift(name))
            await driver.do(CancelFanout(shift_id=name, now=driver.now))
            driver.now += timedelta(seconds=1)
        driver.now += timedelta(seconds=POLICY.retention_s - 660)
        for name in ("calls1", "calls2", "calls3"):
            await driver.start_fanout(shift(name, day=2))
            driver.now += timedelta(seconds=1)
        driver.now += timedelta(seconds=3600)
        for name in ("new1", "new2", "new3"):
            await driver.do(PutShift(shift=shift(name, day=3), now=driver.now))
            await driver.do(StartFanout(shift_id=name, now=driver.now))
            driver.now += timedelta(seconds=1)
        assert await taken(driver, 2) == ["new1", "new2", "calls1", "calls2", "old1", "old2"]
        assert await taken(driver, 2) == ["new3", "calls3", "old3"]
        assert await taken(driver, 2) == []

    async def test_the_next_batches_of_a_round_come_after_starts(self, driver: Driver) -> None:
        """A round that is being planned since before does not delay the first texts of another shift."""
        await driver.put_caregivers(*(caregiver(n) for n in range(150)))
        for name in ("large", "small"):
            await driver.do(PutShift(shift=shift(name), now=driver.now))
        await driver.do(StartFanout(shift_id="large", now=driver.now))
        await driver.advance_once()
        driver.now += timedelta(seconds=1)
        await driver.do(StartFanout(shift_id="small", now=driver.now))
        assert await taken(driver, 1) == ["small", "large"]

    async def test_a_step_whose_worker_died_is_taken_again(self, driver: Driver) -> None:
        """Of each kind, once the lease has ended."""
        await driver.put_caregivers(caregiver(1))
        for name in ("closed", "called"):
            await driver.start_fanout(shift(name))
        await driver.do(CancelFanout(shift_id="closed", now=driver.now))
        driver.now += timedelta(seconds=POLICY.retention_s)
        await driver.do(PutShift(shift=shift("new", day=2), now=driver.now))
        await driver.do(StartFanout(shift_id="new", now=driver.now))
        assert await taken(driver, 5) == ["new", "called", "closed"]
        assert await taken(driver, 5) == []
        driver.now += LEASE
        assert await taken(driver, 5) == ["new", "called", "closed"]

    @pytest.mark.parametrize("again", [False, True])
    async def test_steps_at_once_do_what_they_do_one_by_one(self, driver: Driver, again: bool) -> None:
        """Shifts with the same caregivers and with others: each caregiver is asked once, with its own number.

        `again`: in a second generation, where the caregivers who accepted too late come first.
        """
        await driver.put_caregivers(*(caregiver(n) for n in range(4)), *(caregiver(n, "CNA") for n in range(4, 7)))
        names = [f"s{n}" for n in range(6)]
        for n, name in enumerate(names):
            one = shift(name, day=1 + n, role="CNA" if n == 5 else "RN")
            if again:
                await driver.start_fanout(one)
                for late in (0, 3, 2) if n < 5 else (4, 6, 5):
                    await driver.says(late, Intent.ACCEPT, name)
                await driver.release(name)
            else:
                await driver.do(PutShift(shift=one, now=driver.now))
            assert await driver.do(StartFanout(shift_id=name, now=driver.now)) is True
        while due := await driver.store.due_fanouts(driver.now, driver.now + LEASE, 10):
            await asyncio.gather(*(advance(driver, fanout) for fanout in due))
        codes = Counter[tuple[str, str]]()
        for n, name in enumerate(names):
            report = await driver.store.report(name, full=True)
            assert report is not None
            asked = [one.caregiver_id for one in report.contacts]
            expected = range(4) if n < 5 else range(4, 7)
            released = {expected[0]} if again else set[int]()
            assert sorted(asked) == [f"cg-{m:05}" for m in expected if m not in released]
            for caregiver_id in asked:
                offer = await offer_of(driver, name, caregiver_id)
                assert offer is not None
                codes[caregiver_id, offer.code] += 1
        assert set(codes.values()) == {1}

    async def test_fanouts_forgotten_at_once_keep_what_one_alone_keeps(self, driver: Driver) -> None:
        """A claimed one keeps its record, and the offer of its holder while the shift has not ended."""
        await driver.put_caregivers(*(caregiver(n) for n in range(3)))
        for day, name in enumerate(("claimed", "cancelled", "assigned", "open")):
            await driver.start_fanout(shift(name, day=1 + day))
        await driver.says(1, Intent.ACCEPT, "claimed")
        await driver.says(2, Intent.ACCEPT, "assigned")
        await driver.do(CancelFanout(shift_id="cancelled", now=driver.now))
        driver.now += timedelta(seconds=POLICY.retention_s)
        due = await driver.store.due_fanouts(driver.now, driver.now + LEASE, 10)
        await asyncio.gather(*(advance(driver, fanout) for fanout in due))
        assert await driver.store.report("cancelled", full=True) is None
        for name, holder in (("claimed", 1), ("assigned", 2)):
            report = await driver.store.report(name, full=True)
            assert report is not None
            assert (report.fanout.due_at, report.contacts, report.responses) == (None, (), ())
            for n in range(3):
                offer = await offer_of(driver, name, f"cg-{n:05}")
                assert (offer is not None) is (n == holder)
        still_open = await driver.store.report("open", full=True)
        assert still_open is not None
        assert len(still_open.contacts) == 3


async def taken(driver: Driver, limit: int) -> list[str]:
    """The shifts of the fanouts that a worker takes now, in that order."""
    return [one.shift_id for one in await driver.store.due_fanouts(driver.now, driver.now + LEASE, limit)]


async def offer_of(driver: Driver, shift_id: str, caregiver_id: str) -> Offer | None:
    """The offer of the shift to the caregiver."""
    return await driver.read(lambda state: state.offer(shift_id, caregiver_id))


async def advance(driver: Driver, fanout: Fanout) -> None:
    """Do the step that is due."""
    await driver.do(Advance(shift_id=fanout.shift_id, generation=fanout.generation, now=driver.now))
