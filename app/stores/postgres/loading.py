"""The reads of a transaction: one statement takes its locks, one loads all that its decisions need.

Every row is found by an index. Look-ups are LATERAL subqueries with OFFSET 0 or LIMIT 1, because the planner does not
flatten those: a plan made while a table was empty would otherwise read the whole table later
(`tests/stores/test_postgres_plans.py`). LIMIT 1 also tells the planner that there is one row at most. Otherwise it
expects a hundred times as many, and sets up hash tables for them, which takes longer than all look-ups together.
Everything comes back as one JSON document, which pydantic turns into records.
"""

from pydantic import TypeAdapter

from app.stores.postgres.loaded import FoundMessages, Loaded
from app.stores.postgres.prefetch import Locks, ReadSet
from app.stores.postgres.transaction import Parameter, QueryResult, Transaction
from app.stores.postgres.working_set import WorkingSet

#: Advisory locks on names, so that something can be locked before it has a row. The subquery is sorted before the
#: outer query takes the first lock: all transactions take their locks in the same order and cannot deadlock.
_LOCK = """
SELECT name, pg_advisory_xact_lock(hashtextextended(name, 0)) FROM (
    SELECT unnest(%(names)s::text[]) COLLATE "C" AS name
    UNION
    SELECT 'c:' || id FROM caregivers WHERE phone = ANY(%(phones)s)
    UNION
    SELECT 's:' || shift_id FROM fanouts
    WHERE shift_id = ANY(%(claimable)s) AND status IN ('open', 'exhausted')
    UNION
    SELECT 's:' || f.shift_id
    FROM (SELECT id FROM caregivers WHERE phone = ANY(%(offered_to)s) OFFSET 0) AS c
    CROSS JOIN LATERAL (
        SELECT shift_id FROM offers WHERE caregiver_id = c.id AND named ORDER BY code OFFSET 0
    ) AS o
    CROSS JOIN LATERAL (
        SELECT shift_id FROM fanouts WHERE shift_id = o.shift_id AND status IN ('open', 'exhausted') OFFSET 0
    ) AS f
    ORDER BY name
) AS named
"""

#: The messages that receipts name. Run only for receipts, so that nothing else waits for it.
_FIND_MESSAGES = """
SELECT json_build_object(
    'contacts', (
        SELECT coalesce(json_agg(json_build_array(c.shift_id, c.generation, c.channel, c.caregiver_id)), '[]')
        FROM (
            SELECT c.* FROM unnest(%(message_ids)s::text[]) AS k(id)
            CROSS JOIN LATERAL (SELECT * FROM contacts WHERE message_id = k.id ORDER BY message_id OFFSET 0) AS c
            UNION ALL
            SELECT c.* FROM unnest(%(provider_ids)s::text[]) AS k(id)
            CROSS JOIN LATERAL (SELECT * FROM contacts WHERE provider_id = k.id ORDER BY provider_id OFFSET 0) AS c
        ) AS c
    ),
    'notices', (
        SELECT coalesce(json_agg(n.id), '[]')
        FROM (
            SELECT n.id FROM unnest(%(message_ids)s::text[]) AS k(id)
            CROSS JOIN LATERAL (SELECT id FROM notices WHERE id = k.id OFFSET 0) AS n
            UNION ALL
            SELECT n.id FROM unnest(%(provider_ids)s::text[]) AS k(id)
            CROSS JOIN LATERAL (SELECT id FROM notices WHERE provider_id = k.id ORDER BY provider_id OFFSET 0) AS n
        ) AS n
    )
)::text
"""

_LOAD = """
WITH roster AS MATERIALIZED (
    SELECT r.n, c.id
    FROM unnest(%(roster_roles)s::text[], %(roster_afters)s::text[], %(roster_limits)s::integer[])
        WITH ORDINALITY AS r(role, after, most, n)
    CROSS JOIN LATERAL (
        SELECT caregiver_id AS id FROM caregiver_roles
        WHERE role_key = r.role AND caregiver_id > r.after ORDER BY caregiver_id LIMIT r.most
    ) AS c
), late AS MATERIALIZED (
    SELECT o.*
    FROM unnest(%(late_shifts)s::text[], %(late_limits)s::integer[]) AS l(shift_id, most)
    CROSS JOIN LATERAL (
        SELECT * FROM offers WHERE offers.shift_id = l.shift_id AND accepted_late_at IS NOT NULL
        ORDER BY accepted_late_at, caregiver_id LIMIT l.most
    ) AS o
), caregiver_ids AS MATERIALIZED (
    SELECT unnest(%(caregivers)s::text[]) COLLATE "C" AS id
    UNION
    SELECT c.id
    FROM (SELECT unnest(%(phones)s::text[]) AS phone UNION SELECT unnest(%(pair_phones)s::text[])) AS k
    CROSS JOIN LATERAL (SELECT id FROM caregivers WHERE phone = k.phone LIMIT 1) AS c
    UNION SELECT id FROM roster
    UNION SELECT caregiver_id FROM late
), people AS MATERIALIZED (
    -- By the order of the ids: while there are few rows, another index costs no more, and it would be read as a
    -- whole.
    SELECT c.* FROM caregiver_ids AS k
    CROSS JOIN LATERAL (SELECT * FROM caregivers WHERE id BETWEEN k.id AND k.id ORDER BY id LIMIT 1) AS c
), roles AS MATERIALIZED (
    SELECT unnest(%(roles)s::text[]) COLLATE "C" AS role UNION SELECT unnest(role_keys) FROM people
), planning AS MATERIALIZED (
    SELECT f.* FROM roles
    CROSS JOIN LATERAL (SELECT * FROM fanouts WHERE role = roles.role AND planned_up_to IS NOT NULL OFFSET 0) AS f
), relevant_offers AS MATERIALIZED (
    SELECT o.*
    FROM people p
    CROSS JOIN LATERAL (SELECT * FROM offers WHERE caregiver_id = p.id AND named ORDER BY code OFFSET 0) AS o
    LEFT JOIN LATERAL (SELECT closed_at FROM fanouts WHERE shift_id = o.shift_id LIMIT 1) AS f ON true
    LEFT JOIN LATERAL (SELECT caregiver_id FROM assignments WHERE shift_id = o.shift_id LIMIT 1) AS a ON true
    -- An offer that was declined long ago can still be won while its fanout is open.
    WHERE a.caregiver_id = p.id OR f.closed_at IS NULL OR (
        coalesce(o.closed_at, 'infinity') > %(relevant_since)s AND f.closed_at > %(relevant_since)s
    )
    UNION
    SELECT o.*
    FROM (
        SELECT * FROM unnest(%(pair_shifts)s::text[], %(pair_caregivers)s::text[]) AS p(shift_id, caregiver_id)
        UNION
        SELECT p.shift_id, c.id
        FROM unnest(%(phone_pair_shifts)s::text[], %(pair_phones)s::text[]) AS p(shift_id, phone)
        JOIN people c USING (phone)
        UNION
        SELECT u.shift_id, p.id FROM planning u JOIN people p ON u.role = ANY(p.role_keys)
    ) AS p
    CROSS JOIN LATERAL (
        SELECT * FROM offers WHERE shift_id = p.shift_id AND caregiver_id = p.caregiver_id LIMIT 1
    ) AS o
    UNION
    SELECT * FROM late
), held_by_night AS MATERIALIZED (
    SELECT o.id AS organization_id, s.id AS shift_id
    FROM unnest(%(with_held_fanouts)s::text[]) AS o(id)
    CROSS JOIN LATERAL (
        SELECT id FROM shifts WHERE organization_id = o.id AND end_time > %(now)s AND deleted_at IS NULL
        ORDER BY end_time, id OFFSET 0
    ) AS s
    CROSS JOIN LATERAL (
        SELECT generation FROM fanouts WHERE shift_id = s.id AND status IN ('open', 'exhausted') LIMIT 1
    ) AS f
    CROSS JOIN LATERAL (
        SELECT FROM contacts
        WHERE shift_id = s.id AND generation = f.generation AND channel IN ('sms', 'voice')
            AND status = 'queued' AND held IS NOT NULL AND held = 'quiet_hours'
        ORDER BY shift_id, generation LIMIT 1
    ) AS c
), shift_ids AS MATERIALIZED (
    SELECT unnest(%(shifts)s::text[]) COLLATE "C" AS id
    UNION SELECT shift_id FROM held_by_night
    UNION SELECT shift_id FROM relevant_offers
    UNION SELECT shift_id FROM planning
), named_shifts AS MATERIALIZED (
    -- By the order of the ids, as for people.
    SELECT s.* FROM shift_ids AS k
    CROSS JOIN LATERAL (SELECT * FROM shifts WHERE id BETWEEN k.id AND k.id ORDER BY id LIMIT 1) AS s
), earliest AS MATERIALIZED (
    -- A shift that ended before this time cannot overlap any of these shifts, and leaves enough rest before them,
    -- whichever organizations the two are of.
    SELECT least(%(now)s, min(start_time))
        - coalesce((SELECT max(minimum_rest) FROM organizations), 0) * interval '1 second' AS at
    FROM named_shifts
), held AS MATERIALIZED (
    SELECT a.shift_id FROM people p
    CROSS JOIN LATERAL (
        SELECT shift_id FROM assignments
        WHERE caregiver_id = p.id AND matters_until > (SELECT at FROM earliest)
        ORDER BY matters_until OFFSET 0
    ) AS a
), all_shift_ids AS MATERIALIZED (
    SELECT id FROM shift_ids UNION SELECT shift_id FROM held
), held_shifts AS MATERIALIZED (
    SELECT s.* FROM held AS h
    CROSS JOIN LATERAL (SELECT * FROM shifts WHERE id BETWEEN h.shift_id AND h.shift_id ORDER BY id LIMIT 1) AS s
), their_fanouts AS MATERIALIZED (
    SELECT f.* FROM all_shift_ids AS k
    CROSS JOIN LATERAL (SELECT * FROM fanouts WHERE shift_id = k.id LIMIT 1) AS f
)
SELECT json_build_object(
    'caregivers', (SELECT coalesce(json_agg(p), '[]') FROM people p),
    'last_codes', (SELECT coalesce(json_object_agg(id, last_code), '{}') FROM people),
    'numbers', (
        SELECT coalesce(json_agg(o), '[]')
        FROM (SELECT unnest(%(phones)s::text[]) AS phone UNION SELECT phone FROM people) AS p
        CROSS JOIN LATERAL (SELECT * FROM numbers WHERE phone = p.phone LIMIT 1) AS o
    ),
    'channels', (SELECT json_agg(c) FROM channels c WHERE channel IN ('sms', 'voice')),
    'shifts', (
        SELECT coalesce(json_agg(s), '[]')
        FROM (SELECT * FROM named_shifts UNION SELECT * FROM held_shifts) AS s
    ),
    'organizations', (
        SELECT coalesce(json_agg(o), '[]')
        FROM (
            SELECT unnest(%(organizations)s::text[]) COLLATE "C" AS id
            UNION SELECT organization_id FROM named_shifts
            UNION SELECT organization_id FROM held_shifts
            UNION SELECT organization_id FROM people
        ) AS k
        CROSS JOIN LATERAL (SELECT * FROM organizations WHERE id = k.id LIMIT 1) AS o
    ),
    'shifts_to_come', (
        SELECT coalesce(json_object_agg(k.id, s), '{}')
        FROM unnest(%(with_shifts_to_come)s::text[]) AS k(id)
        CROSS JOIN LATERAL (
            SELECT * FROM shifts WHERE organization_id = k.id AND end_time > %(now)s AND deleted_at IS NULL
            ORDER BY end_time, id LIMIT 1
        ) AS s
    ),
    'forgotten', (
        SELECT coalesce(json_object_agg(k.id, f.generation), '{}')
        FROM unnest(%(forgotten)s::text[]) AS k(id)
        CROSS JOIN LATERAL (
            SELECT (data ->> 'generation')::integer AS generation FROM facts
            WHERE shift_id = k.id AND data ->> 'change' = 'forgotten' ORDER BY shift_id, id DESC LIMIT 1
        ) AS f
        WHERE NOT EXISTS (SELECT FROM fanouts WHERE shift_id = k.id OFFSET 0)
    ),
    'held_fanouts', (
        SELECT coalesce(json_agg(json_build_array(organization_id, shift_id)), '[]') FROM held_by_night
    ),
    'fanouts', (SELECT coalesce(json_agg(f), '[]') FROM their_fanouts f),
    'last_turns', (SELECT coalesce(json_object_agg(shift_id, last_turn), '{}') FROM their_fanouts),
    'assignments', (
        SELECT coalesce(json_agg(a), '[]')
        FROM all_shift_ids AS k
        CROSS JOIN LATERAL (SELECT * FROM assignments WHERE shift_id = k.id LIMIT 1) AS a
    ),
    'offers', (SELECT coalesce(json_agg(o ORDER BY o.turn), '[]') FROM relevant_offers o),
    'offers_with_code', (
        SELECT coalesce(json_agg(json_build_array(shift_id, caregiver_id)), '[]') FROM relevant_offers WHERE named
    ),
    'contacts', (
        SELECT coalesce(json_agg(c), '[]')
        FROM unnest(
            %(contact_shifts)s::text[], %(contact_generations)s::integer[],
            %(contact_channels)s::text[], %(contact_caregivers)s::text[]
        ) AS k(shift_id, generation, channel, caregiver_id)
        CROSS JOIN LATERAL (
            SELECT * FROM contacts
            WHERE shift_id = k.shift_id AND generation = k.generation AND channel = k.channel
                AND caregiver_id = k.caregiver_id
            LIMIT 1
        ) AS c
    ),
    'contact_counts', (
        SELECT coalesce(json_agg(json_build_array(k.shift_id, k.generation, c.counts)), '[]')
        FROM unnest(%(counted_shifts)s::text[], %(counted_generations)s::integer[]) AS k(shift_id, generation)
        CROSS JOIN LATERAL (
            SELECT coalesce(json_object_agg(status, contacts), '{}') AS counts FROM fanout_counts
            WHERE shift_id = k.shift_id AND generation = k.generation AND status <> 'asked'
        ) AS c
    ),
    'notices', (SELECT coalesce(json_agg(n), '[]') FROM notices n WHERE id = ANY(%(notices)s)),
    'notices_about', (
        SELECT coalesce(json_agg(n), '[]')
        FROM unnest(%(notice_shifts)s::text[], %(notice_caregivers)s::text[]) AS k(shift_id, caregiver_id)
        CROSS JOIN LATERAL (
            SELECT * FROM notices WHERE shift_id = k.shift_id AND caregiver_id = k.caregiver_id OFFSET 0
        ) AS n
    ),
    'alerts', (
        SELECT coalesce(json_agg(n), '[]') FROM unnest(%(alerted_phones)s::text[]) AS k(phone)
        CROSS JOIN LATERAL (
            SELECT * FROM notices
            WHERE phone = k.phone AND alert IS NOT NULL AND created_at > %(alerts_since)s OFFSET 0
        ) AS n
    ),
    'sent_offers', (
        SELECT coalesce(json_agg(s), '[]') FROM unnest(%(sent_to)s::text[]) AS k(id)
        CROSS JOIN LATERAL (
            SELECT * FROM sent_offers WHERE caregiver_id = k.id AND at > %(sent_since)s OFFSET 0
        ) AS s
    ),
    'offices', (
        SELECT coalesce(json_agg(o ORDER BY o.id), '[]') FROM unnest(%(office_phones)s::text[]) AS k(phone)
        CROSS JOIN LATERAL (
            SELECT * FROM organizations WHERE office_phone = k.phone ORDER BY office_phone, id OFFSET 0
        ) AS o
    ),
    'answers', (
        SELECT coalesce(json_agg(json_build_object(
            'key', json_build_array(m.phone, m.channel, m.message_id), 'answer', m.answer, 'at', m.at
        )), '[]')
        FROM unnest(%(message_phones)s::text[], %(message_channels)s::text[], %(message_ids)s::text[])
            AS k(phone, channel, message_id)
        CROSS JOIN LATERAL (
            SELECT * FROM inbound_messages
            WHERE phone = k.phone AND channel = k.channel AND message_id = k.message_id LIMIT 1
        ) AS m
    ),
    'rosters', (SELECT coalesce(json_agg(json_build_array(n, id) ORDER BY n, id), '[]') FROM roster)
)::text
"""

_LOADED = TypeAdapter(Loaded)
_FOUND_MESSAGES = TypeAdapter(FoundMessages)


async def take_locks(transaction: Transaction, locks: Locks) -> QueryResult:
    """Take the locks in the order of their names, and wait for each. `locked_names` reads the result."""
    return await transaction.execute(
        _LOCK,
        {
            "names": sorted(locks.names),
            "phones": sorted(locks.phones),
            "claimable": sorted(locks.claimable),
            "offered_to": sorted(locks.offered_to),
        },
    )


def locked_names(result: QueryResult) -> set[str]:
    """The names of the locks that `take_locks` took."""
    return {str(name) for name, _ in result.rows()}


async def _find_messages(transaction: Transaction, read_set: ReadSet) -> None:
    """Add the contacts and notices with the ids of the read set to it."""
    given = {"message_ids": sorted(read_set.message_ids), "provider_ids": sorted(read_set.provider_ids)}
    result = await transaction.execute(_FIND_MESSAGES, given)
    await transaction.sync()
    found = _FOUND_MESSAGES.validate_json(result.value())
    read_set.contacts |= set(found.contacts)
    read_set.notices |= set(found.notices)


async def load(transaction: Transaction, read_set: ReadSet) -> WorkingSet:
    """Load all that the read set names, in one statement, after one that finds the messages that receipts name."""
    if read_set.message_ids or read_set.provider_ids:
        await _find_messages(transaction, read_set)
    messages, notice_pairs = sorted(read_set.message_keys), sorted(read_set.notice_pairs)
    rosters, late, counted = sorted(read_set.rosters), sorted(read_set.late), sorted(read_set.counted)
    offers, offers_by_phone, contacts = (
        sorted(read_set.offers),
        sorted(read_set.offers_by_phone),
        sorted(read_set.contacts),
    )
    given: dict[str, Parameter] = {
        "now": read_set.now,
        "relevant_since": read_set.relevant_since,
        "message_phones": [key.phone for key in messages],
        "message_channels": [key.channel.value for key in messages],
        "message_ids": [key.message_id for key in messages],
        "notice_shifts": [shift_id for shift_id, _ in notice_pairs],
        "notice_caregivers": [caregiver_id for _, caregiver_id in notice_pairs],
        "phones": sorted(read_set.phones),
        "caregivers": sorted(read_set.caregivers),
        "shifts": sorted(read_set.shifts),
        "organizations": sorted(read_set.organizations),
        "with_shifts_to_come": sorted(read_set.with_shifts_to_come),
        "forgotten": sorted(read_set.forgotten),
        "with_held_fanouts": sorted(read_set.with_held_fanouts),
        "pair_shifts": [shift_id for shift_id, _ in offers],
        "pair_caregivers": [caregiver_id for _, caregiver_id in offers],
        "phone_pair_shifts": [shift_id for shift_id, _ in offers_by_phone],
        "pair_phones": [phone for _, phone in offers_by_phone],
        "contact_shifts": [key.shift_id for key in contacts],
        "contact_generations": [key.generation for key in contacts],
        "contact_channels": [key.channel.value for key in contacts],
        "contact_caregivers": [key.caregiver_id for key in contacts],
        "counted_shifts": [shift_id for shift_id, _ in counted],
        "counted_generations": [generation for _, generation in counted],
        "notices": sorted(read_set.notices),
        "alerted_phones": sorted(read_set.alerted_phones),
        "alerts_since": read_set.alerts_since,
        "office_phones": sorted(read_set.office_phones),
        "sent_to": sorted(read_set.sent_to),
        "sent_since": read_set.sent_since,
        "roles": sorted(read_set.roles),
        "roster_roles": [key.role for key in rosters],
        "roster_afters": [key.after for key in rosters],
        "late_shifts": [key.shift_id for key in late],
        "late_limits": [key.limit for key in late],
        "roster_limits": [key.limit for key in rosters],
    }
    result = await transaction.execute(_LOAD, given)
    await transaction.sync()
    return WorkingSet(read_set, rosters, _LOADED.validate_json(result.value()))
