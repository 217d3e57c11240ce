"""The memory store passes the contract suites, and its memory does not grow."""

import gc
import pickle
from datetime import timedelta
from types import FunctionType, ModuleType
from typing import Any

import pytest
from access_contract import AccessContract
from board_contract import BoardContract
from call_contract import CallContract
from daily_limit_contract import DailyLimitContract
from due_contract import DueContract
from fakes import START
from fanout_contract import FanoutContract
from figures_contract import FiguresContract
from log_contract import LogContract
from organization_contract import OrganizationContract
from queue_contract import QueueContract
from receipts_contract import ReceiptsContract
from request_contract import RequestContract
from shift_list_contract import ShiftListContract
from store_contract import StoreContract
from store_driver import Driver, caregiver, shift
from update_contract import UpdateContract

from app.domain.commands import CancelFanout, HandoverResult
from app.domain.facts import Fact, FactType
from app.domain.reading import Intent
from app.domain.records import Channel
from app.ports.store import Store
from app.stores.memory.log import Log
from app.stores.memory.store import MemoryStore
from app.stores.memory.tables import Tables


class TestMemoryStore(
    AccessContract,
    BoardContract,
    CallContract,
    DailyLimitContract,
    DueContract,
    FanoutContract,
    LogContract,
    OrganizationContract,
    FiguresContract,
    QueueContract,
    ReceiptsContract,
    RequestContract,
    ShiftListContract,
    UpdateContract,
    StoreContract,
):
    """All suites on `MemoryStore`."""

    @pytest.fixture
    def store(self, rates: dict[Channel, float | None]) -> Store:
        """An empty store."""
        return MemoryStore(3600, rates, log_retention_s=3600)


def test_a_record_that_the_tables_do_not_know_is_not_dropped_silently() -> None:
    """Somebody who adds a kind of record must say how it is stored."""
    unknown: Any = object()
    with pytest.raises(AssertionError, match="object"):
        Tables(retention_s=60.0).put(unknown)


def test_the_log_keeps_the_last_facts() -> None:
    """At most as many as it may hold, in all and of each shift; an old one goes although there is room."""
    log = Log(retention_s=3600, most=3)
    for n in range(5):
        log.add(Fact(type=FactType.OFFER_SENT, at=START, actor="service", shift_id=f"s{n % 2}", data={"n": n}), None)
    assert [entry.fact.data["n"] for entry in log.page(0, 10)] == [2, 3, 4]
    assert [entry.fact.data["n"] for entry in log.page(0, 10, "s1")] == [3]
    later = START + timedelta(seconds=3601)
    log.add(Fact(type=FactType.OFFER_SENT, at=later, actor="service", shift_id="s0", data={"n": 5}), None)
    assert [entry.fact.data["n"] for entry in log.page(0, 10)] == [5]
    assert log.page(0, 10, "s1") == []


def test_the_log_of_a_shift_leaves_out_facts_that_were_deleted() -> None:
    """Also where the log looks for the fanout that was forgotten last, while the shift has newer facts."""
    log = Log(retention_s=3600, most=2)
    forgotten: dict[str, Any] = {"change": "forgotten", "generation": 3}
    for data in (forgotten, {}):
        log.add(Fact(type=FactType.RECORD_CHANGED, at=START, actor="service", shift_id="s", data=data), "org")
    assert log.forgotten_generation("s") == 3
    log.add(Fact(type=FactType.RECORD_CHANGED, at=START, actor="service", shift_id="other", data=forgotten), "org")
    assert log.forgotten_generation("s") == 0
    assert [entry.fact.shift_id for entry in log.page(0, 10, None, "org")] == ["s", "other"]


def test_the_log_does_not_grow_with_deleted_facts() -> None:
    """Ten thousand further facts of one shift take no more room than the first two thousand."""
    log = Log(retention_s=3600, most=100)

    def add(facts: int) -> int:
        for _ in range(facts):
            log.add(Fact(type=FactType.OFFER_SENT, at=START, actor="service", shift_id="s"), "org")
        return len(pickle.dumps(log))

    before = add(2000)
    assert add(10_000) <= before + 1000


def objects_in(store: MemoryStore) -> int:
    """How many objects the store holds, directly or through others.

    Counted from the store itself: what other tests leave in the process, and caches of texts, are no part of it.
    """
    seen: dict[int, object] = {}
    found: list[object] = [store]
    while found:
        one = found.pop()
        if id(one) not in seen and not isinstance(one, type | ModuleType | FunctionType):
            seen[id(one)] = one
            found += gc.get_referents(one)
    return len(seen)


async def test_memory_does_not_grow_with_closed_fanouts_and_answers() -> None:
    """Ten more days of closed fanouts and answered messages leave nothing in memory."""
    store = MemoryStore(retention_s=3600, log_retention_s=3600)
    driver = Driver(store)
    await driver.put_caregivers(*(caregiver(n) for n in range(10)))

    async def days(numbers: range) -> int:
        for number in numbers:
            for n in range(20):
                shift_id = f"s{n % 10}"
                await driver.start_fanout(shift(shift_id, day=2 + number))
                await driver.record_results(await driver.lease(), HandoverResult.SENT)
                for who in range(9):
                    await driver.says(who, Intent.DECLINE, shift_id, f"m-{number}-{n}-{who}")
                await driver.do(CancelFanout(shift_id=shift_id, now=driver.now))
            await driver.advance(timedelta(days=1))
        return objects_in(store)

    after_two_days = await days(range(2))
    after_twelve = await days(range(2, 12))
    # Ten days are 200 fanouts to 10 caregivers and 1,800 answers: one object of each fanout would be more than this.
    assert after_twelve - after_two_days < 50
