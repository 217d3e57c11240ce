-- works with: 4
-- The offers that count towards FANOUT_OFFERS_PER_DAY. Programs of the version before record none: what they send does
-- not count.

CREATE TABLE sent_offers (
    message_id text COLLATE "C" PRIMARY KEY,
    caregiver_id text COLLATE "C" NOT NULL,
    at timestamptz NOT NULL
);
CREATE INDEX sent_offers_of_caregiver ON sent_offers (caregiver_id, at);
CREATE INDEX sent_offers_by_age ON sent_offers (at);
