"""The words that may be kept: the statements that write, read and delete them."""

from datetime import datetime
from typing import LiteralString

from pydantic import TypeAdapter

from app.domain.messages import KeptText
from app.stores.postgres.connections import Connection

#: DO NOTHING: as for notices, whose ids these are.
INSERT: LiteralString = """
INSERT INTO kept_texts (id, shift_id, caregiver_id, actor, at, organization_id, body)
SELECT id, shift_id, caregiver_id, actor, at, organization_id, body FROM json_populate_recordset(NULL::kept_texts, %s)
ON CONFLICT (id) DO NOTHING
"""
_ABOUT = """
SELECT coalesce(json_agg(t ORDER BY t.at, t.id), '[]')::text
FROM (SELECT * FROM kept_texts WHERE shift_id = %s AND at >= %s ORDER BY shift_id, at) AS t
"""
_FORGET = """
DELETE FROM kept_texts
USING (
    SELECT ctid AS place FROM kept_texts WHERE at < %s ORDER BY at LIMIT %s FOR UPDATE SKIP LOCKED
) AS oldest
WHERE kept_texts.ctid = oldest.place
"""

_TEXTS = TypeAdapter(list[KeptText])


async def about(connection: Connection, shift_id: str, since: datetime) -> list[KeptText]:
    """See `Store.kept_texts`."""
    row = await (await connection.execute(_ABOUT, (shift_id, since))).fetchone()
    return _TEXTS.validate_json(row[0] if row else "[]")


async def forget(connection: Connection, before: datetime, limit: int) -> int:
    """See `Store.forget_texts`."""
    return (await connection.execute(_FORGET, (before, limit))).rowcount
