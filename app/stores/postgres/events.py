"""The events that wait in PostgreSQL: one row for each stream that has any, and the statements on it.

`next_id` is at or before the first fact that was not sent yet, and `last_id` is the last one to send. The facts
between them are found in the log, so no event is stored a second time. `due_at` is when a worker may take the stream:
taking it sets the time to the end of the lease.
"""

from datetime import datetime
from typing import Any, LiteralString

from pydantic import TypeAdapter

from app.domain.facts import LogEntry
from app.ports.store import LeasedEvent
from app.stores.postgres.connections import Connection
from app.stores.postgres.log import LOCK, NEW_FACTS

#: The same as `Fact.stream` and `FactType.is_event`; the index `facts_to_send` has both.
_STREAM: LiteralString = "coalesce('s:' || shift_id, 'c:' || caregiver_id, '')"
_IS_EVENT: LiteralString = "type NOT IN ('offer.sent', 'record.changed')"

#: Appends facts as `log.INSERT` does, and queues those that are events.
INSERT: LiteralString = f"""
WITH {LOCK}, new AS ({NEW_FACTS} RETURNING *)
INSERT INTO event_streams (stream, next_id, last_id, due_at)
SELECT {_STREAM}, min(id), max(id), min(at) FROM new WHERE {_IS_EVENT} GROUP BY 1 ORDER BY 1
ON CONFLICT (stream) DO UPDATE SET last_id = excluded.last_id
"""  # noqa: S608  # constants
_LEASE = f"""
WITH due AS (
    SELECT stream FROM event_streams WHERE due_at <= %(now)s
    ORDER BY due_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED
), taken AS (
    UPDATE event_streams SET due_at = %(until)s FROM due WHERE event_streams.stream = due.stream
    RETURNING event_streams.*
)
SELECT t.stream, t.last_id, t.attempts, (
    SELECT json_build_object('id', f.id, 'fact', f)
    FROM facts f WHERE {_STREAM} = t.stream AND f.id >= t.next_id AND {_IS_EVENT} ORDER BY f.id LIMIT 1
)::text
FROM taken t
"""  # noqa: S608  # constants
_AGAIN = """
UPDATE event_streams SET attempts = attempts + 1, due_at = %(retry_at)s
WHERE stream = %(stream)s AND next_id <= %(id)s
"""
#: If another event has come meanwhile, `last_id` is higher, and the row stays.
_NOTHING_LEFT = "DELETE FROM event_streams WHERE stream = %(stream)s AND last_id <= %(id)s"
_NEXT = """
UPDATE event_streams SET next_id = %(id)s + 1, attempts = 0, due_at = %(now)s
WHERE stream = %(stream)s AND next_id <= %(id)s
"""
_NEXT_DUE = "SELECT min(due_at) FROM event_streams WHERE due_at > '-infinity'"

_ENTRY = TypeAdapter(LogEntry)


async def lease(connection: Connection, now: datetime, until: datetime, limit: int) -> list[LeasedEvent]:
    """See `Store.lease_events`."""
    rows = await (await connection.execute(_LEASE, {"now": now, "until": until, "limit": limit})).fetchall()
    found: list[LeasedEvent] = []
    for stream, last_id, attempts, entry in rows:
        if entry is None:
            # Its facts are past the retention of the log.
            await connection.execute(_NOTHING_LEFT, {"stream": stream, "id": last_id})
        else:
            found.append(LeasedEvent(_ENTRY.validate_json(entry), attempts))
    return sorted(found, key=lambda event: event.entry.id)


async def settle(connection: Connection, event: LeasedEvent, now: datetime, retry_at: datetime | None) -> None:
    """See `Store.settle_event`."""
    given: dict[str, Any] = {
        "stream": event.entry.fact.stream,
        "id": event.entry.id,
        "now": now,
        "retry_at": retry_at,
    }
    if retry_at is not None:
        await connection.execute(_AGAIN, given)
        return
    await connection.execute(_NOTHING_LEFT, given)
    await connection.execute(_NEXT, given)


async def next_due(connection: Connection) -> datetime | None:
    """See `Store.next_event_due`."""
    row = await (await connection.execute(_NEXT_DUE)).fetchone()
    return row[0] if row else None
