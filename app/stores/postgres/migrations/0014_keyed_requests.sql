-- works with: 4
-- The answers of requests with an Idempotency-Key. A program of the version before ignores the header.

CREATE TABLE keyed_requests (
    sender text COLLATE "C" NOT NULL,
    key text COLLATE "C" NOT NULL,
    fingerprint text NOT NULL,
    began_at timestamptz NOT NULL,
    -- The answer; null while the request is under way.
    status integer,
    body text,
    etag text,
    PRIMARY KEY (sender, key)
);
CREATE INDEX keyed_requests_by_age ON keyed_requests (began_at);
