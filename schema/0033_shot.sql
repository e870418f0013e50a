-- Pictures of captured pages, drawn from the archive (run/shot.h): derived, so any
-- of them can be drawn again, by another browser into other bytes. A line of the
-- ledger each (op "shot"), which has the same detail.
CREATE TABLE mud.shot (
    capture_id uuid NOT NULL,
    sha256     bytea NOT NULL CHECK (octet_length(sha256) = 32), -- of the PNG
    at         timestamptz NOT NULL,
    by         text NOT NULL,
    masked     boolean NOT NULL,
    path       text,                -- below MUDLARK_HOME; NULL: not kept
    detail     jsonb NOT NULL,      -- renderer, size, what was left out, parts
    ledger_seq bigint NOT NULL REFERENCES mud.ledger,
    PRIMARY KEY (capture_id, ledger_seq),
    CHECK (masked OR path IS NULL)
);
