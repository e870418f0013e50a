-- Who changed which setting of a source, when, from what to what: rows are only
-- ever added.
CREATE TABLE mud.source_change (
    change_id  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    source_id  int NOT NULL REFERENCES mud.source ON DELETE CASCADE,
    changed_at timestamptz NOT NULL,
    changed_by text NOT NULL CHECK (changed_by <> ''), -- mudlark: by itself
    field      text NOT NULL CHECK (field <> ''),
    was        text NOT NULL,   -- lists and numbers as JSON; '' for nothing
    becomes    text NOT NULL,
    note       text NOT NULL    -- why, as given
);
CREATE INDEX source_change_source ON mud.source_change (source_id, change_id);
