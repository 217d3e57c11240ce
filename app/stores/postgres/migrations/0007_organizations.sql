-- works with: 4
-- Organizations have records, and a caregiver may have several roles and work for several organizations.

CREATE TABLE organizations (
    id text COLLATE "C" PRIMARY KEY,
    name text NOT NULL,
    time_zone text,
    office_phone text,
    -- {"start": "21:00:00", "end": "07:00:00"}
    quiet_hours json,
    escalate_after_s double precision,
    -- In seconds.
    minimum_rest double precision
);
-- Finds the shifts of an organization that have not ended.
CREATE INDEX shifts_of_organization_by_end ON shifts (organization_id, end_time);

ALTER TABLE caregivers ADD COLUMN roles text[] NOT NULL DEFAULT '{}';
-- The forms in which the roles are compared.
ALTER TABLE caregivers ADD COLUMN role_keys text[] COLLATE "C" NOT NULL DEFAULT '{}';
ALTER TABLE caregivers ADD COLUMN organization_ids text[] NOT NULL DEFAULT '{}';
ALTER TABLE caregivers ADD COLUMN time_zone text;
ALTER TABLE caregivers ADD COLUMN language text NOT NULL DEFAULT 'en';

-- The caregivers of each role, by id: an index that a column with several values cannot have.
CREATE TABLE caregiver_roles (
    caregiver_id text COLLATE "C" NOT NULL REFERENCES caregivers ON DELETE CASCADE,
    role_key text COLLATE "C" NOT NULL,
    PRIMARY KEY (caregiver_id, role_key)
);
CREATE INDEX caregiver_roles_by_role ON caregiver_roles (role_key, caregiver_id);

UPDATE caregivers SET
    roles = ARRAY[role], role_keys = ARRAY[role_key], organization_ids = array_remove(ARRAY[organization_id], NULL);
INSERT INTO caregiver_roles SELECT id, role_key FROM caregivers;

-- A program of the version before writes role, role_key and organization_id, and does not know the lists. A list that
-- does not begin with the single value was not written with it, and is replaced by it.
CREATE FUNCTION fill_caregiver_lists() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.roles[1] IS DISTINCT FROM NEW.role OR NEW.role_keys[1] IS DISTINCT FROM NEW.role_key THEN
        NEW.roles := ARRAY[NEW.role];
        NEW.role_keys := ARRAY[NEW.role_key];
    END IF;
    IF NEW.organization_ids[1] IS DISTINCT FROM NEW.organization_id THEN
        NEW.organization_ids := array_remove(ARRAY[NEW.organization_id], NULL);
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER fill_caregiver_lists BEFORE INSERT OR UPDATE OF role, role_key, organization_id ON caregivers
FOR EACH ROW EXECUTE FUNCTION fill_caregiver_lists();

CREATE FUNCTION index_caregiver_roles() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.role_keys = OLD.role_keys THEN
        RETURN NULL;
    END IF;
    DELETE FROM caregiver_roles WHERE caregiver_id = NEW.id;
    INSERT INTO caregiver_roles SELECT DISTINCT NEW.id, unnest(NEW.role_keys);
    RETURN NULL;
END
$$;
CREATE TRIGGER index_caregiver_roles AFTER INSERT OR UPDATE OF role, role_key, role_keys ON caregivers
FOR EACH ROW EXECUTE FUNCTION index_caregiver_roles();
