"""What any `Store` must do for the board. A backend joins with `StoreContract`, which has the fixtures."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from fakes import START
from store_driver import Driver, caregiver, shift

from app.domain.commands import CancelFanout, Command, DeleteCaregiver, HandoverResult, PutOrganization, PutShift
from app.domain.decisions import Decision
from app.domain.fanout_reports import Overview
from app.domain.messages import ContactStatus
from app.domain.reading import Intent
from app.domain.records import Organization, Outcome
from app.domain.rules.decide import Result
from app.domain.state import StateReader


class BoardContract:
    """The suite for what the board reads. A backend joins with `StoreContract`, which has the fixtures."""

    async def test_every_write_about_a_shift_is_reported(self, driver: Driver) -> None:
        """Each change of a record, fanout, message or answer reports the shift's id; reads report nothing."""
        reported = reports_of(driver)
        await driver.put_caregivers(*(caregiver(n) for n in range(3)))
        assert reported() == set()
        await driver.do(PutShift(shift=shift("s1"), now=driver.now))
        assert reported() == {"s1"}
        await driver.start_fanout(shift("s2", day=2))
        assert reported() == {"s2"}
        deliveries = await driver.lease()
        assert reported() == {"s2"}
        await driver.record_results(deliveries[:1], HandoverResult.SENT)
        assert reported() == {"s2"}
        await driver.says(0, Intent.DECLINE, "s2")
        assert reported() == {"s2"}
        await driver.says(1, Intent.ACCEPT, "s2")
        assert reported() == {"s2"}
        await driver.start_fanout(shift("s3", day=3))
        reported()
        await driver.do(CancelFanout(shift_id="s3", now=driver.now))
        assert reported() == {"s3"}
        await driver.store.overviews(["s1", "s2", "s3"])
        await driver.store.report("s2", full=True)
        assert reported() == set()

    async def test_a_reported_write_can_be_read(self, driver: Driver) -> None:
        """A read that follows the report sees the write."""
        reported = reports_of(driver)
        await driver.put_caregivers(caregiver(1))
        await driver.start_fanout(shift("s1"))
        await driver.says(1, Intent.ACCEPT, "s1")
        assert reported() == {"s1"}
        (one,) = await driver.store.overviews(["s1"])
        assert one.assignment is not None

    async def test_a_second_listener_replaces_the_first(self, driver: Driver) -> None:
        """Only the listener that was set last is called."""
        first = reports_of(driver)
        second = reports_of(driver)
        await driver.do(PutShift(shift=shift("s1"), now=driver.now))
        assert (first(), second()) == (set(), {"s1"})

    async def test_a_step_that_raises_is_not_reported(self, driver: Driver) -> None:
        """A transition whose step raises writes nothing and reports nothing."""

        def broken(_: StateReader, __: Command) -> Decision[Result]:
            raise ZeroDivisionError

        reported = reports_of(driver)
        try:
            await driver.store.transition(DeleteCaregiver(caregiver_id="cg-00001", now=START), broken)
        except ZeroDivisionError:
            assert reported() == set()
        else:
            raise AssertionError("the step did not raise")

    async def test_shifts_are_found_by_their_start(self, driver: Driver) -> None:
        """Shifts that start at a time or later come by start, then by id, and a moved shift comes once."""
        for id_, day in (("d", 3), ("b", 1), ("c", 2), ("a", 2)):
            await driver.do(PutShift(shift=shift(id_, day=day), now=driver.now))

        async def found(after_days: float, limit: int = 10) -> list[str]:
            return await driver.store.shift_ids_from(START + timedelta(days=after_days), limit)

        assert await found(0) == ["b", "a", "c", "d"]
        assert await found(2) == ["a", "c", "d"]
        assert await found(2.01) == ["d"]
        assert await found(0, 2) == ["b", "a"]
        await driver.do(PutShift(shift=shift("b", day=4), now=driver.now))
        assert await found(0) == ["a", "c", "d", "b"]

    async def test_an_overview_sums_up_the_fanout(self, driver: Driver) -> None:
        """It has the contacts by status, the caregivers asked and the answers; without a fanout only the shift."""
        await driver.put_caregivers(*(caregiver(n) for n in range(4)))
        await driver.start_fanout(shift("s1"))
        await driver.do(PutShift(shift=shift("s2", day=2), now=driver.now))
        await driver.record_results((await driver.lease())[:3], HandoverResult.SENT)
        await driver.says(0, Intent.DECLINE, "s1")
        await driver.says(1, Intent.UNKNOWN, "s1")
        await driver.says(2, Intent.ACCEPT, "s1")
        found = {one.shift.id: one for one in await driver.store.overviews(["s2", "nothing", "s1"])}
        assert found.keys() == {"s1", "s2"}
        assert found["s2"] == Overview(shift=shift("s2", day=2), assignment=None)
        organization = Organization(id="org", name="Harbor")
        await driver.do(PutOrganization(organization=organization, now=driver.now))
        assert [one.organization for one in await driver.store.overviews(["s1", "s2"])] == [organization] * 2
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

    async def test_responses_are_in_the_order_in_which_they_were_last_given(self, driver: Driver) -> None:
        """Of each kind of answer a caregiver gave, the last one is kept, and the latest answer comes last."""
        await driver.put_caregivers(caregiver(1), caregiver(2))
        await driver.start_fanout(shift("s1"))

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

    async def test_a_caregiver_who_is_texted_and_called_counts_once(self, driver: Driver) -> None:
        """`asked` counts caregivers and not messages, and starts again with the next generation."""
        await driver.put_caregivers(caregiver(1), caregiver(2))
        await driver.start_fanout(shift("s1"))
        await driver.record_results(await driver.lease(), HandoverResult.SENT)
        await driver.put_caregivers(caregiver(3))
        await driver.advance(timedelta(minutes=10))
        await driver.record_results(await driver.lease(), HandoverResult.SENT)
        (called,) = await driver.store.overviews(["s1"])
        assert called.report is not None
        assert (called.asked, called.report.counts[ContactStatus.SENT]) == (3, 5)
        await driver.do(CancelFanout(shift_id="s1", now=driver.now))
        await driver.start_fanout(shift("s1"))
        (again,) = await driver.store.overviews(["s1"])
        assert again.asked == 3

    async def test_caregivers_are_found_by_their_ids(self, driver: Driver) -> None:
        """Existing caregivers come back unchanged; unknown ids are left out."""
        await driver.put_caregivers(caregiver(1), caregiver(2), caregiver(3))
        found = await driver.store.caregivers_by_id(["cg-00003", "nobody", "cg-00001"])
        assert sorted(found, key=lambda one: one.id) == [caregiver(1), caregiver(3)]
        assert await driver.store.caregivers_by_id([]) == []

    async def test_overviews_do_not_change_later(self, driver: Driver) -> None:
        """An overview that was read does not change when the records do."""
        await driver.put_caregivers(caregiver(1))
        await driver.start_fanout(shift("s1"))
        (before,) = await driver.store.overviews(["s1"])
        assert before.report is not None
        copy = replace(before, report=replace(before.report, counts=before.report.counts.copy()))
        await driver.record_results(await driver.lease(), HandoverResult.SENT)
        await driver.says(1, Intent.DECLINE, "s1")
        assert before == copy


def reports_of(driver: Driver) -> Callable[[], set[str | None]]:
    """Listen to the store's changes. Each call of the result returns the shift ids reported since the last call."""
    heard: set[str | None] = set()
    driver.store.on_change(heard.add)

    def since() -> set[str | None]:
        found = heard.copy()
        heard.clear()
        return found

    return since
