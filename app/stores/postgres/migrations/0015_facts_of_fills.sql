-- works with: 4
-- Finds the facts of which the report about filled shifts is made, by time.

CREATE INDEX facts_of_fills ON facts (at, id)
    WHERE type IN ('fanout.started', 'shift.filled', 'shift.assigned')
        OR data ->> 'first_answer_after_s' IS NOT NULL OR data ->> 'change' = 'escalated';
