"""Forgets what has been closed for longer than the operator wants it, in small batches beside the running service.

A fanout is forgotten by the rule for one whose time has come (`Advance`); the command only carries its time early.
"""

from datetime import datetime, timedelta

from app import intent
from app.domain.commands import Advance
from app.domain.policy import Policy
from app.ports.clock import Clock
from app.runtime.engine import Engine
from app.stores.postgres.store import PostgresStore

#: Fanouts read at once; each is forgotten in a transaction of its own.
_FANOUTS_AT_ONCE = 100
#: Stored answers deleted in one transaction.
_ANSWERS_AT_ONCE = 1000


async def purge(url: str, clock: Clock, older_than: timedelta) -> tuple[int, int]:
    """Forget fanouts closed, and answers stored, for longer than `older_than`; returns how many of each.

    Of a claimed fanout the record that it is claimed stays, as with any that is forgotten (docs/adr/0006). Raises
    StoreUnavailable; what was forgotten before that stays forgotten.
    """
    before = clock.now() - older_than
    store = PostgresStore(url, clock, has_worker=False)
    await store.open()
    try:
        return await _forget_fanouts(store, clock, before), await _forget_answers(store, before)
    finally:
        await store.aclose()


async def _forget_fanouts(store: PostgresStore, clock: Clock, before: datetime) -> int:
    engine = Engine(store, clock, intent, Policy())
    forgotten = 0
    while True:
        closed = await store.fanouts_closed_before(before, _FANOUTS_AT_ONCE)
        for shift_id, generation, due_at in closed:
            forgotten += await engine.handle(Advance(shift_id=shift_id, generation=generation, now=due_at))
        if len(closed) < _FANOUTS_AT_ONCE:
            return forgotten


async def _forget_answers(store: PostgresStore, before: datetime) -> int:
    forgotten = 0
    while True:
        count = await store.forget_answers(before, _ANSWERS_AT_ONCE)
        forgotten += count
        if count < _ANSWERS_AT_ONCE:
            return forgotten
