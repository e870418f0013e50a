-- The analysts' own terms, beside the tables built into the program: desk
-- tables of one server. What is in use here is mirrored to lexicon.tsv in the
-- home of each host (graph/lexbook.h), which all readers of texts take.

-- One row a term (as matched: folded), kind and sense. is_off: the row adds
-- nothing but switches off the built-in rows of its term and kind (of that
-- sense, where it names one). state disabled: the row is kept, not used.
CREATE TABLE mud.lexicon_entry (
    folded     text COLLATE "C" NOT NULL CHECK (folded <> ''),
    kind       text COLLATE "C" NOT NULL CHECK (kind <> ''),
    sense      text COLLATE "C" NOT NULL,
    is_off     boolean NOT NULL,
    term       text NOT NULL CHECK (term <> ''),   -- as written
    category   text NOT NULL,
    weight     int NOT NULL,
    flags      text NOT NULL,            -- parted by commas, without off
    since      text NOT NULL,            -- month it is used from, 2026-11
    source     text NOT NULL,            -- where it was found
    note       text NOT NULL,
    state      text NOT NULL CHECK (state IN ('active', 'disabled')),
    added_at   timestamptz NOT NULL,
    added_by   text NOT NULL CHECK (added_by <> ''),
    changed_at timestamptz NOT NULL,
    changed_by text NOT NULL CHECK (changed_by <> ''),
    reason     text NOT NULL,            -- of the last change
    PRIMARY KEY (folded, kind, sense, is_off)
);

-- Who changed which entry, when and why. Rows are only ever added.
CREATE TABLE mud.lexicon_history (
    history_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    folded     text COLLATE "C" NOT NULL,
    action     text NOT NULL CHECK (action IN ('add', 'change', 'disable',
               'enable', 'remove', 'import', 'accept', 'reject')),
    at         timestamptz NOT NULL,
    by         text NOT NULL CHECK (by <> ''),
    reason     text NOT NULL,
    was        jsonb,                    -- the row before; NULL: none
    becomes    jsonb                     -- and after; NULL: none
);
CREATE INDEX lexicon_history_term ON mud.lexicon_history (folded, history_id);

-- Terms that were proposed and refused: not proposed again.
CREATE TABLE mud.lexicon_refused (
    folded text COLLATE "C" PRIMARY KEY CHECK (folded <> ''),
    term   text NOT NULL,
    at     timestamptz NOT NULL,
    by     text NOT NULL CHECK (by <> ''),
    reason text NOT NULL
);

-- Every text that the mirror ever had: a file that is none of them was changed
-- by hand.
CREATE TABLE mud.lexicon_mirror (
    sha256  bytea PRIMARY KEY CHECK (length(sha256) = 32),
    entries int NOT NULL CHECK (entries >= 0),
    at      timestamptz NOT NULL,
    by      text NOT NULL CHECK (by <> '')
);
