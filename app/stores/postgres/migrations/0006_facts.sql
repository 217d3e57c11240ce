-- works with: 4
-- What has happened is on record. Programs of the version before write no facts, and need not know the table.

CREATE SEQUENCE fact_ids;
CREATE TABLE facts (
    id bigint PRIMARY KEY DEFAULT nextval('fact_ids'),
    at timestamptz NOT NULL,
    type text NOT NULL,
    actor text NOT NULL,
    shift_id text COLLATE "C",
    caregiver_id text COLLATE "C",
    data json NOT NULL
);
CREATE INDEX facts_of_shift ON facts (shift_id, id) WHERE shift_id IS NOT NULL;

ALTER TABLE fanouts ADD COLUMN unanswered_at timestamptz;
