-- works with: 4
-- When the service began to end a call that rang in vain. NULL: it did not, or a program of the version before did.
ALTER TABLE contacts ADD COLUMN ended_at timestamptz;
