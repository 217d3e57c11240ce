"""Rest over random shifts of several organizations: nobody has two shifts with less than either of them demands."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st
from store_driver import Driver, caregiver, shift

from app.domain.commands import PutOrganization, PutShift, StartFanout
from app.domain.reading import Intent
from app.domain.records import Organization, Outcome, Shift
from app.stores.memory.store import MemoryStore

SHIFTS = st.tuples(st.integers(0, 60), st.integers(1, 12), st.sampled_from(["a", "b", "c", "unknown"]))


def allowed(one: Shift, other: Shift, rests: dict[str, int]) -> bool:
    """Whether a caregiver may have both shifts."""
    earlier, later = sorted((one, other), key=lambda shift: (shift.start_time, shift.end_time))
    rest = max(rests.get(one.organization_id, 0), rests.get(other.organization_id, 0))
    return later.start_time - earlier.end_time >= timedelta(hours=rest)


@given(
    rests=st.fixed_dictionaries({"a": st.integers(0, 20), "b": st.integers(0, 20), "c": st.just(0)}),
    wanted=st.lists(SHIFTS, min_size=2, max_size=5),
    by_yes=st.booleans(),
)
def test_between_two_shifts_is_the_longer_rest(
    rests: dict[str, int], wanted: list[tuple[int, int, str]], by_yes: bool
) -> None:
    """A caregiver takes, or is assigned, one shift after the other, and gets exactly those that leave the rest."""

    async def run() -> None:
        driver = Driver(MemoryStore())
        for id_, hours in rests.items():
            organization = Organization(id=id_, name=id_, minimum_rest=timedelta(hours=hours) if hours else None)
            await driver.do(PutOrganization(organization=organization, now=driver.now))
        await driver.put_caregivers(caregiver(1))
        held: list[Shift] = []
        for n, (start_h, length_h, organization_id) in enumerate(wanted):
            start = shift("").start_time + timedelta(hours=start_h)
            one = replace(
                shift(f"s{n}"),
                organization_id=organization_id,
                start_time=start,
                end_time=start + timedelta(hours=length_h),
            )
            await driver.do(PutShift(shift=one, now=driver.now))
            if by_yes:
                await driver.do(StartFanout(shift_id=one.id, now=driver.now))
                got = (await driver.says(1, Intent.ACCEPT, one.id)).outcome is Outcome.CLAIMED
            else:
                got = await driver.assign(1, one.id) is True
            assert got is all(allowed(one, other, rests) for other in held)
            if got:
                held.append(one)
        assert all(allowed(one, other, rests) for one, other in combinations(held, 2))

    asyncio.run(run())
