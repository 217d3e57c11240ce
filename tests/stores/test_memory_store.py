"""The memory store keeps the store contract, and its memory is bounded."""

import gc
import tracemalloc
from datetime import timedelta

import pytest
from board_contract import BoardContract
from fanout_contract import FanoutContract
from queue_contract import QueueContract
from store_contract import StoreContract
from store_driver import Driver, caregiver, shift

from app.domain.commands import CancelFanout, Sending
from app.domain.reading import Intent
from app.domain.records import Channel
from app.ports.store import Store
from app.stores.memory.store import MemoryStore


class TestMemoryStore(BoardContract, FanoutContract, QueueContract, StoreContract):
    """The whole suite on `MemoryStore`."""

    @pytest.fixture
    def store(self, rates: dict[Channel, float | None]) -> Store:
        """An empty store."""
        return MemoryStore(3600, rates)


async def test_memory_does_not_grow_with_what_may_be_forgotten() -> None:
    """Days of fanouts that are claimed or cancelled, and of answered messages, leave next to nothing behind."""
    driver = Driver(MemoryStore(retention_s=3600))
    await driver.roster(*(caregiver(n) for n in range(10)))

    async def days(numbers: range) -> int:
        for number in numbers:
            for n in range(40):
                shift_id = f"s{n % 20}"
                await driver.started(shift(shift_id, day=2 + number))
                await driver.ends(await driver.lease(), Sending.SENT)
                for who in range(9):
                    await driver.says(who, Intent.DECLINE, shift_id, f"m-{number}-{n}-{who}")
                await driver.do(CancelFanout(shift_id=shift_id, now=driver.now))
            await driver.advance(timedelta(days=1))
        gc.collect()
        return tracemalloc.get_traced_memory()[0]

    tracemalloc.start()
    after_two_days = await days(range(2))
    after_twelve = await days(range(2, 12))
    tracemalloc.stop()
    # Ten days are 400 fanouts to 10 and 3,600 answers: several MB if they were kept. Some 170 kB are finished texts.
    assert after_twelve - after_two_days < 400_000
