"""The answers of requests by their key, in PostgreSQL."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from app.ports.requests import KEPT_FOR, UNDER_WAY_FOR, EarlierRequest, KeyedRequests, RequestKey, StoredResponse
from app.stores.postgres.connections import Connection, Connections

#: Each new request deletes at most a few that are too old.
_FORGET = """
DELETE FROM keyed_requests
USING (
    SELECT ctid AS place FROM keyed_requests WHERE began_at <= %s ORDER BY began_at LIMIT 4 FOR UPDATE SKIP LOCKED
) AS found
WHERE keyed_requests.ctid = found.place
"""
#: Inserts or takes over the row, or finds the one that counts. The row is locked, so only one request gets it.
_BEGIN = """
INSERT INTO keyed_requests (sender, key, fingerprint, began_at)
VALUES (%(sender)s, %(key)s, %(fingerprint)s, %(now)s)
ON CONFLICT (sender, key) DO UPDATE SET
    fingerprint = excluded.fingerprint, began_at = excluded.began_at, status = NULL, body = NULL, etag = NULL
WHERE keyed_requests.began_at <= CASE
    WHEN keyed_requests.status IS NULL THEN %(dead_since)s::timestamptz ELSE %(kept_since)s
END
"""
_EARLIER = "SELECT fingerprint, began_at, status, body, etag FROM keyed_requests WHERE sender = %s AND key = %s"
_END = "UPDATE keyed_requests SET status = %s, body = %s, etag = %s WHERE sender = %s AND key = %s"
_FREE = "DELETE FROM keyed_requests WHERE sender = %s AND key = %s"


class PostgresRequests:
    """Implements `KeyedRequests`."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    async def begin(self, key: RequestKey, fingerprint: str, now: datetime) -> EarlierRequest | None:
        """See `KeyedRequests`."""
        tries = 0

        async def work(connection: Connection) -> EarlierRequest | None:
            nonlocal tries
            tries += 1
            await connection.execute(_FORGET, (now - KEPT_FOR,))
            given: dict[str, Any] = {
                **key._asdict(),
                "fingerprint": fingerprint,
                "now": now,
                "dead_since": now - UNDER_WAY_FOR,
                "kept_since": now - KEPT_FOR,
            }
            while (await connection.execute(_BEGIN, given)).rowcount == 0:
                row = await (await connection.execute(_EARLIER, key)).fetchone()
                # None: it has been deleted since.
                if row is not None:
                    earlier_fingerprint, began_at, *response = row
                    # The connection broke after the first try had written the row: this request itself began then.
                    if tries > 1 and (earlier_fingerprint, began_at) == (fingerprint, now):
                        return None
                    return _earlier(earlier_fingerprint, *response)
            return None

        return await self._connections.run(work)

    async def end(self, key: RequestKey, response: StoredResponse | None) -> None:
        """See `KeyedRequests`."""

        async def work(connection: Connection) -> None:
            if response is None:
                await connection.execute(_FREE, key)
            else:
                await connection.execute(_END, (response.status, response.body, response.etag, *key))

        await self._connections.run(work)


def _earlier(fingerprint: str, status: int | None, body: str | None, etag: str | None) -> EarlierRequest:
    if status is None or body is None:
        return EarlierRequest(fingerprint, None)
    return EarlierRequest(fingerprint, StoredResponse(status=status, body=body, etag=etag))


if TYPE_CHECKING:

    def _conforms(requests: PostgresRequests) -> KeyedRequests:
        return requests
