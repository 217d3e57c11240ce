"""The queue: which messages and fanouts a worker takes next.

There is no separate job table: the rows of contacts, notices and fanouts are the queue.

Workers skip rows that others have locked, so none waits for another.

What is due is compared with the time of the caller, so that both stores follow the service's clock. Leases begin and
end by the clock of the database, so that a worker on a host with a wrong clock takes no work from a living one. In
simulated time (`lease_now`) they follow the time of the caller too.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, LiteralString

from pydantic import TypeAdapter
from pydantic_core import to_json

from app.domain.fanout_records import Fanout
from app.domain.messages import Contact, Notice, contact_key
from app.domain.records import Channel
from app.stores.postgres.connections import Connection
from app.stores.postgres.lease_candidates import ChannelLimits, LeaseCandidates, LockedRows
from app.stores.postgres.transaction import Transaction
from app.stores.rate_limit import RateLimiter, slower
from app.stores.turns import FIRST_ORDER

_LOCK_CANDIDATES = """
WITH due_notices AS (
    SELECT * FROM notices WHERE status = 'queued' AND due_at IS NOT NULL AND due_at <= %(now)s
    ORDER BY due_at, turn LIMIT %(notices)s FOR UPDATE SKIP LOCKED
), new_notices AS (
    SELECT * FROM notices WHERE status = 'queued' AND due_at IS NULL
    ORDER BY turn LIMIT %(notices)s FOR UPDATE SKIP LOCKED
), due_sms AS (
    SELECT * FROM contacts
    WHERE channel = 'sms' AND status = 'queued' AND due_at IS NOT NULL AND due_at <= %(now)s
    ORDER BY due_at, turn LIMIT %(sms)s FOR UPDATE SKIP LOCKED
), new_sms AS (
    SELECT * FROM contacts WHERE channel = 'sms' AND status = 'queued' AND due_at IS NULL
    ORDER BY turn LIMIT %(sms)s FOR UPDATE SKIP LOCKED
), due_voice AS (
    SELECT * FROM contacts
    WHERE channel = 'voice' AND status = 'queued' AND due_at IS NOT NULL AND due_at <= %(now)s
    ORDER BY due_at, turn LIMIT %(voice)s FOR UPDATE SKIP LOCKED
), new_voice AS (
    SELECT * FROM contacts WHERE channel = 'voice' AND status = 'queued' AND due_at IS NULL
    ORDER BY turn LIMIT %(voice)s FOR UPDATE SKIP LOCKED
)
SELECT json_build_object(
    'now', statement_timestamp(),
    'notices', (
        SELECT coalesce(json_agg(n), '[]') FROM (SELECT * FROM due_notices UNION ALL SELECT * FROM new_notices) n
    ),
    'sms', (SELECT coalesce(json_agg(c), '[]') FROM (SELECT * FROM due_sms UNION ALL SELECT * FROM new_sms) c),
    'voice', (SELECT coalesce(json_agg(c), '[]') FROM (SELECT * FROM due_voice UNION ALL SELECT * FROM new_voice) c)
)::text
"""
#: Locks the row, so that workers take from a rate one after the other.
_LIMITS: LiteralString = """
SELECT channel, next_at, paused_until, interval_s FROM channels WHERE channel IN ('sms', 'voice') ORDER BY channel
"""
_READ_LIMITS: LiteralString = f"SELECT json_agg(c)::text FROM ({_LIMITS}) AS c"  # noqa: S608  # a constant
_LOCK_LIMITS: LiteralString = f"SELECT json_agg(c)::text FROM ({_LIMITS} FOR UPDATE) AS c"  # noqa: S608  # a constant
_SET_SEND_TIME = "UPDATE channels SET next_at = %s WHERE channel = %s"
_TAKE_OVER = """
WITH expired_contacts AS (
    SELECT ctid AS row_id FROM contacts
    WHERE status = 'sending' AND leased_until <= coalesce(%(lease_now)s, statement_timestamp())
    ORDER BY leased_until LIMIT %(limit)s FOR UPDATE SKIP LOCKED
), expired_notices AS (
    SELECT ctid AS row_id FROM notices
    WHERE status = 'sending' AND leased_until <= coalesce(%(lease_now)s, statement_timestamp())
    ORDER BY leased_until LIMIT %(limit)s FOR UPDATE SKIP LOCKED
), leased_contacts AS (
    UPDATE contacts SET leased_until = coalesce(%(lease_now)s, statement_timestamp()) + %(lease)s
    FROM expired_contacts o
    WHERE contacts.ctid = o.row_id
    RETURNING contacts.*
), leased_notices AS (
    UPDATE notices SET leased_until = coalesce(%(lease_now)s, statement_timestamp()) + %(lease)s
    FROM expired_notices o
    WHERE notices.ctid = o.row_id
    RETURNING notices.*
)
SELECT json_build_object(
    'notices', (SELECT coalesce(json_agg(n), '[]') FROM leased_notices n),
    'contacts', (SELECT coalesce(json_agg(c), '[]') FROM leased_contacts c)
)::text
"""
_RENEW_CONTACTS = """
UPDATE contacts SET leased_until = coalesce(%(lease_now)s, statement_timestamp()) + %(lease)s
FROM json_populate_recordset(NULL::contacts, %(rows)s) AS r
CROSS JOIN LATERAL (
    SELECT ctid AS row_id FROM contacts
    WHERE shift_id = r.shift_id AND generation = r.generation AND channel = r.channel
        AND caregiver_id = r.caregiver_id
    OFFSET 0
) AS found
WHERE contacts.ctid = found.row_id AND contacts.status = 'sending' AND contacts.attempts = r.attempts
"""
_RENEW_NOTICES = """
UPDATE notices SET leased_until = coalesce(%(lease_now)s, statement_timestamp()) + %(lease)s
FROM json_populate_recordset(NULL::notices, %(rows)s) AS r
CROSS JOIN LATERAL (SELECT ctid AS row_id FROM notices WHERE id = r.id OFFSET 0) AS found
WHERE notices.ctid = found.row_id AND notices.status = 'sending' AND notices.attempts = r.attempts
"""
#: `app.domain.due_steps.due_step`, written as in the index `fanouts_due_by_kind`.
STEP: LiteralString = """CASE
    WHEN closed_at IS NULL AND round = 'sms' AND planned_up_to = '' THEN 0
    WHEN closed_at IS NOT NULL AND planned_up_to IS NULL THEN 2
    ELSE 1
END"""
#: Whether a step of the fanout is due and nobody does it.
IS_DUE: LiteralString = "due_at IS NOT NULL AND leased_until IS NULL AND due_at <= %(now)s"
_LEASE_DUE_FANOUTS: LiteralString = f"""
WITH start AS (
    SELECT ctid AS row_id FROM fanouts WHERE {STEP} = 0 AND {IS_DUE}
    ORDER BY due_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED
), continue AS (
    SELECT ctid AS row_id FROM fanouts WHERE {STEP} = 1 AND {IS_DUE}
    ORDER BY due_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED
), forget AS (
    SELECT ctid AS row_id FROM fanouts WHERE {STEP} = 2 AND {IS_DUE}
    ORDER BY due_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED
), lease_ended AS (
    SELECT ctid AS row_id FROM fanouts
    WHERE leased_until IS NOT NULL AND leased_until <= coalesce(%(lease_now)s, statement_timestamp())
    ORDER BY leased_until LIMIT %(limit)s FOR UPDATE SKIP LOCKED
), taken AS (
    SELECT row_id FROM start UNION SELECT row_id FROM continue
    UNION SELECT row_id FROM forget UNION SELECT row_id FROM lease_ended
), leased AS (
    UPDATE fanouts SET leased_until = coalesce(%(lease_now)s, statement_timestamp()) + %(lease)s
    FROM taken WHERE fanouts.ctid = taken.row_id
    RETURNING fanouts.*
)
SELECT coalesce(json_agg(f ORDER BY {STEP}, due_at), '[]')::text FROM leased f
"""  # noqa: S608  # constants
#: Messages that were due at the last lease are left out: they wait for a free worker or a rate, not for a time. The
#: ends of leases are told by the caller's clock: `now` is its time, and null in simulated time.
_NEXT_DUE = """
SELECT least(
    (SELECT min(due_at) FROM fanouts WHERE due_at IS NOT NULL AND leased_until IS NULL),
    (SELECT min(due_at) FROM contacts
        WHERE channel = 'sms' AND status = 'queued' AND due_at IS NOT NULL AND due_at > %(last_lease_at)s),
    (SELECT min(due_at) FROM contacts
        WHERE channel = 'voice' AND status = 'queued' AND due_at IS NOT NULL AND due_at > %(last_lease_at)s),
    (SELECT min(due_at) FROM notices WHERE status = 'queued' AND due_at IS NOT NULL AND due_at > %(last_lease_at)s),
    least(
        (SELECT min(leased_until) FROM fanouts WHERE leased_until IS NOT NULL),
        (SELECT min(leased_until) FROM contacts WHERE status = 'sending'),
        (SELECT min(leased_until) FROM notices WHERE status = 'sending')
    ) + coalesce(%(now)s::timestamptz - statement_timestamp(), interval '0')
)
"""

#: Rows locked per queue after a lease in which every row was skipped: then they probably belong to a closed
#: fanout, which may have thousands. Otherwise a lease locks no more than it can send, because other workers skip
#: locked rows.
_ROWS_AFTER_SKIPS = 100


@dataclass(frozen=True)
class _TakenOver:
    notices: list[Notice]
    contacts: list[Contact]


_LOCKED_ROWS = TypeAdapter(LockedRows)
_TAKEN_OVER = TypeAdapter(_TakenOver)
_CHANNEL_LIMITS = TypeAdapter(list[ChannelLimits])
_FANOUTS = TypeAdapter(list[Fanout])


class Queue:
    """Runs the statements of the queue.

    `rates`: messages per second of each channel, over all processes. Each process remembers for itself whose
    turn it is. If each alternates, all of them together do.
    """

    def __init__(self, rates: Mapping[Channel, float | None], *, simulated_time: bool) -> None:
        """`simulated_time`: the times of the callers have nothing to do with those of the database."""
        self._rates = rates
        self._simulated_time = simulated_time
        self._limited = False
        self._last_lease_at = datetime.fromtimestamp(0, UTC)
        self._minimum_rows = 0
        self._order = FIRST_ORDER

    async def lock_candidates(self, transaction: Transaction, now: datetime, limit: int) -> LeaseCandidates:
        """Lock the messages that may be sent next.

        At most `limit` of each queue, but more if the last lease skipped every row it had locked.
        """
        self._last_lease_at = now
        limiters = await self._rate_limiters(transaction)
        allowed = {channel: min(limit, limiter.allowance(now)) for channel, limiter in limiters.items()}
        limits = {channel: max(count, self._minimum_rows) if count > 0 else 0 for channel, count in allowed.items()}
        if not any(limits.values()):
            return LeaseCandidates(LockedRows(now, [], [], []), limiters, self._order, now, limit, more_waiting=False)
        notices, sms, voice = allowed[Channel.SMS], limits[Channel.SMS], limits[Channel.VOICE]
        result = await transaction.execute(
            _LOCK_CANDIDATES, {"now": now, "notices": notices, "sms": sms, "voice": voice}
        )
        await transaction.sync()
        found = _LOCKED_ROWS.validate_json(result.value())
        more_waiting = 0 < notices <= len(found.notices) or 0 < sms <= len(found.sms) or 0 < voice <= len(found.voice)
        return LeaseCandidates(found, limiters, self._order, now, limit, more_waiting=more_waiting)

    async def _rate_limiters(self, transaction: Transaction) -> dict[Channel, RateLimiter]:
        """How fast each channel may send. Workers wait for each other on the row of a limited channel."""
        limited = any(rate is not None for rate in self._rates.values())
        rows = await self._limits(transaction, _LOCK_LIMITS if limited else _READ_LIMITS)
        if not limited and any(row.interval_s for row in rows):
            limited = True
            rows = await self._limits(transaction, _LOCK_LIMITS)
        self._limited = limited
        return {
            row.channel: RateLimiter(
                slower(self._rates.get(row.channel), row.interval_s), row.next_at, row.paused_until
            )
            for row in rows
        }

    async def _limits(self, transaction: Transaction, statement: LiteralString) -> list[ChannelLimits]:
        result = await transaction.execute(statement)
        await transaction.sync()
        return _CHANNEL_LIMITS.validate_json(result.value())

    async def save_send_times(self, transaction: Transaction, candidates: LeaseCandidates, now: datetime) -> None:
        """Count the chosen messages against the rates of their channels, and store when each may send next."""
        channels = {delivery.message.channel for delivery in candidates.deliveries}
        for delivery in candidates.deliveries:
            candidates.rate_limiters[delivery.message.channel].spend(now)
        for channel in sorted(channels):
            if self._limited:
                next_at = candidates.rate_limiters[channel].next_at
                await transaction.execute(_SET_SEND_TIME, (next_at, channel.value))

    def after_commit(self, candidates: LeaseCandidates) -> None:
        """Remember for the next lease whose turn it is, and whether to lock more rows than this one did."""
        self._order = candidates.order
        self._minimum_rows = _ROWS_AFTER_SKIPS if candidates.entries and not candidates.deliveries else 0

    def lease_end(self, candidates: LeaseCandidates, now: datetime, until: datetime) -> datetime:
        """When the leases of the candidates end, by the clock of the database."""
        return until if self._simulated_time else candidates.locked_at + (until - now)

    def _lease(self, now: datetime, until: datetime) -> dict[str, Any]:
        """The parameters of a statement that compares or sets ends of leases."""
        return {"lease_now": now if self._simulated_time else None, "lease": until - now}

    async def renew(
        self, connection: Connection, entries: Collection[Contact | Notice], now: datetime, until: datetime
    ) -> None:
        """See `Store`."""
        contacts = [
            {
                "shift_id": one.shift_id,
                "generation": one.generation,
                "channel": one.channel,
                "caregiver_id": one.caregiver_id,
                "attempts": one.attempts,
            }
            # In the order in which `saving` writes contacts, so that the two cannot deadlock.
            for one in sorted((one for one in entries if isinstance(one, Contact)), key=contact_key)
        ]
        notices = [{"id": one.id, "attempts": one.attempts} for one in entries if isinstance(one, Notice)]
        if contacts:
            given = self._lease(now, until) | {"rows": to_json(contacts).decode()}
            await connection.execute(_RENEW_CONTACTS, given)
        if notices:
            given = self._lease(now, until) | {"rows": to_json(notices).decode()}
            await connection.execute(_RENEW_NOTICES, given)

    async def take_over(
        self, connection: Connection, now: datetime, until: datetime, limit: int
    ) -> list[Contact | Notice]:
        """See `Store`."""
        cursor = await connection.execute(_TAKE_OVER, {**self._lease(now, until), "limit": limit})
        row = await cursor.fetchone()
        found = _TAKEN_OVER.validate_json(row[0] if row else "{}")
        return [*found.notices, *found.contacts]

    async def due_fanouts(self, connection: Connection, now: datetime, until: datetime, limit: int) -> list[Fanout]:
        """See `Store`."""
        given = {**self._lease(now, until), "now": now, "limit": limit}
        cursor = await connection.execute(_LEASE_DUE_FANOUTS, given)
        row = await cursor.fetchone()
        return _FANOUTS.validate_json(row[0]) if row else []

    async def next_due(self, connection: Connection, now: datetime) -> datetime | None:
        """See `Store`."""
        given = {"last_lease_at": self._last_lease_at, "now": None if self._simulated_time else now}
        cursor = await connection.execute(_NEXT_DUE, given)
        row = await cursor.fetchone()
        return row[0] if row else None
