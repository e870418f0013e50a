-- Sources, what was read of them, jobs and settings.

-- Who may be watched, why, until when and how far. source_id is given by the
-- program (one more than the largest, under a lock on this small table).
CREATE TABLE mud.source (
    source_id   int PRIMARY KEY CHECK (source_id > 0),
    name        text NOT NULL UNIQUE CHECK (name <> ''),
    kind        text NOT NULL CHECK (kind IN ('forum', 'chat', 'import')),
    url         text,
    legal_basis text NOT NULL CHECK (legal_basis <> ''),
    scope       jsonb NOT NULL CHECK (jsonb_typeof(scope) = 'object'),
    expires_at  timestamptz NOT NULL,
    zone        text,               -- IANA name or +08:00 of the site's times
    options     jsonb NOT NULL DEFAULT '{}'
                CHECK (jsonb_typeof(options) = 'object'),
    state       text NOT NULL DEFAULT 'active'
                CHECK (state IN ('active', 'paused', 'stopped')),
    state_note  text,               -- why it is paused or stopped
    created_at  timestamptz NOT NULL DEFAULT now(),
    created_by  text NOT NULL
);

-- Which range of which place was read when: one row a capture and range. What
-- lies inside a later range and is not in it any more is gone; what lies in
-- no later range was not read. `posts` is what we hold of the range, `stated`
-- what the site itself counts in the whole place (NULL: it does not say):
-- the sum of posts over distinct ranges against stated tells what is missing.
CREATE TABLE mud.coverage (
    source_id  int NOT NULL REFERENCES mud.source,
    place      text NOT NULL,       -- key of board, thread, group or feed
    kind       text NOT NULL
               CHECK (kind IN ('index', 'board', 'thread', 'group', 'feed')),
    unit       text NOT NULL        -- what read_from and read_to count
               CHECK (unit IN ('page', 'floor', 'id', 'time')),
    read_from  bigint NOT NULL,     -- both ends inclusive; time: us since 1970
    read_to    bigint NOT NULL,
    read_at    timestamptz NOT NULL,
    page       int,                 -- page of the place, from 1
    pages      int,                 -- how many pages it said it has
    posts      int NOT NULL CHECK (posts >= 0),
    stated     bigint,
    whole      boolean NOT NULL,    -- false: part was hidden, cut or broken
    note       text,                -- why it is not whole
    capture_id uuid NOT NULL,
    PRIMARY KEY (source_id, place, unit, read_from, capture_id),
    CHECK (read_from <= read_to)
);
CREATE INDEX coverage_capture ON mud.coverage (capture_id);

-- Jobs are leased, the lease is committed, the work is done, the row deleted.
-- A desk table (one server, not distributed): it may have an identity.
CREATE TABLE mud.job (
    job_id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    queue        text NOT NULL,
    key          text NOT NULL,
    payload      jsonb NOT NULL,
    priority     int NOT NULL DEFAULT 0,     -- larger goes first
    state        text NOT NULL DEFAULT 'waiting'
                 CHECK (state IN ('waiting', 'leased', 'failed')),
    run_at       timestamptz NOT NULL,       -- not before
    tries        int NOT NULL DEFAULT 0,     -- leases that counted
    worker       text,
    leased_until timestamptz,
    reason       text,                       -- of the last retry or failure
    created_at   timestamptz NOT NULL DEFAULT now(),
    changed_at   timestamptz NOT NULL DEFAULT now(),
    UNIQUE (queue, key),
    CHECK ((state = 'leased') = (leased_until IS NOT NULL)),
    CHECK (state <> 'failed' OR reason IS NOT NULL)
);
CREATE INDEX job_next ON mud.job (queue, priority DESC, run_at, job_id)
    WHERE state = 'waiting';
CREATE INDEX job_lease ON mud.job (leased_until) WHERE state = 'leased';
-- Every row is written three times in its short life.
ALTER TABLE mud.job SET (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.0,
    autovacuum_vacuum_threshold = 1000);

CREATE TABLE mud.setting (
    key        text PRIMARY KEY,
    value      jsonb NOT NULL,
    changed_at timestamptz NOT NULL DEFAULT now()
);
