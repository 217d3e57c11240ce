-- works with: 4
-- The words of replies that were not understood, and of the office's messages, if FANOUT_KEEP_TEXT allows to keep them.
-- Programs of the version before keep none.

CREATE TABLE kept_texts (
    id text COLLATE "C" PRIMARY KEY,
    shift_id text COLLATE "C" NOT NULL,
    caregiver_id text COLLATE "C" NOT NULL,
    actor text NOT NULL,
    at timestamptz NOT NULL,
    body text NOT NULL
);
CREATE INDEX kept_texts_of_shift ON kept_texts (shift_id, at);
CREATE INDEX kept_texts_by_age ON kept_texts (at);
