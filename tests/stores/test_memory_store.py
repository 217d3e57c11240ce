"""The memory store passes the contract suites, and its memory does not grow."""

import gc
import tracemalloc
from datetime import timedelta

import pytest
from board_contract import BoardContract
from call_contract import CallContract
from fanout_contract import FanoutContract
from queue_contract import QueueContract
from receipts_contract import ReceiptsContract
from shift_list_contract import ShiftListContract
from store_contract import StoreContract
from store_driver import Driver, caregiver, shift

from app.domain.commands import CancelFanout, HandoverResult
from app.domain.reading import Intent
from app.domain.records import Channel
from app.ports.store import Store
from app.stores.memory.store import MemoryStore


class TestMemoryStore(
    BoardContract, CallContract, FanoutContract, QueueContract, ReceiptsContract, ShiftListContract, StoreContract
):
    """All suites on `MemoryStore`."""

    @pytest.fixture
    def store(self, rates: dict[Channel, float | None]) -> Store:
        """An empty store."""
        return MemoryStore(3600, rates)


async def test_memory_does_not_grow_with_closed_fanouts_and_answers() -> None:
    """Ten more days of closed fanouts and answered messages leave almost nothing in memory."""
    driver = Driver(MemoryStore(retention_s=3600))
    await driver.put_caregivers(*(caregiver(n) for n in range(10)))

    async def days(numbers: range) -> int:
        for number in numbers:
            for n in range(40):
                shift_id = f"s{n % 20}"
                await driver.start_fanout(shift(shift_id, day=2 + number))
                await driver.record_results(await driver.lease(), HandoverResult.SENT)
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
    # Ten days are 400 fanouts to 10 caregivers and 3,600 answers: several MB if they were kept. Some 170 kB are texts
    # in a cache.
    assert after_twelve - after_two_days < 400_000
