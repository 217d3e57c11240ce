"""Whatever is answered after a shift is taken: the next generation asks the late ones first, in their order."""

import asyncio
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st
from store_contract import Driver, caregiver, shift

from app.domain.commands import StartFanout
from app.domain.reading import Intent
from app.stores.memory.store import MemoryStore

CROWD = range(8)


async def asked_after(answers: list[tuple[int, Intent]]) -> list[int]:
    """Who is asked in the next generation, in order, after these answers to a shift that the last one holds."""
    driver = Driver(MemoryStore())
    await driver.roster(*(caregiver(n) for n in CROWD))
    await driver.started(shift("s1"))
    await driver.assign(CROWD[-1], "s1")
    for n, intent in answers:
        driver.now += timedelta(seconds=1)
        await driver.says(n, intent, "s1")
    await driver.release("s1")
    await driver.do(StartFanout(shift_id="s1", now=driver.now))
    await driver.advance()
    report = await driver.store.report("s1", full=True)
    assert report is not None
    return [int(contact.caregiver_id[3:]) for contact in report.contacts]


@given(
    st.lists(
        st.tuples(st.sampled_from(CROWD[:-1]), st.sampled_from([Intent.ACCEPT, Intent.ACCEPT, Intent.DECLINE])),
        max_size=16,
    )
)
def test_late_ones_first_then_the_others_by_id_without_those_who_said_no(answers: list[tuple[int, Intent]]) -> None:
    """A later no takes a yes back, a later yes a no; the first yes that stands counts for the order."""
    late: dict[int, None] = {}
    said_no: set[int] = set()
    for n, intent in answers:
        if intent is Intent.ACCEPT:
            said_no.discard(n)
            late.setdefault(n)
        else:
            said_no.add(n)
            late.pop(n, None)
    others = [n for n in CROWD[:-1] if n not in late and n not in said_no]
    assert asyncio.run(asked_after(answers)) == [*late, *others]
