"""Caregivers who accepted too late are contacted first in the next generation, in the order of their answers."""

import asyncio
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st
from store_driver import Driver, caregiver, shift

from app.domain.commands import StartFanout
from app.domain.reading import Intent
from app.stores.memory.store import MemoryStore

CROWD = range(8)


async def contacted_after(answers: list[tuple[int, Intent]]) -> list[int]:
    """The numbers of the caregivers contacted in the next generation, in order.

    `answers` are (caregiver, intent), given while the last caregiver of the crowd holds the shift.
    """
    driver = Driver(MemoryStore())
    await driver.put_caregivers(*(caregiver(n) for n in CROWD))
    await driver.start_fanout(shift("s1"))
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
def test_late_accepters_come_first_then_the_others_without_those_who_declined(
    answers: list[tuple[int, Intent]],
) -> None:
    """A no cancels an earlier yes and a yes an earlier no; the first yes that still counts decides the order."""
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
    contacted = asyncio.run(contacted_after(answers))
    assert [*contacted[: len(late)], *sorted(contacted[len(late) :])] == [*late, *others]
