-- works with: 4
-- Offers wait for the end of quiet hours. Programs of the version before hold none and send those that are due.

ALTER TABLE contacts ADD COLUMN held text;
ALTER TABLE fanouts ADD COLUMN urgent boolean NOT NULL DEFAULT false;
ALTER TABLE fanouts ADD COLUMN held_until timestamptz;

-- Counts what a fanout holds, by the time at which it goes out.
CREATE INDEX contacts_held ON contacts (shift_id, generation, channel, due_at)
WHERE status = 'queued' AND held = 'quiet_hours';
-- Many wait for the same time, the end of a night. Fanouts take turns then too.
DROP INDEX contacts_waiting;
CREATE INDEX contacts_waiting ON contacts (channel, due_at, turn) WHERE status = 'queued' AND due_at IS NOT NULL;
