"""What any `Store` must do to list shifts. A backend joins with `StoreContract`, which has the fixtures."""

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

import pytest
from fakes import START
from store_driver import Driver, caregiver, shift

from app.domain.commands import PutOrganization, PutShift
from app.domain.reading import Intent
from app.domain.records import Organization, Shift
from app.ports.store import ShiftFilter

DAY = timedelta(days=1)


def listed(id_: str, day: int, role: str, organization_id: str, location: str | None) -> Shift:
    """One shift of the list."""
    return replace(shift(id_, day=day, role=role), organization_id=organization_id, location=location)


SHIFTS = (
    listed("a1", 1, "RN", "north", "Oak Lane"),
    listed("b2", 2, "rn", "south", None),
    listed("c3", 3, "Home  Health\u00a0Aide", "north", "100% OAK_LANE"),
    listed("d4", 4, "home health aide", "south", "Stra\u00dfe 4"),
    listed("e5", 5, "LPN", "North", "\u00c9lan"),
)


class ShiftListContract:
    """The suite for the list of shifts and its filter."""

    @pytest.mark.parametrize(
        ("shift_filter", "expected"),
        [
            (ShiftFilter(), "a1 b2 c3 d4 e5"),
            (ShiftFilter(claimed=True), "b2"),
            (ShiftFilter(claimed=False), "a1 c3 d4 e5"),
            (ShiftFilter(organization_id="north"), "a1 c3"),
            (ShiftFilter(organization_id="nobody"), ""),
            (ShiftFilter(role="RN"), "a1 b2"),
            (ShiftFilter(role=" home health aide"), "c3 d4"),
            (ShiftFilter(role="home"), ""),
            (ShiftFilter(starts_from=START + 3 * DAY), "c3 d4 e5"),
            (ShiftFilter(starts_before=START + 3 * DAY), "a1 b2"),
            (ShiftFilter(starts_from=START + 2 * DAY, starts_before=START + 4 * DAY), "b2 c3"),
            (ShiftFilter(starts_from=START + 4 * DAY, starts_before=START + 2 * DAY), ""),
            (ShiftFilter(text="oak lane"), "a1"),
            (ShiftFilter(text="k_L"), "c3"),
            (ShiftFilter(text="0%"), "c3"),
            (ShiftFilter(text="%"), "c3"),
            (ShiftFilter(text="STRASSE"), "d4"),
            (ShiftFilter(text="\u00e9LAN"), "e5"),
            (ShiftFilter(text="Health  Aide"), "c3 d4"),
            (ShiftFilter(text="D4"), "d4"),
            (ShiftFilter(text="outh"), "b2 d4"),
            (ShiftFilter(text="harbor STRASSB"), "a1 c3"),
            (ShiftFilter(text="harbor", role="RN", claimed=False), "a1"),
            # Two fields are not one text.
            (ShiftFilter(text="rn north"), ""),
            (ShiftFilter(text="a1rn"), ""),
            (ShiftFilter(text="'; DROP TABLE shifts --"), ""),
            (ShiftFilter(claimed=True, organization_id="north"), ""),
            (ShiftFilter(claimed=True, organization_id="south", role="RN", text="b2"), "b2"),
            (
                ShiftFilter(
                    claimed=False,
                    organization_id="north",
                    role="HOME HEALTH AIDE",
                    starts_from=START + DAY,
                    starts_before=START + 4 * DAY,
                    text="oak",
                ),
                "c3",
            ),
        ],
        ids=repr,
    )
    async def test_a_list_has_the_shifts_that_meet_every_condition(
        self, driver: Driver, shift_filter: ShiftFilter, expected: str
    ) -> None:
        """It has them by id, each with its assignment. Roles and texts are compared without case and spacing."""
        await put_shifts(driver, SHIFTS)
        for id_, name in (("north", "Harbor  Stra\u00dfburg"), ("other", "Harbor Street")):
            await driver.do(PutOrganization(organization=Organization(id=id_, name=name), now=driver.now))
        found = await driver.store.shifts("", 10, shift_filter)
        assert [one.id for one, _ in found] == expected.split()
        for one, assignment in found:
            assert (one, assignment) == await driver.store.shift(one.id)
            assert (assignment is not None) is (one.id == "b2")

    @pytest.mark.parametrize(
        "shift_filter",
        [
            ShiftFilter(),
            ShiftFilter(claimed=False),
            ShiftFilter(organization_id="org"),
            ShiftFilter(role="RN"),
            ShiftFilter(starts_from=START + DAY),
            ShiftFilter(text="s"),
        ],
        ids=repr,
    )
    async def test_a_list_is_read_page_by_page(self, driver: Driver, shift_filter: ShiftFilter) -> None:
        """Pages that begin after the last shift of the page before have every shift once, by id."""
        ids = [f"s{n:02}" for n in range(7)]
        await put_shifts(driver, [shift(id_, day=9 - n) for n, id_ in enumerate(ids)])
        await put_shifts(driver, [replace(shift("t", day=0, role="LPN"), organization_id="other")])
        found: list[str] = []
        after = ""
        while page := await driver.store.shifts(after, 3, shift_filter):
            assert len(page) <= 3
            found += [one.id for one, _ in page]
            after = found[-1]
        assert [id_ for id_ in found if id_ != "t"] == ids

    async def test_a_list_follows_changes(self, driver: Driver) -> None:
        """A shift that was replaced is found by its new values only."""
        await put_shifts(driver, SHIFTS[:1])
        await put_shifts(driver, [listed("a1", 9, "LPN", "west", "Elm Street")])
        for before in (
            ShiftFilter(organization_id="north"),
            ShiftFilter(role="RN"),
            ShiftFilter(starts_before=START + 2 * DAY),
            ShiftFilter(text="oak"),
        ):
            assert await driver.store.shifts("", 10, before) == []
        for now in (
            ShiftFilter(organization_id="west"),
            ShiftFilter(role="LPN"),
            ShiftFilter(starts_from=START + 9 * DAY),
            ShiftFilter(text="elm"),
        ):
            assert [one.id for one, _ in await driver.store.shifts("", 10, now)] == ["a1"]

    async def test_a_match_behind_many_others_is_found(self, driver: Driver) -> None:
        """However many shifts lie between, the list has the ones that meet the conditions."""
        puts = [PutShift(shift=shift(f"s{n:04}"), now=driver.now) for n in range(1100)]
        await asyncio.gather(*map(driver.do, puts))
        found = await driver.store.shifts("s0100", 10, ShiftFilter(text="s1099"))
        assert [one.id for one, _ in found] == ["s1099"]


async def put_shifts(driver: Driver, shifts: Iterable[Shift]) -> None:
    """Put the shifts. A caregiver claims the one that is called b2."""
    for one in shifts:
        await driver.do(PutShift(shift=one, now=driver.now))
        if one.id == "b2":
            await driver.put_caregivers(caregiver(1))
            await driver.start_fanout(one)
            await driver.says(1, Intent.ACCEPT, one.id)
