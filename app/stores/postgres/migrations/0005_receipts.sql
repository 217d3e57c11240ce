-- works with: 4
-- Messages are found by the ids that receipts name, and keep what receipts say.

ALTER TABLE contacts ADD COLUMN message_id text COLLATE "C";
ALTER TABLE contacts ADD COLUMN provider_id text COLLATE "C";
ALTER TABLE contacts ADD COLUMN first_attempt_at timestamptz;
ALTER TABLE contacts ADD COLUMN ask_at timestamptz;
UPDATE contacts SET first_attempt_at = handed_over_at WHERE status = 'sending' OR maybe_sent;
CREATE INDEX contacts_by_message ON contacts (message_id) WHERE message_id IS NOT NULL;
CREATE INDEX contacts_by_provider ON contacts (provider_id) WHERE provider_id IS NOT NULL;
CREATE INDEX contacts_to_ask ON contacts (channel, ask_at) WHERE ask_at IS NOT NULL;

ALTER TABLE notices ADD COLUMN provider_id text COLLATE "C";
ALTER TABLE notices ADD COLUMN first_attempt_at timestamptz;
ALTER TABLE notices ADD COLUMN ask_at timestamptz;
UPDATE notices SET first_attempt_at = handed_over_at WHERE status = 'sending' OR maybe_sent;
CREATE INDEX notices_by_provider ON notices (provider_id) WHERE provider_id IS NOT NULL;
CREATE INDEX notices_to_ask ON notices (ask_at) WHERE ask_at IS NOT NULL;

ALTER TABLE channels ADD COLUMN fault_until_delivered boolean NOT NULL DEFAULT false;
