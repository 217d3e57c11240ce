"""The statements that write.

Most take the rows of one table as a JSON array, with the columns as keys. Those that need only keys take an array of
keys or a single key.

Put conditions on a row outside the subquery that finds it. Only there does PostgreSQL check them again after the
statement has waited for another transaction. A LATERAL subquery finds the `ctid` of an existing row by its key, as in
`loading`, and the row is updated by its `ctid`. PostgreSQL releases before November 2025 do not check the `ctid`
again.
"""

from typing import LiteralString

UPSERT_CAREGIVERS = """
INSERT INTO caregivers (
    id, name, role, roles, phone, organization_id, organization_ids, time_zone, language, role_key, role_keys,
    updated_at
)
SELECT id, name, role, roles, phone, organization_id, organization_ids, time_zone, language, role_key, role_keys,
    updated_at
FROM json_populate_recordset(NULL::caregivers, %s)
ON CONFLICT (id) DO UPDATE SET
    name = excluded.name, role = excluded.role, roles = excluded.roles, phone = excluded.phone,
    organization_id = excluded.organization_id, organization_ids = excluded.organization_ids,
    time_zone = excluded.time_zone, language = excluded.language,
    role_key = excluded.role_key, role_keys = excluded.role_keys
"""
UPSERT_ORGANIZATIONS = """
INSERT INTO organizations (id, name, time_zone, office_phone, quiet_hours, escalate_after_s, minimum_rest, updated_at)
SELECT id, name, time_zone, office_phone, quiet_hours, escalate_after_s, minimum_rest, updated_at
FROM json_populate_recordset(NULL::organizations, %s)
ON CONFLICT (id) DO UPDATE SET
    name = excluded.name, time_zone = excluded.time_zone, office_phone = excluded.office_phone,
    quiet_hours = excluded.quiet_hours, escalate_after_s = excluded.escalate_after_s,
    minimum_rest = excluded.minimum_rest
"""
DELETE_ORGANIZATIONS = "DELETE FROM organizations WHERE id = ANY(%s)"
UPSERT_SHIFTS = """
INSERT INTO shifts (
    id, organization_id, role_required, start_time, end_time, time_zone, location, utc_offset_s, facts_changed_at,
    deleted_at, role_key, search_text, updated_at
)
SELECT
    id, organization_id, role_required, start_time, end_time, time_zone, location, utc_offset_s, facts_changed_at,
    deleted_at, role_key, search_text, updated_at
FROM json_populate_recordset(NULL::shifts, %s)
ON CONFLICT (id) DO UPDATE SET
    organization_id = excluded.organization_id, role_required = excluded.role_required,
    start_time = excluded.start_time, end_time = excluded.end_time,
    time_zone = excluded.time_zone, location = excluded.location,
    utc_offset_s = excluded.utc_offset_s, facts_changed_at = excluded.facts_changed_at,
    deleted_at = excluded.deleted_at,
    role_key = excluded.role_key, search_text = excluded.search_text
"""
DELETE_SHIFTS = """
DELETE FROM shifts USING unnest(%s::text[]) AS r(id)
CROSS JOIN LATERAL (SELECT ctid AS row_id FROM shifts WHERE id = r.id OFFSET 0) AS found
WHERE shifts.ctid = found.row_id
"""
#: A holder is never replaced: if another caregiver holds the shift, no row changes, and
#: `_Writer._execute(every_row=True)` raises.
UPSERT_ASSIGNMENTS = """
INSERT INTO assignments (
    shift_id, caregiver_id, claimed_at, claimed_via, release_requested_at, not_qualified_since, during, matters_until
)
SELECT r.shift_id, r.caregiver_id, r.claimed_at, r.claimed_via, r.release_requested_at, r.not_qualified_since,
    tstzrange(s.start_time, s.end_time),
    CASE WHEN r.release_requested_at IS NULL THEN greatest(s.end_time, r.matters_until) ELSE 'infinity' END
FROM json_populate_recordset(NULL::assignments, %s) AS r
CROSS JOIN LATERAL (SELECT start_time, end_time FROM shifts WHERE id = r.shift_id OFFSET 0) AS s
ON CONFLICT (shift_id) DO UPDATE SET
    claimed_at = excluded.claimed_at, claimed_via = excluded.claimed_via, during = excluded.during,
    release_requested_at = excluded.release_requested_at, not_qualified_since = excluded.not_qualified_since,
    matters_until = excluded.matters_until
WHERE assignments.caregiver_id = excluded.caregiver_id
"""
DELETE_ASSIGNMENTS = "DELETE FROM assignments WHERE shift_id = ANY(%s)"
#: When a round begins (`last_turn` is null), its turns start at the lowest one that waits in its channel. If they
#: started at 1, it would send alone until it had caught up with the fanouts under way.
#: A write that changes `app.domain.due_steps.pending_work` ends the lease, so that the fanout is due again.
UPSERT_FANOUTS = """
INSERT INTO fanouts (
    shift_id, generation, role, status, round, started_at, escalates_at, can_still_accept, planned_up_to,
    late_first, exhausted_at, answered_at, unanswered_at, closed_at, due_at, urgent, held_until,
    last_turn
)
SELECT shift_id, generation, role, status, round, started_at, escalates_at, can_still_accept, planned_up_to,
    late_first, exhausted_at, answered_at, unanswered_at, closed_at, due_at, urgent, held_until,
    coalesce(last_turn, (
        SELECT min(c.turn) - 1 FROM contacts c WHERE c.channel = f.round AND c.status = 'queued' AND c.due_at IS NULL
    ), 0)
FROM json_populate_recordset(NULL::fanouts, %s) AS f
ON CONFLICT (shift_id) DO UPDATE SET
    generation = excluded.generation, role = excluded.role, status = excluded.status, round = excluded.round,
    started_at = excluded.started_at, escalates_at = excluded.escalates_at,
    can_still_accept = excluded.can_still_accept, planned_up_to = excluded.planned_up_to,
    late_first = excluded.late_first, exhausted_at = excluded.exhausted_at, answered_at = excluded.answered_at,
    unanswered_at = excluded.unanswered_at, closed_at = excluded.closed_at, urgent = excluded.urgent,
    held_until = excluded.held_until,
    due_at = excluded.due_at, last_turn = excluded.last_turn,
    leased_until = CASE
        WHEN (fanouts.generation, fanouts.due_at, fanouts.late_first, fanouts.planned_up_to)
            IS NOT DISTINCT FROM (excluded.generation, excluded.due_at, excluded.late_first, excluded.planned_up_to)
        THEN fanouts.leased_until
    END
"""
#: When a newer offer gets a code that is free again, the older offer loses it.
TRANSFER_CODES = """
UPDATE offers SET named = false
FROM json_populate_recordset(NULL::offers, %s) AS r
CROSS JOIN LATERAL (
    SELECT ctid AS row_id FROM offers
    WHERE caregiver_id = r.caregiver_id AND code = r.code AND named AND shift_id <> r.shift_id ORDER BY code OFFSET 0
) AS found
WHERE offers.ctid = found.row_id
"""
UPDATE_LAST_CODES = """
UPDATE caregivers SET last_code = r.last_code
FROM json_populate_recordset(NULL::caregivers, %s) AS r
CROSS JOIN LATERAL (SELECT ctid AS row_id FROM caregivers WHERE id = r.id OFFSET 0) AS found
WHERE caregivers.ctid = found.row_id
"""
UPSERT_OFFERS = """
INSERT INTO offers (
    shift_id, caregiver_id, generation, code, state, closed_at, notices_sent, accepted_late_at, questions_sent,
    unclear_since, opted_out_yes_at, turn
)
SELECT
    shift_id, caregiver_id, generation, code, state, closed_at, notices_sent, accepted_late_at, questions_sent,
    unclear_since, opted_out_yes_at, nextval('turns')
FROM json_populate_recordset(NULL::offers, %s)
ON CONFLICT (shift_id, caregiver_id) DO UPDATE SET
    generation = excluded.generation, code = excluded.code, state = excluded.state,
    closed_at = excluded.closed_at, notices_sent = excluded.notices_sent,
    accepted_late_at = excluded.accepted_late_at, questions_sent = excluded.questions_sent,
    unclear_since = excluded.unclear_since, opted_out_yes_at = excluded.opted_out_yes_at,
    named = offers.named OR offers.code <> excluded.code,
    turn = CASE WHEN offers.code = excluded.code THEN offers.turn ELSE excluded.turn END
"""
INSERT_CONTACTS = """
WITH new AS (
    INSERT INTO contacts (
        shift_id, generation, channel, caregiver_id, status, updated_at, phone, attempts, error, due_at,
        held, handed_over_at, body, maybe_sent, message_id, provider_id, first_attempt_at, ask_at, ended_at, turn
    )
    SELECT shift_id, generation, channel, caregiver_id, status, updated_at, phone, attempts, error, due_at,
        held, handed_over_at, body, maybe_sent, message_id, provider_id, first_attempt_at, ask_at, ended_at, turn
    FROM json_populate_recordset(NULL::contacts, %s)
    RETURNING shift_id, generation, channel, caregiver_id
)
INSERT INTO fanout_counts (shift_id, generation, status, contacts)
SELECT shift_id, generation, 'asked', count(*) FROM new
WHERE NOT EXISTS (
    SELECT FROM contacts c
    WHERE c.shift_id = new.shift_id AND c.generation = new.generation
        AND c.channel = CASE new.channel WHEN 'sms' THEN 'voice' ELSE 'sms' END AND c.caregiver_id = new.caregiver_id
    OFFSET 0
)
GROUP BY shift_id, generation ORDER BY shift_id
ON CONFLICT (shift_id, generation, status) DO UPDATE
SET contacts = fanout_counts.contacts + excluded.contacts
"""
UPDATE_CONTACTS = """
UPDATE contacts SET
    status = r.status, updated_at = r.updated_at, phone = r.phone, attempts = r.attempts, error = r.error,
    due_at = r.due_at, held = r.held, handed_over_at = r.handed_over_at, body = r.body, maybe_sent = r.maybe_sent,
    message_id = r.message_id, provider_id = r.provider_id, first_attempt_at = r.first_attempt_at, ask_at = r.ask_at,
    ended_at = r.ended_at, leased_until = r.leased_until
FROM json_to_recordset(%s) AS r (
    shift_id text, generation integer, channel text, caregiver_id text, status text, updated_at timestamptz,
    phone text, attempts integer, error text, due_at timestamptz, held text,
    handed_over_at timestamptz, body text, maybe_sent boolean, message_id text, provider_id text,
    first_attempt_at timestamptz, ask_at timestamptz, ended_at timestamptz,
    leased_until timestamptz, was_status text, was_attempts integer
)
CROSS JOIN LATERAL (
    SELECT ctid AS row_id FROM contacts
    WHERE shift_id = r.shift_id AND generation = r.generation AND channel = r.channel
        AND caregiver_id = r.caregiver_id
    OFFSET 0
) AS found
WHERE contacts.ctid = found.row_id AND contacts.status = r.was_status AND contacts.attempts = r.was_attempts
"""
#: DO NOTHING: if the connection broke during a commit, the transaction may be repeated after it was committed.
INSERT_NOTICES = """
INSERT INTO notices (
    id, kind, caregiver_id, body, phone, status, created_at, updated_at, shift_id, organization_id, attempts, error,
    due_at, handed_over_at, maybe_sent, provider_id, first_attempt_at, ask_at, alert, turn
)
SELECT id, kind, caregiver_id, body, phone, status, created_at, updated_at, shift_id, organization_id, attempts,
    error, due_at, handed_over_at, maybe_sent, provider_id, first_attempt_at, ask_at, alert, nextval('turns')
FROM json_populate_recordset(NULL::notices, %s)
ON CONFLICT (id) DO NOTHING
"""
UPDATE_NOTICES = """
UPDATE notices SET
    body = r.body, status = r.status, updated_at = r.updated_at, attempts = r.attempts, error = r.error,
    due_at = r.due_at, handed_over_at = r.handed_over_at, maybe_sent = r.maybe_sent, provider_id = r.provider_id,
    first_attempt_at = r.first_attempt_at, ask_at = r.ask_at, alert = r.alert, leased_until = r.leased_until
FROM json_to_recordset(%s) AS r (
    id text, body text, status text, updated_at timestamptz, attempts integer, error text, due_at timestamptz,
    handed_over_at timestamptz, maybe_sent boolean, provider_id text, first_attempt_at timestamptz,
    ask_at timestamptz, alert json, leased_until timestamptz, was_status text, was_attempts integer
)
CROSS JOIN LATERAL (SELECT ctid AS row_id FROM notices WHERE id = r.id OFFSET 0) AS found
WHERE notices.ctid = found.row_id AND notices.status = r.was_status AND notices.attempts = r.was_attempts
"""
DELETE_SETTLED_NOTICES = """
DELETE FROM notices
USING json_to_recordset(%s) AS r (id text, was_status text, was_attempts integer)
CROSS JOIN LATERAL (SELECT ctid AS row_id FROM notices WHERE id = r.id OFFSET 0) AS found
WHERE notices.ctid = found.row_id AND notices.status = r.was_status AND notices.attempts = r.was_attempts
"""
UPSERT_RESPONSES = """
INSERT INTO responses (shift_id, generation, caregiver_id, outcome, at, channel)
SELECT shift_id, generation, caregiver_id, outcome, at, channel
FROM json_populate_recordset(NULL::responses, %s)
ON CONFLICT (shift_id, generation, caregiver_id, outcome) DO UPDATE SET
    at = excluded.at, channel = excluded.channel, turn = excluded.turn
"""
UPSERT_EXCLUSIONS = """
INSERT INTO exclusions (shift_id, generation, caregiver_id, reason)
SELECT shift_id, generation, caregiver_id, reason FROM json_populate_recordset(NULL::exclusions, %s)
ON CONFLICT (shift_id, generation, caregiver_id) DO UPDATE SET reason = excluded.reason
"""
DELETE_EXCLUSIONS = """
DELETE FROM exclusions USING json_populate_recordset(NULL::exclusions, %s) AS r
CROSS JOIN LATERAL (
    SELECT ctid AS row_id FROM exclusions
    WHERE shift_id = r.shift_id AND generation = r.generation AND caregiver_id = r.caregiver_id OFFSET 0
) AS found
WHERE exclusions.ctid = found.row_id
"""
INSERT_ANSWERS = """
INSERT INTO inbound_messages (phone, channel, message_id, answer, at)
SELECT phone, channel, message_id, answer, at FROM json_populate_recordset(NULL::inbound_messages, %s)
"""
UPSERT_NUMBERS = """
INSERT INTO numbers (phone, opted_out, wrong_number_of, start_hint_at, answered_at)
SELECT phone, opted_out, wrong_number_of, start_hint_at, answered_at FROM json_populate_recordset(NULL::numbers, %s)
ON CONFLICT (phone) DO UPDATE SET
    opted_out = excluded.opted_out, wrong_number_of = excluded.wrong_number_of,
    start_hint_at = excluded.start_hint_at, answered_at = excluded.answered_at
"""
UPDATE_CHANNELS = """
UPDATE channels SET
    paused_until = r.paused_until, paused_at = r.paused_at, interval_s = r.interval_s, throttled = r.throttled,
    fault = r.fault, fault_until_delivered = r.fault_until_delivered
FROM json_populate_recordset(NULL::channels, %s) AS r
WHERE channels.channel = r.channel
"""
DELETE_CAREGIVERS = """
DELETE FROM caregivers USING unnest(%s::text[]) AS r(id)
CROSS JOIN LATERAL (SELECT ctid AS row_id FROM caregivers WHERE id = r.id OFFSET 0) AS found
WHERE caregivers.ctid = found.row_id
"""
ADD_TO_COUNTS = """
INSERT INTO fanout_counts (shift_id, generation, status, contacts)
SELECT shift_id, generation, status, contacts FROM json_populate_recordset(NULL::fanout_counts, %s)
ORDER BY shift_id, generation, status
ON CONFLICT (shift_id, generation, status) DO UPDATE
SET contacts = fanout_counts.contacts + excluded.contacts
"""
#: The rows of contacts are written first, so no two transactions write these rows at the same time.
UPSERT_SENT_OFFERS = """
INSERT INTO sent_offers (message_id, caregiver_id, at)
SELECT message_id, caregiver_id, at FROM json_populate_recordset(NULL::sent_offers, %s)
ON CONFLICT (message_id) DO UPDATE SET at = excluded.at WHERE sent_offers.at <> excluded.at
"""
DELETE_SENT_OFFERS = """
DELETE FROM sent_offers USING unnest(%s::text[]) AS r(message_id)
CROSS JOIN LATERAL (SELECT ctid AS row_id FROM sent_offers WHERE message_id = r.message_id OFFSET 0) AS found
WHERE sent_offers.ctid = found.row_id
"""
FORGET_SENT_OFFERS = """
DELETE FROM sent_offers
USING (SELECT ctid AS place FROM sent_offers WHERE at <= %s ORDER BY at LIMIT %s FOR UPDATE SKIP LOCKED) AS found
WHERE sent_offers.ctid = found.place
"""
FORGET_NOTICES = "DELETE FROM notices WHERE shift_id = ANY(%s) AND status NOT IN ('queued', 'sending')"
FORGET_DETAILS: tuple[LiteralString, ...] = (
    "DELETE FROM contacts WHERE shift_id = ANY(%s)",
    "DELETE FROM responses WHERE shift_id = ANY(%s)",
    "DELETE FROM exclusions WHERE shift_id = ANY(%s)",
    FORGET_NOTICES,
    "DELETE FROM fanout_counts WHERE shift_id = ANY(%s)",
)
#: Takes the shifts, and then the shifts and caregivers of the offers that are kept.
FORGET_OFFERS = """
DELETE FROM offers WHERE shift_id = ANY(%s) AND NOT EXISTS (
    SELECT FROM unnest(%s::text[], %s::text[]) AS kept(shift_id, caregiver_id)
    WHERE kept.shift_id = offers.shift_id AND kept.caregiver_id = offers.caregiver_id
)
"""
FORGET_FANOUTS = "DELETE FROM fanouts WHERE shift_id = ANY(%s)"
FORGET_ANSWERS = """
DELETE FROM inbound_messages
USING (
    SELECT ctid AS place FROM inbound_messages WHERE at < %s ORDER BY at LIMIT %s FOR UPDATE SKIP LOCKED
) AS found
WHERE inbound_messages.ctid = found.place
"""
