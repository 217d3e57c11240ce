-- works with: 4
-- When each record last changed, for lists of what changed after a given time. Programs of the version before store
-- the time of a new record, but not that of a change.

-- The last time that was given out, in microseconds since 1970.
CREATE SEQUENCE record_updates;

-- The time of a change made at `now`: that time, or a microsecond after the last change. Programs call it while they
-- hold the lock of the log until they commit, so changes become visible in the order of their times.
CREATE FUNCTION next_update(now timestamptz) RETURNS timestamptz LANGUAGE sql VOLATILE AS $$
SELECT timestamptz 'epoch' + interval '1 microsecond' * setval('record_updates', greatest(
    nextval('record_updates'), (extract(epoch FROM now) * 1000000)::bigint
));
$$;

-- The records that are there count as changed now, each at a time of its own.
ALTER TABLE caregivers ADD COLUMN updated_at timestamptz NOT NULL DEFAULT next_update(now());
CREATE INDEX caregivers_updated ON caregivers (updated_at);
ALTER TABLE organizations ADD COLUMN updated_at timestamptz NOT NULL DEFAULT next_update(now());
CREATE INDEX organizations_updated ON organizations (updated_at);
ALTER TABLE shifts ADD COLUMN updated_at timestamptz NOT NULL DEFAULT next_update(now());
CREATE INDEX shifts_updated ON shifts (updated_at);
