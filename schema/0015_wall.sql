-- What stands between us and the pages of a source: a desk table, one row while
-- it stands. wait_until NULL: the source was stopped, a person must do
-- something.
CREATE TABLE mud.wall (
    source_id  int PRIMARY KEY REFERENCES mud.source ON DELETE CASCADE,
    kind       text NOT NULL CHECK (kind <> ''),  -- captcha, browser, closed...
    made_by    text NOT NULL,                     -- cloudflare...; '' unknown
    since      timestamptz NOT NULL,
    last_at    timestamptz NOT NULL,
    hits       int NOT NULL CHECK (hits > 0),     -- rounds that it ended
    url        text NOT NULL,                     -- an example
    capture_id uuid,
    wait_until timestamptz
);
