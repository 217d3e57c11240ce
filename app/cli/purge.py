"""Deletes fanouts that closed, and answers that were stored, before a time, in small batches beside the service.

Sends each fanout the command `Advance` with `forget_early`. The rules answer with `ForgetFanout`, as they do at the
end of the retention.
"""

from datetime import datetime, timedelta

from app.domain.commands import Advance
from app.domain.policy import Policy
from app.ports.clock import Clock
from app.runtime.engine import Engine
from app.stores.postgres.store import PostgresStore

#: Fanouts read at once; each is deleted in a transaction of its own.
_FANOUTS_AT_ONCE = 100
#: Stored answers deleted in one transaction.
_ANSWERS_AT_ONCE = 1000


async def purge(url: str, clock: Clock, older_than: timedelta) -> tuple[int, int]:
    """Delete fanouts that closed, and answers that were stored, at least `older_than` ago. Returns how many of each.

    The record that a shift is claimed stays, as it does after the retention (docs/adr/0006). Raises
    StoreUnavailable; what was deleted before that stays deleted.
    """
    before = clock.now() - older_than
    store = PostgresStore(url, clock, has_worker=False)
    await store.open()
    try:
        return await _delete_fanouts(store, clock, before), await _delete_answers(store, before)
    finally:
        await store.aclose()


async def _delete_fanouts(store: PostgresStore, clock: Clock, before: datetime) -> int:
    engine = Engine(store, clock, Policy())
    deleted = 0
    while True:
        closed = await store.fanouts_closed_before(before, _FANOUTS_AT_ONCE)
        for shift_id, generation in closed:
            command = Advance(shift_id=shift_id, generation=generation, forget_early=True, now=clock.now())
            deleted += await engine.handle(command)
        if len(closed) < _FANOUTS_AT_ONCE:
            return deleted


async def _delete_answers(store: PostgresStore, before: datetime) -> int:
    deleted = 0
    while True:
        count = await store.forget_answers(before, _ANSWERS_AT_ONCE)
        deleted += count
        if count < _ANSWERS_AT_ONCE:
            return deleted
