"""What any `Store` must do with facts. A backend joins with `StoreContract`, which has the fixtures."""

import asyncio
from datetime import timedelta

import pytest
from store_driver import Driver, caregiver, shift

from app.domain.commands import HandoverResult
from app.domain.facts import Fact, FactType, LogEntry
from app.domain.messages import KeptText
from app.domain.reading import Intent


class LogContract:
    """The suite for the log. A backend joins with `StoreContract`, which has the fixtures."""

    async def test_a_fact_comes_back_as_it_was_written(self, driver: Driver) -> None:
        """With all its fields, and with an id that grows."""
        fact = Fact(
            type=FactType.RECORD_CHANGED,
            at=driver.now,
            actor="the office's key",
            shift_id="s1",
            caregiver_id="cg-00001",
            data={"record": "shift", "generation": 3, "nothing": None},
        )
        await driver.write(fact)
        await driver.write(bare := Fact(type=FactType.CAREGIVER_OPTED_IN, at=driver.now, actor="service"))
        entries = await driver.store.log(0, 10)
        assert [entry.fact for entry in entries] == [fact, bare]
        assert 0 < entries[0].id < entries[1].id

    async def test_pages_follow_each_other(self, driver: Driver) -> None:
        """Pages after the last id read, of everything and of one shift, find each fact once and in order."""
        await driver.put_caregivers(*(caregiver(n) for n in range(7)))
        await driver.start_fanout(shift("s1"))
        await driver.start_fanout(shift("s2", day=2))
        await driver.record_results(await driver.lease(), HandoverResult.SENT)
        for n in range(7):
            await driver.says(n, Intent.DECLINE, "s1")
        whole = await driver.store.log(0, 1000)
        for shift_id in (None, "s1", "s2"):
            wanted = [entry for entry in whole if shift_id in (None, entry.fact.shift_id)]
            assert len(wanted) > 7
            found: list[LogEntry] = []
            while page := await driver.store.log(found[-1].id if found else 0, 3, shift_id):
                assert len(page) <= 3
                found += page
            assert found == wanted

    async def test_facts_of_some_types(self, driver: Driver) -> None:
        """Only those, in pages, up to the end of the log."""
        assert await driver.store.log_end() == 0
        types = (FactType.SHIFT_FILLED, FactType.SHIFT_RELEASED)
        for type_ in (FactType.SHIFT_FILLED, FactType.OFFER_SENT, FactType.SHIFT_RELEASED, FactType.SHIFT_FILLED):
            await driver.write(Fact(type=type_, at=driver.now, actor="service", shift_id="s1"))
        whole = await driver.store.log(0, 10)
        assert await driver.store.log_end() == whole[-1].id
        wanted = [entry for entry in whole if entry.fact.type in types]
        assert len(wanted) == 3
        assert await driver.store.log_of_types(types, 0, 2) == wanted[:2]
        assert await driver.store.log_of_types(types, wanted[1].id, 2) == wanted[2:]

    async def test_words_are_kept_until_they_are_forgotten(self, driver: Driver) -> None:
        """Those about one shift, oldest first; the oldest of all shifts are deleted first, a few at a time."""
        texts = [
            KeptText(
                id=str(n),
                shift_id=f"s{n % 2}",
                caregiver_id="cg-00001",
                actor="caregiver",
                at=driver.now + timedelta(days=n),
                organization_id=None if n == 0 else "org",
                body=f"words {n}",
            )
            for n in range(6)
        ]
        await driver.write(*texts)
        assert await driver.store.kept_texts("s0", driver.now) == texts[::2]
        assert await driver.store.kept_texts("s0", driver.now + timedelta(days=1)) == texts[2::2]
        assert await driver.store.kept_texts("none", driver.now) == []
        before = driver.now + timedelta(days=3)
        assert [await driver.store.forget_texts(before, 2) for _ in range(3)] == [2, 1, 0]
        assert await driver.store.kept_texts("s0", driver.now) == texts[4::2]
        assert await driver.store.kept_texts("s1", driver.now) == texts[3::2]

    async def test_a_step_that_raises_leaves_no_fact(self, driver: Driver) -> None:
        """A fact is on record if its decision is, and only then."""
        await driver.put_caregivers(caregiver(1), caregiver(2))
        await driver.start_fanout(shift("s1"))
        await driver.says(1, Intent.ACCEPT, "s1")
        before = await driver.store.log(0, 100)
        held = await driver.read(lambda state: state.assignment("s1"))
        assert held is not None
        second = type(held)(
            shift_id="s1", caregiver_id="cg-00002", claimed_at=driver.now, claimed_via=held.claimed_via
        )
        fact = Fact(type=FactType.SHIFT_FILLED, at=driver.now, actor="caregiver", shift_id="s1")
        with pytest.raises(ValueError, match="holder"):
            await driver.write(fact, second)
        assert await driver.store.log(0, 100) == before

    async def test_many_at_once_lose_nothing(self, driver: Driver) -> None:
        """A reader that follows the log while many commands run finds every fact, in the order of the ids."""
        followed: list[int] = []

        async def follow() -> None:
            while len(followed) < 60:
                followed.extend(entry.id for entry in await driver.store.log(followed[-1] if followed else 0, 7))
                await asyncio.sleep(0)

        await asyncio.gather(follow(), driver.put_caregivers(*(caregiver(n) for n in range(60))))
        assert followed == [entry.id for entry in await driver.store.log(0, 100)]

    async def test_old_facts_are_deleted(self, driver: Driver) -> None:
        """Once many new ones have come, those past the retention are gone, and no others."""

        def facts(count: int) -> tuple[Fact, ...]:
            return tuple(Fact(type=FactType.OFFER_SENT, at=driver.now, actor="service") for _ in range(count))

        await driver.write(*facts(300))
        driver.now += timedelta(seconds=3601)
        await driver.write(*facts(300))
        kept = await driver.store.log(0, 1000)
        assert {entry.fact.at for entry in kept} == {driver.now}
        assert len(kept) == 300
