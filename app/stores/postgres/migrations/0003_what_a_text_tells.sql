-- Shifts end, numbers and channels have a status, messages keep their number, settled notices stay on record, and an
-- inbound message id belongs to its sender and channel.

ALTER TABLE shifts ADD COLUMN utc_offset_s integer NOT NULL DEFAULT 0;
ALTER TABLE shifts ADD COLUMN facts_changed_at timestamptz;

ALTER TABLE assignments ADD COLUMN not_qualified_since timestamptz;

ALTER TABLE fanouts ADD COLUMN exhausted_at timestamptz;
ALTER TABLE fanouts DROP CONSTRAINT fanouts_status_check;
ALTER TABLE fanouts ADD CHECK (status IN ('open', 'claimed', 'exhausted', 'expired', 'cancelled'));
ALTER TABLE fanouts DROP CONSTRAINT fanouts_check;
ALTER TABLE fanouts ADD CHECK ((status IN ('claimed', 'expired', 'cancelled')) = (closed_at IS NOT NULL));
UPDATE fanouts SET exhausted_at = started_at WHERE status = 'exhausted';
-- A fanout must be looked at when its shift ends, even if it was waiting for its retention.
UPDATE fanouts f SET due_at = least(f.due_at, s.end_time) FROM shifts s
WHERE s.id = f.shift_id AND f.status IN ('open', 'exhausted') AND f.planned_up_to IS NULL AND f.started_at < s.end_time;

ALTER TABLE offers ADD COLUMN questions_sent integer NOT NULL DEFAULT 0;
UPDATE offers SET questions_sent = 1 WHERE listed;
ALTER TABLE offers DROP COLUMN listed;
ALTER TABLE offers ADD COLUMN unclear_since timestamptz;
ALTER TABLE offers ADD COLUMN opted_out_yes_at timestamptz;
-- If the last answer about a fanout was not understood, a person must look.
UPDATE offers o SET unclear_since = last.at
FROM (
    SELECT DISTINCT ON (r.shift_id, r.caregiver_id) r.shift_id, r.caregiver_id, r.outcome, r.at
    FROM responses r JOIN fanouts f ON f.shift_id = r.shift_id AND f.generation = r.generation
    ORDER BY r.shift_id, r.caregiver_id, r.turn DESC
) AS last
WHERE last.shift_id = o.shift_id AND last.caregiver_id = o.caregiver_id AND last.outcome = 'unrecognized';
CREATE INDEX offers_marked ON offers (shift_id) WHERE unclear_since IS NOT NULL OR opted_out_yes_at IS NOT NULL;

ALTER TABLE contacts ADD COLUMN phone text NOT NULL DEFAULT '';
ALTER TABLE contacts ADD COLUMN handed_over_at timestamptz;
UPDATE contacts c SET phone = g.phone FROM caregivers g WHERE g.id = c.caregiver_id;
UPDATE contacts SET handed_over_at = updated_at WHERE attempts > 0;

ALTER TABLE notices ADD COLUMN phone text NOT NULL DEFAULT '';
ALTER TABLE notices ADD COLUMN organization_id text;
ALTER TABLE notices ADD COLUMN created_at timestamptz;
ALTER TABLE notices ADD COLUMN handed_over_at timestamptz;
UPDATE notices SET created_at = updated_at;
UPDATE notices n SET phone = g.phone FROM caregivers g WHERE g.id = n.caregiver_id;
UPDATE notices n SET organization_id = s.organization_id FROM shifts s WHERE s.id = n.shift_id;
ALTER TABLE notices ALTER COLUMN created_at SET NOT NULL;
ALTER TABLE notices DROP CONSTRAINT notices_status_check;
-- Settled notices about a shift stay until its fanout is forgotten; others are deleted.
ALTER TABLE notices ADD CHECK (status IN ('queued', 'sending', 'sent', 'delivered', 'failed', 'unknown', 'skipped'));
CREATE INDEX notices_of_shift ON notices (shift_id, caregiver_id);

ALTER TABLE opt_outs RENAME TO numbers;
ALTER TABLE numbers ADD COLUMN opted_out boolean NOT NULL DEFAULT true;
ALTER TABLE numbers ADD COLUMN wrong_number_of text;
ALTER TABLE numbers ADD COLUMN start_hint_at timestamptz;
ALTER TABLE numbers ADD COLUMN answered_at timestamptz[] NOT NULL DEFAULT '{}';

ALTER TABLE paces RENAME TO channels;
-- `next_at` is the store's own: when the channel's next message may go.
ALTER TABLE channels ADD COLUMN paused_until timestamptz;
ALTER TABLE channels ADD COLUMN paused_at timestamptz;
ALTER TABLE channels ADD COLUMN interval_s double precision NOT NULL DEFAULT 0;
ALTER TABLE channels ADD COLUMN throttled integer NOT NULL DEFAULT 0;
ALTER TABLE channels ADD COLUMN fault text;

ALTER TABLE inbound_messages ADD COLUMN phone text NOT NULL DEFAULT '';
ALTER TABLE inbound_messages ADD COLUMN channel text NOT NULL DEFAULT 'sms';
UPDATE inbound_messages m SET phone = g.phone FROM caregivers g WHERE g.id = m.answer ->> 'caregiver_id';
ALTER TABLE inbound_messages DROP CONSTRAINT inbound_messages_pkey;
ALTER TABLE inbound_messages ADD PRIMARY KEY (phone, channel, message_id);

-- Roles compare after NFKC, case folded, a run of white space as one space.
UPDATE caregivers SET role_key = lower(btrim(regexp_replace(normalize(role, NFKC), '\s+', ' ', 'g')));
UPDATE fanouts SET role = lower(btrim(regexp_replace(normalize(role, NFKC), '\s+', ' ', 'g')));
