-- Pages that a source is known to have, and what became of each: one row a
-- page, whose url is canonical. `round` is when the round began that last
-- found a link to it; a page is fetched once a round. Jobs are its queue.
CREATE TABLE mud.frontier (
    source_id  int NOT NULL REFERENCES mud.source ON DELETE CASCADE,
    page_id    uuid NOT NULL,           -- id of "page": url
    url        text NOT NULL,
    kind       text NOT NULL CHECK (kind IN ('index', 'board', 'thread')),
    board      text,
    thread     text,
    page       int,
    replies    int,                     -- as the listing said last
    last_post  timestamptz,
    round      timestamptz NOT NULL,
    fetched_at timestamptz,             -- NULL: never yet
    capture_id uuid,
    status     int,
    outcome    text,                    -- "read", or why nothing was
    PRIMARY KEY (source_id, page_id)
);
CREATE INDEX frontier_outcome ON mud.frontier (source_id, outcome);
