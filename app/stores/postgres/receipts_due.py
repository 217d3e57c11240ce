"""The messages whose receipt must be asked for, and the calls that may ring: see `Store`."""

from dataclasses import dataclass
from datetime import datetime

from pydantic import TypeAdapter

from app.domain.messages import ASK_AFTER, ASK_UNTIL, Contact, Notice
from app.domain.records import Channel
from app.stores.postgres.connections import Connection

#: The new time is that of `app.domain.messages.ask_again_at`.
_TO_ASK = """
WITH texts AS (
    SELECT ctid AS row_id FROM contacts WHERE channel = 'sms' AND ask_at IS NOT NULL AND ask_at <= %(now)s
    ORDER BY ask_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED
), calls AS (
    SELECT ctid AS row_id FROM contacts WHERE channel = 'voice' AND ask_at IS NOT NULL AND ask_at <= %(now)s
    ORDER BY ask_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED
), due_notices AS (
    SELECT ctid AS row_id FROM notices WHERE ask_at IS NOT NULL AND ask_at <= %(now)s
    ORDER BY ask_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED
), asked AS (
    SELECT row_id FROM texts UNION ALL SELECT row_id FROM calls LIMIT %(limit)s
), asked_contacts AS (
    UPDATE contacts SET ask_at = CASE
        WHEN 2 * (%(now)s - handed_over_at) <= %(ask_until)s THEN %(now)s + (%(now)s - handed_over_at)
    END
    FROM asked WHERE contacts.ctid = asked.row_id
    RETURNING contacts.*
), asked_notices AS (
    UPDATE notices SET ask_at = CASE
        WHEN 2 * (%(now)s - handed_over_at) <= %(ask_until)s THEN %(now)s + (%(now)s - handed_over_at)
    END
    FROM (SELECT row_id FROM due_notices LIMIT greatest(0, %(limit)s - (SELECT count(*) FROM asked))) AS d
    WHERE notices.ctid = d.row_id
    RETURNING notices.*
)
SELECT json_build_object(
    'notices', (SELECT coalesce(json_agg(n), '[]') FROM asked_notices n),
    'contacts', (SELECT coalesce(json_agg(c), '[]') FROM asked_contacts c)
)::text
"""
_RINGING_CALLS = """
SELECT coalesce(json_agg(json_build_array(
    c, coalesce(f.closed_at IS NOT NULL OR f.generation <> c.generation, true)
        OR coalesce(n.opted_out OR n.wrong_number_of = c.caregiver_id, false)
)), '[]')::text
FROM (
    SELECT * FROM contacts
    WHERE channel = 'voice' AND ask_at IS NOT NULL AND ask_at >= %(asked_from)s AND handed_over_at >= %(since)s
    OFFSET 0
) AS c
LEFT JOIN LATERAL (SELECT generation, closed_at FROM fanouts WHERE shift_id = c.shift_id OFFSET 0) AS f ON true
LEFT JOIN LATERAL (SELECT opted_out, wrong_number_of FROM numbers WHERE phone = c.phone OFFSET 0) AS n ON true
"""


@dataclass(frozen=True)
class _ToAsk:
    notices: list[Notice]
    contacts: list[Contact]


_TO_ASK_ROWS = TypeAdapter(_ToAsk)
_CALL_ROWS = TypeAdapter(list[tuple[Contact, bool]])


async def to_ask(connection: Connection, now: datetime, limit: int) -> list[Contact | Notice]:
    """See `Store`."""
    cursor = await connection.execute(_TO_ASK, {"now": now, "limit": limit, "ask_until": ASK_UNTIL})
    row = await cursor.fetchone()
    found = _TO_ASK_ROWS.validate_json(row[0] if row else "{}")
    return [*found.notices, *found.contacts]


async def ringing_calls(connection: Connection, since: datetime) -> list[tuple[Contact, bool]]:
    """See `Store`."""
    given = {"since": since, "asked_from": since + ASK_AFTER[Channel.VOICE]}
    row = await (await connection.execute(_RINGING_CALLS, given)).fetchone()
    return _CALL_ROWS.validate_json(row[0] if row else "[]")
