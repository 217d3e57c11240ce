"""How much is under way in the database, for those who operate the service. Every part finds its rows by an index."""

from datetime import datetime
from typing import LiteralString

from app.ports.store import MOST_COUNTED, StoreFigures
from app.stores.postgres.connections import Connection
from app.stores.postgres.queue import IS_DUE, STEP

_FIRST_TRIES: LiteralString = "status = 'queued' AND due_at IS NULL ORDER BY turn LIMIT %(most)s"
_RETRIES: LiteralString = (
    "status = 'queued' AND due_at IS NOT NULL AND due_at <= %(now)s ORDER BY due_at LIMIT %(most)s"
)
#: A first try does not say since when it waits, but the order of the queue is almost that of the waits: fanouts take
#: turns, so that the longest wait is among those that are sent next.
_FIGURES: LiteralString = f"""
WITH sms AS (
    SELECT updated_at AS since FROM contacts WHERE channel = 'sms' AND {_FIRST_TRIES}
), sms_again AS (
    SELECT due_at AS since FROM contacts WHERE channel = 'sms' AND {_RETRIES}
), voice AS (
    SELECT updated_at AS since FROM contacts WHERE channel = 'voice' AND {_FIRST_TRIES}
), voice_again AS (
    SELECT due_at AS since FROM contacts WHERE channel = 'voice' AND {_RETRIES}
), new_notices AS (
    SELECT updated_at AS since FROM notices WHERE {_FIRST_TRIES}
), notices_again AS (
    SELECT due_at AS since FROM notices WHERE {_RETRIES}
), queued AS (
    SELECT since FROM sms UNION ALL SELECT since FROM sms_again
    UNION ALL SELECT since FROM voice UNION ALL SELECT since FROM voice_again
    UNION ALL SELECT since FROM new_notices UNION ALL SELECT since FROM notices_again
)
SELECT
    (SELECT count(*) FROM fanouts WHERE status = 'open'),
    (SELECT count(*) FROM queued),
    (SELECT min(since) FROM queued),
    least(
        (SELECT min(due_at) FROM fanouts WHERE {STEP} = 0 AND {IS_DUE}),
        (SELECT min(due_at) FROM fanouts WHERE {STEP} = 1 AND {IS_DUE})
    ),
    (SELECT min(due_at) FROM fanouts WHERE {STEP} = 2 AND {IS_DUE})
"""  # noqa: S608  # constants


async def read(connection: Connection, now: datetime) -> StoreFigures:
    """See `Store.figures`."""
    row = await (await connection.execute(_FIGURES, {"now": now, "most": MOST_COUNTED})).fetchone()
    if row is None:
        raise AssertionError("a SELECT without FROM has one row")
    return StoreFigures(*row)
