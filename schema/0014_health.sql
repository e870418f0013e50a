-- How each source does, and who works: desk tables, in the server's time so that
-- hosts whose clocks differ agree on what is due.

-- A row a source, made with it. worker holds its round until leased_until; of a
-- forum, whose pages workers share, it is who began it.
CREATE TABLE mud.health (
    source_id    int PRIMARY KEY REFERENCES mud.source ON DELETE CASCADE,
    next_at      timestamptz NOT NULL, -- due from then on
    began_at     timestamptz,          -- the last round
    ended_at     timestamptz,
    unfinished   boolean NOT NULL DEFAULT false, -- and part of it waits
    success_at   timestamptz,          -- end of the last round that went well
    post_at      timestamptz,          -- when a newer post than before was read
    posted_at    timestamptz,          -- and when the newest one was written
    failures     int NOT NULL DEFAULT 0,         -- rounds in a row
    error_kind   text,                 -- of the last failure: "tls", "network"...
    error        text,
    error_at     timestamptz,
    pages        bigint NOT NULL DEFAULT 0,      -- in all that follows: ever
    captures     bigint NOT NULL DEFAULT 0,
    bytes        bigint NOT NULL DEFAULT 0,
    posts        bigint NOT NULL DEFAULT 0,
    worker       text,
    leased_at    timestamptz,
    leased_until timestamptz
);
CREATE INDEX health_due ON mud.health (next_at);
CREATE INDEX health_worker ON mud.health (worker) WHERE worker IS NOT NULL;
INSERT INTO mud.health (source_id, next_at) SELECT source_id, now()
    FROM mud.source;

-- What came of what was asked for: requests that went well ("ok", ""), errors by
-- kind and what was passed over by reason, by hour, kept for eight days, and ever
-- (hour -infinity).
CREATE TABLE mud.outcome (
    source_id int NOT NULL REFERENCES mud.source ON DELETE CASCADE,
    hour      timestamptz NOT NULL,
    class     text NOT NULL CHECK (class IN ('ok', 'error', 'skip')),
    what      text NOT NULL,
    n         bigint NOT NULL,
    example   text,             -- where it happened last
    last_at   timestamptz NOT NULL,
    PRIMARY KEY (source_id, hour, class, what)
);

-- Worker processes. One that has not been seen for a minute is gone.
CREATE TABLE mud.worker (
    name       text PRIMARY KEY,     -- host:pid
    role       text NOT NULL,        -- "up", "work", "fetch"...
    version    text NOT NULL,
    started_at timestamptz NOT NULL,
    seen_at    timestamptz NOT NULL
);
