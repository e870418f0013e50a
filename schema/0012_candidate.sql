-- What an analyst said of places that stored posts point to: a desk table, kept
-- over rebuilds. The places themselves are read from the posts each time.
CREATE TABLE mud.candidate (
    kind       text NOT NULL,   -- telegram_invite, qq_group, channel...
    value      text NOT NULL,   -- normal form
    verdict    text NOT NULL CHECK (verdict IN ('approved', 'refused')),
    by_whom    text NOT NULL CHECK (by_whom <> ''),
    decided_at timestamptz NOT NULL,
    note       text,
    PRIMARY KEY (kind, value)
);
