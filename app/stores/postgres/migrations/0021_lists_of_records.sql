-- works with: 4
-- Lists of records are written faster. Programs of the version before write as they did.

-- The first of `count` times, each a microsecond after the other: see `next_update`. One call for a whole list.
CREATE FUNCTION next_updates(now timestamptz, count bigint) RETURNS timestamptz LANGUAGE sql VOLATILE AS $$
SELECT timestamptz 'epoch' + interval '1 microsecond' * (setval('record_updates', count - 1 + greatest(
    nextval('record_updates'), (extract(epoch FROM now) * 1000000)::bigint
)) - count + 1);
$$;

-- The roles and organizations of new caregivers are stored by one statement for all of them, not by one for each.
DROP TRIGGER index_caregiver_roles ON caregivers;
CREATE TRIGGER index_caregiver_roles AFTER UPDATE OF role, role_key, role_keys ON caregivers
FOR EACH ROW EXECUTE FUNCTION index_caregiver_roles();
DROP TRIGGER index_caregiver_organizations ON caregivers;
CREATE TRIGGER index_caregiver_organizations AFTER UPDATE OF organization_id, organization_ids ON caregivers
FOR EACH ROW EXECUTE FUNCTION index_caregiver_organizations();

CREATE FUNCTION index_new_caregivers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO caregiver_roles SELECT DISTINCT id, unnest(role_keys) FROM added;
    INSERT INTO caregiver_organizations
    SELECT DISTINCT id, unnest(CASE WHEN organization_ids = '{}' THEN '{""}' ELSE organization_ids END) FROM added;
    RETURN NULL;
END
$$;
CREATE TRIGGER index_new_caregivers AFTER INSERT ON caregivers REFERENCING NEW TABLE AS added
FOR EACH STATEMENT EXECUTE FUNCTION index_new_caregivers();

-- Only these triggers write the two tables, so they need no foreign keys. To check those took longer than all else.
CREATE FUNCTION forget_caregiver_lists() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM caregiver_roles WHERE caregiver_id = OLD.id;
    DELETE FROM caregiver_organizations WHERE caregiver_id = OLD.id;
    RETURN NULL;
END
$$;
CREATE TRIGGER forget_caregiver_lists AFTER DELETE ON caregivers
FOR EACH ROW EXECUTE FUNCTION forget_caregiver_lists();
ALTER TABLE caregiver_roles DROP CONSTRAINT caregiver_roles_caregiver_id_fkey;
ALTER TABLE caregiver_organizations DROP CONSTRAINT caregiver_organizations_caregiver_id_fkey;
