-- works with: 4
-- What has happened is on record, and is sent to another system. Programs of the version before write no facts, and
-- need not know the tables.

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

-- The events that were not sent yet, one row for each stream of facts that has any. The facts are in the log.

CREATE TABLE event_streams (
    stream text COLLATE "C" PRIMARY KEY,
    next_id bigint NOT NULL,
    last_id bigint NOT NULL,
    attempts integer NOT NULL DEFAULT 0,
    -- When a worker may take it: now, after the wait that follows a failed try, or when the lease of another one ends.
    due_at timestamptz NOT NULL
) WITH (fillfactor = 70);
CREATE INDEX event_streams_due ON event_streams (due_at);
CREATE INDEX facts_to_send ON facts ((coalesce('s:' || shift_id, 'c:' || caregiver_id, '')) COLLATE "C", id)
    WHERE type NOT IN ('offer.sent', 'record.changed');
