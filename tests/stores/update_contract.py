"""What any `Store` must do to list what changed. A backend joins with `StoreContract`, which has the fixtures."""

from dataclasses import replace
from datetime import timedelta

from follower import Follower
from store_driver import Driver, caregiver, shift

from app.domain.commands import DeleteCaregiver, DeleteShift, OptIn, PutCaregiver, PutOrganization, PutShift
from app.domain.reading import Intent
from app.domain.records import NOT_STORED, Organization
from app.ports.store import ShiftFilter


class _Watch:
    """Says what a follower of a store sees."""

    def __init__(self, driver: Driver) -> None:
        self._driver = driver
        self._follower = Follower()

    async def changed(self) -> str:
        """The ids of the records that changed since the last call. A minute passes."""
        seen = await self._follower.catch_up(self._driver.store)
        await self._follower.assert_in_step(self._driver.store)
        self._driver.now += timedelta(minutes=1)
        return " ".join(id_ for ids in seen.values() for id_ in ids)


class UpdateContract:
    """The suite for `updated_at` and the lists in its order."""

    async def test_changes_of_caregivers(self, driver: Driver) -> None:
        """Another value, an opt-out and its end change a caregiver. Repeats and deletions do not."""
        watch = _Watch(driver)
        one, two = caregiver(1), caregiver(2)
        for new in (two, one):
            await driver.put_caregivers(new)
        assert await watch.changed() == f"{two.id} {one.id}"
        await driver.do(PutCaregiver(caregiver=one, now=driver.now))
        assert await watch.changed() == ""
        await driver.do(PutCaregiver(caregiver=replace(one, name="Another"), now=driver.now))
        assert await watch.changed() == one.id
        await driver.says(2, Intent.STOP)
        assert await watch.changed() == two.id
        await driver.says(2, Intent.STOP)
        await driver.says(2, Intent.HELP)
        assert await watch.changed() == ""
        await driver.do(OptIn(caregiver_id=two.id, now=driver.now))
        assert await watch.changed() == two.id
        await driver.do(DeleteCaregiver(caregiver_id=one.id, now=driver.now))
        assert await watch.changed() == ""
        await driver.do(PutCaregiver(caregiver=one, now=driver.now))
        assert await watch.changed() == one.id

    async def test_changes_of_shifts(self, driver: Driver) -> None:
        """Another value, a claim, a release and an assignment change a shift. Repeats and fanouts do not."""
        watch = _Watch(driver)
        await driver.put_caregivers(caregiver(1))
        for id_ in ("s1", "s2"):
            await driver.do(PutShift(shift=shift(id_), now=driver.now))
        assert await watch.changed() == f"{caregiver(1).id} s1 s2"
        await driver.do(PutShift(shift=shift("s1"), now=driver.now))
        assert await watch.changed() == ""
        await driver.do(PutShift(shift=replace(shift("s2"), location="Elm Street"), now=driver.now))
        assert await watch.changed() == "s2"
        await driver.start_fanout(shift("s1"))
        await driver.advance()
        await driver.lease()
        assert await watch.changed() == ""
        await driver.says(1, Intent.ACCEPT)
        assert await driver.holder("s1") == caregiver(1).id
        assert await watch.changed() == "s1"
        await driver.release("s1")
        assert await watch.changed() == "s1"
        await driver.release("s1")
        assert await watch.changed() == ""
        await driver.assign(1, "s1")
        assert await watch.changed() == "s1"
        assert [one.id for one, _ in await driver.store.shifts("", 9, ShiftFilter(claimed=True))] == ["s1"]
        await driver.do(DeleteShift(shift_id="s1", notice_id="n", now=driver.now))
        assert await watch.changed() == ""

    async def test_changes_of_organizations(self, driver: Driver) -> None:
        """Another value changes an organization; the same value again does not."""
        watch = _Watch(driver)
        for name, seen in (("A", "org"), ("A", ""), ("B", "org")):
            await driver.do(PutOrganization(organization=Organization(id="org", name=name), now=driver.now))
            assert await watch.changed() == seen

    async def test_no_two_changes_have_the_same_time(self, driver: Driver) -> None:
        """Not at the same moment, and not if the clock goes back: the time is at or after that of the command."""
        await driver.put_caregivers(*map(caregiver, range(5)))
        first = driver.now
        driver.now -= timedelta(hours=1)
        await driver.put_caregivers(caregiver(9))
        found = await driver.store.caregivers(NOT_STORED, 9)
        ticks = [(one.updated_at - first) / timedelta(microseconds=1) for one, _ in found]
        assert ticks == [0, 1, 2, 3, 4, 5]
        assert await driver.store.caregivers(found[-1][0].updated_at, 9) == []

    async def test_only_what_a_list_contains(self, driver: Driver) -> None:
        """The caregivers of an organization include those who work for all; shifts meet every condition."""
        for one in (caregiver(1, organization_id="org"), caregiver(2, organization_id="other"), caregiver(3)):
            await driver.put_caregivers(one)
        found = await driver.store.caregivers(NOT_STORED, 9, "org")
        assert [one.id for one, _ in found] == [caregiver(1).id, caregiver(3).id]
        for id_, role in (("s2", "RN"), ("s1", "LPN"), ("s0", "RN")):
            await driver.do(PutShift(shift=shift(id_, role=role), now=driver.now))
        await driver.assign(1, "s0")
        for shift_filter, expected in (
            (ShiftFilter(), "s2 s1 s0"),
            (ShiftFilter(role="rn"), "s2 s0"),
            (ShiftFilter(claimed=True), "s0"),
            (ShiftFilter(claimed=False, within="org"), "s2 s1"),
            (ShiftFilter(text="lpn"), "s1"),
        ):
            shifts = await driver.store.shifts(NOT_STORED, 9, shift_filter)
            assert " ".join(one.id for one, _ in shifts) == expected
            assert len(await driver.store.shifts(NOT_STORED, 1, shift_filter)) == 1
