-- works with: 4
-- Operators see how many fanouts are open, and how long they took to be answered. Programs of the version before do not
-- write the time of the first answer, and read nothing of it.

ALTER TABLE fanouts ADD COLUMN answered_at timestamptz;
CREATE INDEX fanouts_open ON fanouts (shift_id) WHERE status = 'open';
