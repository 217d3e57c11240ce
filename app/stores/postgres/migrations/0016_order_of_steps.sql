-- works with: 4
-- Workers take the due steps of fanouts by their kind, then by their time. Programs of the version before take them by
-- their time alone.

-- The same expression as in `queue.py`. 0: texts are to be planned for the first time. 2: nothing is left but to forget
-- it. 1: all else.
CREATE INDEX fanouts_due_by_kind ON fanouts (
    (CASE
        WHEN closed_at IS NULL AND round = 'sms' AND planned_up_to = '' THEN 0
        WHEN closed_at IS NOT NULL AND planned_up_to IS NULL THEN 2
        ELSE 1
    END),
    due_at
) WHERE due_at IS NOT NULL AND leased_until IS NULL;
