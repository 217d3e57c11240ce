-- Shifts are listed by organization, role, start and text. The store writes both columns: PostgreSQL folds text by the
-- locale of the database, and the memory store must find the same shifts.

ALTER TABLE shifts ADD COLUMN role_key text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE shifts ADD COLUMN search_text text COLLATE "C" NOT NULL DEFAULT '';
UPDATE shifts SET
    role_key = lower(btrim(regexp_replace(normalize(role_required, NFKC), '\s+', ' ', 'g'))),
    search_text = array_to_string(ARRAY(
        SELECT lower(btrim(regexp_replace(normalize(part, NFKC), '\s+', ' ', 'g')))
        FROM unnest(ARRAY[id, role_required, organization_id, coalesce(location, '')]) WITH ORDINALITY AS p(part, place)
        ORDER BY place
    ), E'\n');
CREATE INDEX shifts_of_organization ON shifts (organization_id, id);
CREATE INDEX shifts_of_role ON shifts (role_key, id);
