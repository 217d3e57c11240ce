-- works with: 4
-- Each organization reads its own facts, caregivers and shifts. Facts that a program of the version before writes belong
-- to no organization: only readers of the whole log find them.

ALTER TABLE facts ADD COLUMN organization_id text COLLATE "C";
UPDATE facts SET organization_id = shifts.organization_id FROM shifts WHERE shifts.id = facts.shift_id;
CREATE INDEX facts_of_organization ON facts (organization_id, id) WHERE organization_id IS NOT NULL;

CREATE INDEX shifts_of_organization_by_start ON shifts (organization_id, start_time);
-- The caregivers of each organization, by id; '' stands for those who work for all.
CREATE TABLE caregiver_organizations (
    caregiver_id text COLLATE "C" NOT NULL REFERENCES caregivers ON DELETE CASCADE,
    organization_id text COLLATE "C" NOT NULL,
    PRIMARY KEY (caregiver_id, organization_id)
);
CREATE INDEX caregiver_organizations_by_organization ON caregiver_organizations (organization_id, caregiver_id);
INSERT INTO caregiver_organizations
SELECT id, unnest(CASE WHEN organization_ids = '{}' THEN '{""}' ELSE organization_ids END) FROM caregivers
ON CONFLICT DO NOTHING;

CREATE FUNCTION index_caregiver_organizations() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.organization_ids = OLD.organization_ids THEN
        RETURN NULL;
    END IF;
    DELETE FROM caregiver_organizations WHERE caregiver_id = NEW.id;
    INSERT INTO caregiver_organizations
    SELECT DISTINCT NEW.id, unnest(CASE WHEN NEW.organization_ids = '{}' THEN '{""}' ELSE NEW.organization_ids END);
    RETURN NULL;
END
$$;
CREATE TRIGGER index_caregiver_organizations AFTER INSERT OR UPDATE OF organization_id, organization_ids ON caregivers
FOR EACH ROW EXECUTE FUNCTION index_caregiver_organizations();
