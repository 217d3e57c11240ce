"""What any `Store` must do for the board. A backend joins with `StoreContract`, which has the fixtures."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from fakes import START
from store_driver import Driver, caregiver, shift

from app.domain.commands import CancelFanout, Command, DeleteCaregiver, PutShift, Sending
from app.domain.decisions import Decision
from app.domain.reading import Intent
from app.domain.records import ContactStatus, Outcome
from app.domain.reports import Overview
from app.domain.rules.decide import Result
from app.domain.state import StateReader


class BoardContract:
    """The part of the suite that the board relies on."""

    async def test_every_write_about_a_shift_is_told(self, driver: Driver) -> None:
        """The record, the start, the round, each message, each answer, the cancellation; reads are not."""
        told = listening(driver)
        await driver.roster(*(caregiver(n) for n in range(3)))
        assert told() == set()
        await driver.do(PutShift(shift=shift("s1")))
        assert told() == {"s1"}
        await driver.started(shift("s2", day=2))
        assert told() == {"s2"}
        deliveries = await driver.lease()
        assert told() == {"s2"}
        await driver.ends(deliveries[:1], Sending.SENT)
        assert told() == {"s2"}
        await driver.says(0, Intent.DECLINE, "s2")
        assert told() == {"s2"}
        await driver.says(1, Intent.ACCEPT, "s2")
        assert told() == {"s2"}
        await driver.started(shift("s3", day=3))
        told()
        await driver.do(CancelFanout(shift_id="s3", now=driver.now))
        assert told() == {"s3"}
        await driver.store.overviews(["s1", "s2", "s3"])
        await driver.store.report("s2", full=True)
        assert told() == set()

    async def test_what_was_told_can_be_read(self, driver: Driver) -> None:
        """A read that follows the call sees the write."""
        told = listening(driver)
        await driver.roster(caregiver(1))
        await driver.started(shift("s1"))
        await driver.says(1, Intent.ACCEPT, "s1")
        assert told() == {"s1"}
        (one,) = await driver.store.overviews(["s1"])
        assert one.assignment is not None

    async def test_the_last_listener_is_told(self, driver: Driver) -> None:
        """A second listener replaces the first."""
        first = listening(driver)
        second = listening(driver)
        await driver.do(PutShift(shift=shift("s1")))
        assert (first(), second()) == (set(), {"s1"})

    async def test_a_refused_step_is_not_told(self, driver: Driver) -> None:
        """Nothing was written, so nothing is told."""

        def broken(_: StateReader, __: Command) -> Decision[Result]:
            raise ZeroDivisionError

        told = listening(driver)
        try:
            await driver.store.transition(DeleteCaregiver(caregiver_id="cg-00001", now=START), broken)
        except ZeroDivisionError:
            assert told() == set()
        else:
            raise AssertionError("the step did not raise")

    async def test_shifts_are_found_by_their_start(self, driver: Driver) -> None:
        """From a time on, by start and then by id, as many as asked for; a shift that moves is found once."""
        for id_, day in (("d", 3), ("b", 1), ("c", 2), ("a", 2)):
            await driver.do(PutShift(shift=shift(id_, day=day)))

        async def found(after_days: float, limit: int = 10) -> list[str]:
            return await driver.store.shifts_from(START + timedelta(days=after_days), limit)

        assert await found(0) == ["b", "a", "c", "d"]
        assert await found(2) == ["a", "c", "d"]
        assert await found(2.01) == ["d"]
        assert await found(0, 2) == ["b", "a"]
        await driver.do(PutShift(shift=shift("b", day=4)))
        assert await found(0) == ["a", "c", "d", "b"]

    async def test_an_overview_sums_up(self, driver: Driver) -> None:
        """Contacts by status, caregivers asked, answers; nothing but the shift where nothing was started."""
        await driver.roster(*(caregiver(n) for n in range(4)))
        await driver.started(shift("s1"))
        await driver.do(PutShift(shift=shift("s2", day=2)))
        await driver.ends((await driver.lease())[:3], Sending.SENT)
        await driver.says(0, Intent.DECLINE, "s1")
        await driver.says(1, Intent.UNKNOWN, "s1")
        await driver.says(2, Intent.ACCEPT, "s1")
        found = {one.shift.id: one for one in await driver.store.overviews(["s2", "nothing", "s1"])}
        assert found.keys() == {"s1", "s2"}
        assert found["s2"] == Overview(shift=shift("s2", day=2), assignment=None)
        report = found["s1"].report
        assert report is not None
        assert report.assignment == found["s1"].assignment
        assert report.assignment is not None
        assert report.assignment.caregiver_id == "cg-00002"
        assert (found["s1"].asked, report.counts[ContactStatus.SENT]) == (4, 3)
        assert {(one.caregiver_id, one.outcome) for one in report.responses} == {
            ("cg-00000", Outcome.DECLINED),
            ("cg-00001", Outcome.UNRECOGNIZED),
            ("cg-00002", Outcome.CLAIMED),
        }

    async def test_the_last_answer_is_the_last_they_gave(self, driver: Driver) -> None:
        """No, a question, no: it stands at no. Another question, and it stands at that. One of each is kept."""
        await driver.roster(caregiver(1), caregiver(2))
        await driver.started(shift("s1"))

        async def answers() -> list[tuple[Outcome, float]]:
            short, full = await driver.store.overviews(["s1"]), await driver.store.report("s1", full=True)
            assert full is not None
            assert short[0].report is not None
            assert short[0].report.responses == full.responses
            return [(one.outcome, (one.at - START).total_seconds()) for one in full.responses]

        for second, intent in enumerate((Intent.DECLINE, Intent.UNKNOWN, Intent.DECLINE)):
            driver.now = START + timedelta(seconds=second)
            await driver.says(1, intent, "s1")
        assert await answers() == [(Outcome.UNRECOGNIZED, 1), (Outcome.DECLINED, 2)]
        driver.now += timedelta(seconds=1)
        await asyncio.gather(driver.says(1, Intent.UNKNOWN, "s1"), driver.says(1, Intent.UNKNOWN, "s1"))
        assert await answers() == [(Outcome.DECLINED, 2), (Outcome.UNRECOGNIZED, 3)]

    async def test_who_is_texted_and_called_counts_once(self, driver: Driver) -> None:
        """The voice round adds those who were not texted; the next generation counts anew."""
        await driver.roster(caregiver(1), caregiver(2))
        await driver.started(shift("s1"))
        await driver.ends(await driver.lease(), Sending.SENT)
        await driver.roster(caregiver(3))
        await driver.advance(timedelta(minutes=10))
        await driver.ends(await driver.lease(), Sending.SENT)
        (called,) = await driver.store.overviews(["s1"])
        assert called.report is not None
        assert (called.asked, called.report.counts[ContactStatus.SENT]) == (3, 5)
        await driver.do(CancelFanout(shift_id="s1", now=driver.now))
        await driver.started(shift("s1"))
        (again,) = await driver.store.overviews(["s1"])
        assert again.asked == 3

    async def test_caregivers_are_found_by_name(self, driver: Driver) -> None:
        """Those there are, unchanged; ids that nobody has are left out."""
        await driver.roster(caregiver(1), caregiver(2), caregiver(3))
        found = await driver.store.caregivers_named(["cg-00003", "nobody", "cg-00001"])
        assert sorted(found, key=lambda one: one.id) == [caregiver(1), caregiver(3)]
        assert await driver.store.caregivers_named([]) == []

    async def test_overviews_do_not_change_later(self, driver: Driver) -> None:
        """What a reader holds stays as it was when it was read."""
        await driver.roster(caregiver(1))
        await driver.started(shift("s1"))
        (before,) = await driver.store.overviews(["s1"])
        assert before.report is not None
        was = replace(before, report=replace(before.report, counts=before.report.counts.copy()))
        await driver.ends(await driver.lease(), Sending.SENT)
        await driver.says(1, Intent.DECLINE, "s1")
        assert before == was


def listening(driver: Driver) -> Callable[[], set[str | None]]:
    """Listen to the store's changes; each call gives those since the one before."""
    heard: set[str | None] = set()
    driver.store.on_change(heard.add)

    def since() -> set[str | None]:
        found = heard.copy()
        heard.clear()
        return found

    return since
