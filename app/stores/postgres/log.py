"""The log of facts: the statements that append, read and delete them.

The ids of facts must be readable in order: a reader continues after the last id it has read, so no transaction may
commit a fact with a lower id later. A sequence alone does not give that, because transactions commit in another order
than that in which they took their numbers. So a transaction takes one lock, for all facts, as its last step before it
appends them, and holds it until it has committed. It waits for nothing while it holds the lock.
"""

from collections.abc import Collection
from datetime import datetime
from typing import LiteralString

from psycopg import AsyncCursor
from psycopg.rows import TupleRow
from pydantic import TypeAdapter

from app.domain.facts import FactType, LogEntry
from app.stores.postgres.connections import Connection

#: Takes the lock before the first fact takes its number. Any number that no other program uses as a lock in this
#: database would do.
LOCK: LiteralString = "held AS MATERIALIZED (SELECT pg_advisory_xact_lock(7245113920462))"
#: The facts that are appended. The shift of a fact says to which organization it belongs. By `BETWEEN`, so that
#: PostgreSQL uses the primary key also while it believes the table to be empty.
NEW_FACTS: LiteralString = """
INSERT INTO facts (type, at, actor, shift_id, caregiver_id, data, organization_id)
SELECT f.type, f.at, f.actor, f.shift_id, f.caregiver_id, f.data, coalesce(s.organization_id, f.organization_id)
FROM held CROSS JOIN json_populate_recordset(NULL::facts, %s) AS f
LEFT JOIN LATERAL (
    SELECT * FROM shifts WHERE id BETWEEN f.shift_id AND f.shift_id ORDER BY id OFFSET 0
) AS s ON true
"""
INSERT: LiteralString = f"WITH {LOCK} {NEW_FACTS}"


def _page_of(where: LiteralString, order: LiteralString = "id") -> LiteralString:
    """The first facts that meet the condition, by id. `order`: as the index has them that finds them."""
    return f"""
SELECT coalesce(json_agg(json_build_object('id', f.id, 'fact', f) ORDER BY f.id), '[]')::text
FROM (SELECT * FROM facts WHERE {where} ORDER BY {order} LIMIT %s) AS f
"""  # noqa: S608  # constants


_PAGE = _page_of("id > %s")
_PAGE_OF_SHIFT = _page_of("shift_id = %s AND id > %s", "shift_id, id")
_PAGE_OF_TYPES = _page_of("id > %s AND type = ANY (%s)")
_PAGE_OF_ORGANIZATION = _page_of("organization_id = %s AND id > %s", "organization_id, id")
_PAGE_OF_SHIFT_OF_ORGANIZATION = _page_of("shift_id = %s AND id > %s AND organization_id = %s", "shift_id, id")
_PAGE_OF_TYPES_OF_ORGANIZATION = _page_of(
    "organization_id = %s AND id > %s AND type = ANY (%s)", "organization_id, id"
)
#: The condition is that of the index `facts_of_fills`, and of `app.domain.fills.matters`.
_FILL_FACTS = """
SELECT coalesce(json_agg(json_build_object('id', f.id, 'fact', f) ORDER BY f.at, f.id), '[]')::text
FROM (
    SELECT * FROM facts
    WHERE (type IN ('fanout.started', 'shift.filled', 'shift.assigned')
        OR data ->> 'first_answer_after_s' IS NOT NULL OR data ->> 'change' = 'escalated')
        AND (at, id) > (%s, %s::bigint) AND at < %s
    ORDER BY at, id LIMIT %s
) AS f
"""
_LAST_ID = "SELECT id FROM facts WHERE id > 0 ORDER BY id DESC LIMIT 1"
#: The oldest have the lowest ids, so no index by time is needed. All ids are above 0.
_FORGET = """
DELETE FROM facts
USING (SELECT ctid AS place FROM facts WHERE id > 0 ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED) AS oldest
WHERE facts.ctid = oldest.place AND facts.at < %s
"""

_ENTRIES = TypeAdapter(list[LogEntry])


async def page(
    connection: Connection, after: int, limit: int, shift_id: str | None, organization_id: str | None
) -> list[LogEntry]:
    """See `Store.log`."""
    if shift_id is None and organization_id is None:
        cursor = await connection.execute(_PAGE, (after, limit))
    elif shift_id is None:
        cursor = await connection.execute(_PAGE_OF_ORGANIZATION, (organization_id, after, limit))
    elif organization_id is None:
        cursor = await connection.execute(_PAGE_OF_SHIFT, (shift_id, after, limit))
    else:
        given = (shift_id, after, organization_id, limit)
        cursor = await connection.execute(_PAGE_OF_SHIFT_OF_ORGANIZATION, given)
    return await _entries(cursor)


async def page_of_types(
    connection: Connection, types: Collection[FactType], after: int, limit: int, organization_id: str | None
) -> list[LogEntry]:
    """See `Store.log_of_types`."""
    if organization_id is None:
        return await _entries(await connection.execute(_PAGE_OF_TYPES, (after, list(types), limit)))
    given = (organization_id, after, list(types), limit)
    return await _entries(await connection.execute(_PAGE_OF_TYPES_OF_ORGANIZATION, given))


async def fill_facts(
    connection: Connection, start: datetime, after: int, end: datetime, limit: int
) -> list[LogEntry]:
    """See `Store.fill_facts`."""
    return await _entries(await connection.execute(_FILL_FACTS, (start, after, end, limit)))


async def last_id(connection: Connection) -> int:
    """See `Store.log_end`."""
    row = await (await connection.execute(_LAST_ID)).fetchone()
    return int(row[0]) if row else 0


async def _entries(cursor: AsyncCursor[TupleRow]) -> list[LogEntry]:
    row = await cursor.fetchone()
    return _ENTRIES.validate_json(row[0] if row else "[]")


async def forget(connection: Connection, before: datetime, limit: int) -> int:
    """Delete facts from before that time, among the `limit` oldest; returns how many."""
    return (await connection.execute(_FORGET, (limit, before))).rowcount
