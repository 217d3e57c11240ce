-- The records of the service, one small row per fact. Columns of a record have its fields' names; the others are
-- the store's own and commented. Ids sort by code point, as they do everywhere else in the service.

CREATE EXTENSION IF NOT EXISTS btree_gist;

-- The compare-and-set of writes that need no lock: rows that are not what they were when read fail the transaction,
-- which is then decided anew.
CREATE FUNCTION expect_rows(changed bigint, expected bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF changed <> expected THEN
        RAISE EXCEPTION 'changed since it was read' USING ERRCODE = 'serialization_failure';
    END IF;
END
$$;

CREATE TABLE caregivers (
    id text COLLATE "C" PRIMARY KEY,
    name text NOT NULL,
    role text NOT NULL,
    phone text NOT NULL UNIQUE,
    organization_id text,
    -- The form in which roles are compared.
    role_key text COLLATE "C" NOT NULL,
    -- The code given to the caregiver last.
    last_code integer NOT NULL DEFAULT 0
) WITH (fillfactor = 85);
CREATE INDEX caregivers_of_role ON caregivers (role_key, id);

-- Belongs to the number: outlives the caregiver.
CREATE TABLE opt_outs (
    phone text PRIMARY KEY
);

CREATE TABLE shifts (
    id text COLLATE "C" PRIMARY KEY,
    organization_id text NOT NULL,
    role_required text NOT NULL,
    start_time timestamptz NOT NULL,
    end_time timestamptz NOT NULL,
    time_zone text,
    location text,
    -- Whether it has a row in assignments; so that the open ones are found by an index.
    claimed boolean NOT NULL DEFAULT false,
    CHECK (start_time < end_time)
);
CREATE INDEX shifts_open ON shifts (id) WHERE NOT claimed;
CREATE INDEX shifts_by_start ON shifts (start_time, id);

CREATE TABLE assignments (
    -- The second line of defence behind the core: one holder per shift,
    shift_id text COLLATE "C" PRIMARY KEY REFERENCES shifts,
    caregiver_id text COLLATE "C" NOT NULL,
    claimed_at timestamptz NOT NULL,
    claimed_via text CHECK (claimed_via IN ('sms', 'voice')),
    release_requested_at timestamptz,
    during tstzrange NOT NULL,
    -- Until when it may be what a reply is about.
    matters_until timestamptz NOT NULL,
    -- and no two shifts at a time for one caregiver.
    CONSTRAINT one_shift_at_a_time EXCLUDE USING gist (caregiver_id WITH =, during WITH &&)
);
CREATE INDEX assignments_of_caregiver ON assignments (caregiver_id, matters_until);

CREATE SEQUENCE turns;

CREATE TABLE fanouts (
    shift_id text COLLATE "C" PRIMARY KEY REFERENCES shifts,
    generation integer NOT NULL CHECK (generation > 0),
    role text COLLATE "C" NOT NULL,
    status text NOT NULL CHECK (status IN ('open', 'claimed', 'exhausted', 'cancelled')),
    round text NOT NULL CHECK (round IN ('sms', 'voice')),
    started_at timestamptz NOT NULL,
    escalates_at timestamptz NOT NULL,
    remaining integer NOT NULL,
    cursor text COLLATE "C",
    late_first boolean NOT NULL,
    closed_at timestamptz,
    due_at timestamptz,
    -- A worker is on it until then.
    leased_until timestamptz,
    -- The turn in the queue that the last contact of its round got.
    last_turn bigint NOT NULL DEFAULT 0,
    CHECK ((status IN ('claimed', 'cancelled')) = (closed_at IS NOT NULL)),
    CHECK (cursor IS NULL OR due_at IS NOT NULL)
) WITH (fillfactor = 70);
CREATE INDEX fanouts_due ON fanouts (due_at) WHERE due_at IS NOT NULL AND leased_until IS NULL;
CREATE INDEX fanouts_leased ON fanouts (leased_until) WHERE leased_until IS NOT NULL;
CREATE INDEX fanouts_unwritten ON fanouts (role) WHERE cursor IS NOT NULL;
CREATE INDEX fanouts_closed ON fanouts (closed_at) WHERE closed_at IS NOT NULL AND due_at IS NOT NULL;

-- How many contacts of a fanout are in each status, kept with every change: a report counts nothing. `asked` counts
-- caregivers with a contact in any round.
CREATE TABLE fanout_counts (
    shift_id text COLLATE "C" NOT NULL,
    generation integer NOT NULL,
    status text NOT NULL,
    contacts bigint NOT NULL,
    PRIMARY KEY (shift_id, generation, status)
) WITH (fillfactor = 50);

CREATE TABLE offers (
    shift_id text COLLATE "C" NOT NULL,
    caregiver_id text COLLATE "C" NOT NULL,
    generation integer NOT NULL,
    code text NOT NULL,
    state text NOT NULL CHECK (state IN ('open', 'declined', 'withdrawn', 'released')),
    closed_at timestamptz,
    told text[] NOT NULL,
    listed boolean NOT NULL,
    late_at timestamptz,
    -- Whether the code still names this offer; it goes to a newer one after it has rested.
    named boolean NOT NULL DEFAULT true,
    -- Orders a caregiver's offers by when they got their code.
    turn bigint NOT NULL,
    PRIMARY KEY (shift_id, caregiver_id),
    CHECK (state = 'open' OR closed_at IS NOT NULL)
);
CREATE UNIQUE INDEX offers_by_code ON offers (caregiver_id, code) WHERE named;
CREATE INDEX offers_late ON offers (shift_id, late_at, caregiver_id) WHERE late_at IS NOT NULL;

-- The outbox: the contact is the job.
CREATE TABLE contacts (
    shift_id text COLLATE "C" NOT NULL,
    generation integer NOT NULL,
    channel text NOT NULL CHECK (channel IN ('sms', 'voice')),
    caregiver_id text COLLATE "C" NOT NULL,
    status text NOT NULL
        CHECK (status IN ('queued', 'sending', 'sent', 'delivered', 'failed', 'unknown', 'skipped')),
    updated_at timestamptz NOT NULL,
    attempts integer NOT NULL CHECK (attempts >= 0),
    error text,
    due_at timestamptz,
    body text,
    maybe_sent boolean NOT NULL,
    -- Its number among the contacts of its round. Low numbers go first, so that fanouts take turns.
    turn bigint NOT NULL,
    -- A worker is sending it until then.
    leased_until timestamptz,
    -- One contact per shift, generation, round and caregiver.
    PRIMARY KEY (shift_id, generation, channel, caregiver_id),
    CHECK ((status = 'sending') = (leased_until IS NOT NULL)),
    CHECK (status = 'queued' OR due_at IS NULL),
    CHECK (status IN ('queued', 'skipped', 'failed') OR attempts > 0)
) WITH (fillfactor = 85);
CREATE INDEX contacts_queued ON contacts (channel, turn) WHERE status = 'queued' AND due_at IS NULL;
CREATE INDEX contacts_waiting ON contacts (channel, due_at) WHERE status = 'queued' AND due_at IS NOT NULL;
CREATE INDEX contacts_sending ON contacts (leased_until) WHERE status = 'sending';

CREATE TABLE notices (
    id text COLLATE "C" PRIMARY KEY,
    kind text NOT NULL,
    caregiver_id text COLLATE "C" NOT NULL,
    body text NOT NULL,
    -- Settled ones are deleted.
    status text NOT NULL CHECK (status IN ('queued', 'sending')),
    updated_at timestamptz NOT NULL,
    shift_id text COLLATE "C",
    attempts integer NOT NULL CHECK (attempts >= 0),
    error text,
    due_at timestamptz,
    maybe_sent boolean NOT NULL,
    turn bigint NOT NULL,
    leased_until timestamptz,
    CHECK ((status = 'sending') = (leased_until IS NOT NULL)),
    CHECK (status = 'queued' OR due_at IS NULL)
);
CREATE INDEX notices_queued ON notices (turn) WHERE status = 'queued' AND due_at IS NULL;
CREATE INDEX notices_waiting ON notices (due_at) WHERE status = 'queued' AND due_at IS NOT NULL;
CREATE INDEX notices_sending ON notices (leased_until) WHERE status = 'sending';

CREATE TABLE responses (
    shift_id text COLLATE "C" NOT NULL,
    generation integer NOT NULL,
    caregiver_id text COLLATE "C" NOT NULL,
    outcome text NOT NULL,
    at timestamptz NOT NULL,
    channel text NOT NULL CHECK (channel IN ('sms', 'voice')),
    turn bigint NOT NULL DEFAULT nextval('turns'),
    -- Of the same answer, the last time it was given.
    PRIMARY KEY (shift_id, generation, caregiver_id, outcome)
);

CREATE TABLE exclusions (
    shift_id text COLLATE "C" NOT NULL,
    generation integer NOT NULL,
    caregiver_id text COLLATE "C" NOT NULL,
    reason text NOT NULL,
    turn bigint NOT NULL DEFAULT nextval('turns'),
    PRIMARY KEY (shift_id, generation, caregiver_id)
);

CREATE TABLE inbound_messages (
    -- One answer per message id.
    message_id text COLLATE "C" PRIMARY KEY,
    answer json NOT NULL,
    at timestamptz NOT NULL
);
CREATE INDEX inbound_messages_by_age ON inbound_messages (at);

-- When each channel's next message may go.
CREATE TABLE paces (
    channel text PRIMARY KEY CHECK (channel IN ('sms', 'voice')),
    next_at timestamptz NOT NULL
);
INSERT INTO paces VALUES ('sms', '2000-01-01 00:00:00+00'), ('voice', '2000-01-01 00:00:00+00');
