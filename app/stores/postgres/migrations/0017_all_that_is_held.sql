-- works with: 4
-- Counts what a fanout holds for any reason, not only at night. The query of the version before finds it too.

DROP INDEX contacts_held;
CREATE INDEX contacts_held ON contacts (shift_id, generation, channel, due_at, held)
WHERE status = 'queued' AND held IS NOT NULL;
