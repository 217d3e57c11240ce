-- works with: 4
-- Alerts to offices are notices. The version before knows neither the kind `alert` nor organizations: as long as it
-- runs, no organization should get an `office_phone`, and so no alert is made.

-- What an alert is about: {"reason", "generation", "caregiver_id", "others"}. Other notices have none.
ALTER TABLE notices ADD COLUMN alert json;
CREATE INDEX notices_alerts ON notices (phone, created_at) WHERE alert IS NOT NULL;
CREATE INDEX organizations_by_office_phone ON organizations (office_phone, id) WHERE office_phone IS NOT NULL;
