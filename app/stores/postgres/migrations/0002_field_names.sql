-- Columns of a record carry its fields' names, and the fields got names that say what they hold. Only names change.

ALTER TABLE fanouts RENAME COLUMN remaining TO can_still_accept;
ALTER TABLE fanouts RENAME COLUMN cursor TO planned_up_to;
ALTER INDEX fanouts_unwritten RENAME TO fanouts_in_planning;

ALTER TABLE offers RENAME COLUMN told TO notices_sent;
ALTER TABLE offers RENAME COLUMN late_at TO accepted_late_at;
ALTER INDEX offers_late RENAME TO offers_accepted_late;
