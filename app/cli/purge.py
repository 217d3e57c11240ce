"""Forgets what has been closed for longer than the operator wants it, in small batches beside the running service.

Each fanout goes by the core's own step for one whose time has come; only the time is earlier.
"""

from datetime import datetime, timedelta

from app import intent
from app.domain.commands import Advance
from app.domain.policy import Policy
from app.ports.clock import Clock
from app.runtime.engine import Engine
from app.stores.postgres.connections import Connections
from app.stores.postgres.store import PostgresStore

_AT_ONCE = 100
_CLOSED = """
SELECT shift_id, generation, due_at FROM fanouts
WHERE closed_at < %s AND due_at IS NOT NULL AND planned_up_to IS NULL ORDER BY closed_at LIMIT %s
"""
_ANSWERED = """
DELETE FROM inbound_messages WHERE message_id IN (
    SELECT message_id FROM inbound_messages WHERE at < %s ORDER BY at LIMIT %s
)
"""


async def purge(url: str, clock: Clock, older_than: timedelta) -> tuple[int, int]:
    """Forget fanouts closed, and answers stored, before that; returns how many of each.

    Of a claimed one the record that it is claimed stays, as with any that is forgotten (docs/adr/0006). Raises
    StoreUnavailable; what was forgotten by then is.
    """
    before = clock.now() - older_than
    store, connections = PostgresStore(url, clock, has_worker=False), Connections(url, clock)
    engine = Engine(store, clock, intent, Policy())
    await store.open()
    await connections.open(lambda _: None)
    try:
        return await _fanouts(engine, connections, before), await _answers(connections, before)
    finally:
        await connections.close()
        await store.aclose()


async def _fanouts(engine: Engine, connections: Connections, before: datetime) -> int:
    forgotten = 0
    while True:
        async with connections.connection() as connection:
            closed = await (await connection.execute(_CLOSED, (before, _AT_ONCE))).fetchall()
        for shift_id, generation, due_at in closed:
            forgotten += await engine.handle(Advance(shift_id=shift_id, generation=generation, now=due_at))
        if len(closed) < _AT_ONCE:
            return forgotten


async def _answers(connections: Connections, before: datetime) -> int:
    forgotten = 0
    while True:
        async with connections.connection() as connection:
            some = (await connection.execute(_ANSWERED, (before, _AT_ONCE * 10))).rowcount
        forgotten += some
        if some < _AT_ONCE * 10:
            return forgotten
