-- Accounts with which a source is read, and what became of them. Names are those
-- of their secrets (run/secret.h); neither user name nor password is here.
CREATE TABLE mud.account (
    source_id    int NOT NULL REFERENCES mud.source ON DELETE CASCADE,
    name         text NOT NULL CHECK (name <> ''),
    proxy        text,               -- NULL: the source's
    hours        text,               -- NULL: the source's
    state        text NOT NULL DEFAULT 'active'
                 CHECK (state IN ('active', 'locked')),
    note         text,               -- why it is locked
    tries        int NOT NULL DEFAULT 0, -- sent since the board let it in last
    logged_in_at timestamptz,        -- when it did
    used_at      timestamptz,        -- when a round began with it
    added_at     timestamptz NOT NULL,
    added_by     text NOT NULL CHECK (added_by <> ''),
    PRIMARY KEY (source_id, name)
);
