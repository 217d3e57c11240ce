"""Reads: one statement that takes the locks of a transaction, and one that loads all its decisions need.

Every look-up is by an index; the planner is told so (`connections`). Rows come as one JSON document, which
pydantic turns into records: a statement costs the same whatever it brings.
"""

from psycopg import AsyncConnection, AsyncCursor
from psycopg.rows import TupleRow
from pydantic import TypeAdapter

from app.postgres.needs import Locks, Needs
from app.postgres.working_set import Loaded, WorkingSet

Connection = AsyncConnection[TupleRow]

#: A lock on a name that need not be a row yet. The inner query is sorted before the first lock is taken.
_LOCK = """
SELECT name, pg_advisory_xact_lock(hashtextextended(name, 0)) FROM (
    SELECT unnest(%(names)s::text[]) COLLATE "C" AS name
    UNION
    SELECT 'c:' || id FROM caregivers WHERE phone = ANY(%(phones)s)
    UNION
    SELECT 's:' || shift_id FROM fanouts
    WHERE shift_id = ANY(%(claimable)s) AND status IN ('open', 'exhausted')
    UNION
    SELECT 's:' || o.shift_id
    FROM caregivers c
    JOIN offers o ON o.caregiver_id = c.id AND o.named
    JOIN fanouts f ON f.shift_id = o.shift_id AND f.status IN ('open', 'exhausted')
    WHERE c.phone = ANY(%(offered_to)s)
    ORDER BY name
) AS named
"""

_LOAD = """
WITH roster AS MATERIALIZED (
    SELECT r.n, c.id
    FROM unnest(%(roster_roles)s::text[], %(roster_afters)s::text[], %(roster_limits)s::integer[])
        WITH ORDINALITY AS r(role, after, most, n)
    CROSS JOIN LATERAL (
        SELECT id FROM caregivers WHERE role_key = r.role AND id > r.after ORDER BY id LIMIT r.most
    ) AS c
), late AS MATERIALIZED (
    SELECT o.*
    FROM unnest(%(late_shifts)s::text[], %(late_limits)s::integer[]) AS l(shift_id, most)
    CROSS JOIN LATERAL (
        SELECT * FROM offers WHERE offers.shift_id = l.shift_id AND late_at IS NOT NULL
        ORDER BY late_at, caregiver_id LIMIT l.most
    ) AS o
), keys AS MATERIALIZED (
    SELECT unnest(%(caregivers)s::text[]) COLLATE "C" AS id
    UNION SELECT id FROM caregivers WHERE phone = ANY(%(phones)s)
    UNION SELECT c.id FROM unnest(%(pair_phones)s::text[]) AS p(phone) JOIN caregivers c USING (phone)
    UNION SELECT id FROM roster
    UNION SELECT caregiver_id FROM late
), people AS MATERIALIZED (
    SELECT c.* FROM keys JOIN caregivers c USING (id)
), roles AS MATERIALIZED (
    SELECT unnest(%(roles)s::text[]) COLLATE "C" AS role UNION SELECT role_key FROM people
), unwritten AS MATERIALIZED (
    SELECT f.* FROM roles JOIN fanouts f ON f.role = roles.role AND f.cursor IS NOT NULL
), offered AS MATERIALIZED (
    SELECT o.*
    FROM people p
    JOIN offers o ON o.caregiver_id = p.id AND o.named
    LEFT JOIN fanouts f ON f.shift_id = o.shift_id
    LEFT JOIN assignments a ON a.shift_id = o.shift_id
    WHERE a.caregiver_id = p.id OR (
        coalesce(o.closed_at, 'infinity') > %(rested)s AND coalesce(f.closed_at, 'infinity') > %(rested)s
    )
    UNION
    SELECT o.*
    FROM unnest(%(pair_shifts)s::text[], %(pair_caregivers)s::text[]) AS p(shift_id, caregiver_id)
    JOIN offers o ON o.shift_id = p.shift_id AND o.caregiver_id = p.caregiver_id
    UNION
    SELECT o.*
    FROM unnest(%(phone_pair_shifts)s::text[], %(pair_phones)s::text[]) AS p(shift_id, phone)
    JOIN people c ON c.phone = p.phone
    JOIN offers o ON o.shift_id = p.shift_id AND o.caregiver_id = c.id
    UNION
    SELECT * FROM late
    UNION
    SELECT o.*
    FROM unwritten u
    JOIN people p ON p.role_key = u.role
    JOIN offers o ON o.shift_id = u.shift_id AND o.caregiver_id = p.id
), wanted AS MATERIALIZED (
    SELECT unnest(%(shifts)s::text[]) COLLATE "C" AS id
    UNION SELECT shift_id FROM offered
    UNION SELECT shift_id FROM unwritten
), beginning AS MATERIALIZED (
    -- Who held what is over by then cannot be in the way of any of these.
    SELECT least(%(now)s, min(s.start_time)) AS at FROM wanted JOIN shifts s USING (id)
), held AS MATERIALIZED (
    SELECT a.shift_id FROM people p JOIN assignments a ON a.caregiver_id = p.id
    WHERE a.matters_until > (SELECT at FROM beginning)
), about AS MATERIALIZED (
    SELECT id FROM wanted UNION SELECT shift_id FROM held
), attempt AS MATERIALIZED (
    SELECT f.* FROM about JOIN fanouts f ON f.shift_id = about.id
)
SELECT json_build_object(
    'caregivers', (SELECT coalesce(json_agg(p), '[]') FROM people p),
    'last_codes', (SELECT coalesce(json_object_agg(id, last_code), '{}') FROM people),
    'opt_outs', (
        SELECT coalesce(json_agg(o.phone), '[]')
        FROM (SELECT unnest(%(phones)s::text[]) AS phone UNION SELECT phone FROM people) AS p
        JOIN opt_outs o USING (phone)
    ),
    'shifts', (SELECT coalesce(json_agg(s), '[]') FROM about JOIN shifts s USING (id)),
    'fanouts', (SELECT coalesce(json_agg(f), '[]') FROM attempt f),
    'last_turns', (SELECT coalesce(json_object_agg(shift_id, last_turn), '{}') FROM attempt),
    'assignments', (
        SELECT coalesce(json_agg(a), '[]') FROM about JOIN assignments a ON a.shift_id = about.id
    ),
    'offers', (SELECT coalesce(json_agg(o ORDER BY o.turn), '[]') FROM offered o),
    'named', (
        SELECT coalesce(json_agg(json_build_array(shift_id, caregiver_id)), '[]') FROM offered WHERE named
    ),
    'contacts', (
        SELECT coalesce(json_agg(c), '[]')
        FROM unnest(
            %(contact_shifts)s::text[], %(contact_generations)s::integer[],
            %(contact_channels)s::text[], %(contact_caregivers)s::text[]
        ) AS k(shift_id, generation, channel, caregiver_id)
        JOIN contacts c USING (shift_id, generation, channel, caregiver_id)
    ),
    'notices', (SELECT coalesce(json_agg(n), '[]') FROM notices n WHERE id = ANY(%(notices)s)),
    'answers', (
        SELECT coalesce(json_agg(m), '[]') FROM inbound_messages m WHERE message_id = ANY(%(message_ids)s)
    ),
    'rosters', (SELECT coalesce(json_agg(json_build_array(n, id) ORDER BY n, id), '[]') FROM roster)
)::text
"""

_LOADED = TypeAdapter(Loaded)


async def lock(connection: Connection, locks: Locks) -> AsyncCursor[TupleRow]:
    """Take the locks, in the order of their names; `held` reads from the cursor which."""
    return await connection.execute(
        _LOCK,
        {
            "names": sorted(locks.names),
            "phones": sorted(locks.phones),
            "claimable": sorted(locks.claimable),
            "offered_to": sorted(locks.offered_to),
        },
    )


async def held(cursor: AsyncCursor[TupleRow]) -> set[str]:
    """The names of the locks that `lock` took."""
    return {str(name) for name, _ in await cursor.fetchall()}


async def load(connection: Connection, needs: Needs) -> WorkingSet:
    """Everything the needs name, as it is now that the locks are held."""
    rosters, late = sorted(needs.rosters), sorted(needs.late)
    pairs, phone_pairs, contacts = sorted(needs.pairs), sorted(needs.phone_pairs), sorted(needs.contacts)
    cursor = await connection.execute(
        _LOAD,
        {
            "now": needs.now,
            "rested": needs.rested,
            "message_ids": sorted(needs.message_ids),
            "phones": sorted(needs.phones),
            "caregivers": sorted(needs.caregivers),
            "shifts": sorted(needs.shifts),
            "pair_shifts": [shift_id for shift_id, _ in pairs],
            "pair_caregivers": [caregiver_id for _, caregiver_id in pairs],
            "phone_pair_shifts": [shift_id for shift_id, _ in phone_pairs],
            "pair_phones": [phone for _, phone in phone_pairs],
            "contact_shifts": [key.shift_id for key in contacts],
            "contact_generations": [key.generation for key in contacts],
            "contact_channels": [key.channel.value for key in contacts],
            "contact_caregivers": [key.caregiver_id for key in contacts],
            "notices": sorted(needs.notices),
            "roles": sorted(needs.roles),
            "roster_roles": [key.role for key in rosters],
            "roster_afters": [key.after for key in rosters],
            "late_shifts": [key.shift_id for key in late],
            "late_limits": [key.limit for key in late],
            "roster_limits": [key.limit for key in rosters],
        },
    )
    row = await cursor.fetchone()
    if row is None:
        raise AssertionError("a SELECT without FROM has one row")
    return WorkingSet(needs, rosters, _LOADED.validate_json(row[0]))
