-- works with: 4
-- The organization that the shift belonged to when the words were kept. NULL: a program of the version before kept them.
ALTER TABLE kept_texts ADD COLUMN organization_id text;
