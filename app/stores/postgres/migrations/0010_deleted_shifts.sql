-- works with: 4
-- A deleted shift keeps its record until its fanout is forgotten, so that late replies are answered. A program of the
-- version before still lists it, as an open shift.

ALTER TABLE shifts ADD COLUMN deleted_at timestamptz;
