-- Captures, the WARC files they are in, and the ledger that chains them.

-- Files of the vault. `sealed_to` is how far committed captures reach: bytes
-- behind it belong to a seal under way or to a process that was killed. A row
-- is made before anything is sealed into the file, and every seal changes it,
-- so whoever locks the row knows how the last seal ended.
CREATE TABLE mud.warc_file (
    name          text PRIMARY KEY,     -- relative to MUDLARK_HOME/vault
    kind          text NOT NULL CHECK (kind IN ('own', 'handed')),
    state         text NOT NULL DEFAULT 'open'
                  CHECK (state IN ('open', 'closed')),
    sealed_to     bigint NOT NULL CHECK (sealed_to >= 0),
    warcinfo_id   uuid,                 -- own files: their first record
    binary_sha256 bytea CHECK (octet_length(binary_sha256) = 32),
    made_at       timestamptz NOT NULL
);

-- Append-only. `line` is one line of ledger.jsonl without its line end: JSON
-- with sorted keys and no blanks, whose "prev" is the SHA-256 of the line
-- before (64 zeros in the first). seq counts from 0 without gaps.
CREATE TABLE mud.ledger (
    seq    bigint PRIMARY KEY CHECK (seq >= 0),
    at     timestamptz NOT NULL,
    op     text NOT NULL CHECK (op <> ''),
    object text NOT NULL,               -- id of a capture, name of a file...
    actor  text NOT NULL,
    line   text NOT NULL,
    hash   bytea NOT NULL               -- SHA-256 of line
);
CREATE INDEX ledger_object ON mud.ledger (object);

CREATE FUNCTION mud.ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the ledger is append-only'; END $$;
CREATE TRIGGER ledger_refuse BEFORE UPDATE OR DELETE OR TRUNCATE ON mud.ledger
    FOR EACH STATEMENT EXECUTE FUNCTION mud.ledger_refuse();

-- The head of the chain, under the lock that holds till the end of the
-- transaction. Two statements in a volatile function: the second one must see
-- what was committed while the first one waited, or the chain forks.
CREATE FUNCTION mud.ledger_head(OUT seq bigint, OUT hash bytea,
                                OUT at timestamptz)
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(7104221);
    SELECT l.seq, l.hash, l.at INTO seq, hash, at
        FROM mud.ledger l ORDER BY l.seq DESC LIMIT 1;
END $$;

-- A line that does not continue the chain is refused, whoever writes it.
CREATE FUNCTION mud.ledger_check() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    head record;
    line jsonb := NEW.line::jsonb;
BEGIN
    SELECT * INTO head FROM mud.ledger_head();
    IF NEW.seq <> coalesce(head.seq + 1, 0)
       OR NEW.hash <> sha256(convert_to(NEW.line, 'UTF8'))
       OR line->>'prev' IS DISTINCT FROM
          coalesce(encode(head.hash, 'hex'), repeat('0', 64))
       OR (line->>'seq')::bigint IS DISTINCT FROM NEW.seq
       OR (line->>'ts')::timestamptz IS DISTINCT FROM NEW.at
       OR line->>'op' IS DISTINCT FROM NEW.op
       OR line->>'object' IS DISTINCT FROM NEW.object
       OR line->>'actor' IS DISTINCT FROM NEW.actor
       OR NEW.at < head.at THEN
        RAISE EXCEPTION 'ledger line % does not continue the chain', NEW.seq;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ledger_check BEFORE INSERT ON mud.ledger
    FOR EACH ROW EXECUTE FUNCTION mud.ledger_check();

-- One exchange or file, sealed. Not cut into months: captures are held by
-- cases and do not go by month, and capture_id alone must be unique, so that
-- sealing again after a lost connection finds what is there.
CREATE TABLE mud.capture (
    capture_id     uuid PRIMARY KEY,    -- see evidence/capture.h
    kind           smallint NOT NULL CHECK (kind BETWEEN 1 AND 3),
    source_id      int NOT NULL REFERENCES mud.source,
    parent_id      uuid,                -- records: the WARC they are in
    url            text NOT NULL,
    location       text,                -- target of a redirect
    referrer       text,                -- page on which the link stood
    access_mode    text NOT NULL CHECK (access_mode IN
                       ('public', 'member_account', 'export_supplied')),
    supplier       text,                -- who handed it over
    started        timestamptz,
    at             timestamptz NOT NULL,
    sealed_at      timestamptz NOT NULL,
    status         int NOT NULL,
    http_version   text,
    content_type   text,
    cut            text CHECK (cut IN ('length', 'time', 'disconnect')),
    sha256         bytea NOT NULL CHECK (octet_length(sha256) = 32),
    size_bytes     bigint NOT NULL CHECK (size_bytes >= 0),
    peer_ip        text,
    proxy          text,
    dns            jsonb,
    tls            jsonb,               -- version, cipher, chain, verify
    clock          jsonb,               -- how far the clock could be trusted
    warc_file      text NOT NULL REFERENCES mud.warc_file,
    warc_offset    bigint NOT NULL CHECK (warc_offset >= 0),
    warc_length    bigint NOT NULL CHECK (warc_length >= 0),
    warc_inner     bigint NOT NULL CHECK (warc_inner >= 0),
    whole_file     boolean NOT NULL,    -- the payload is the file itself
    request_offset bigint,
    request_length bigint,
    span_file      text,                -- all its records in our own files:
    span_offset    bigint,              -- these bytes are in the ledger by
    span_length    bigint,              -- their SHA-256
    span_sha256    bytea CHECK (octet_length(span_sha256) = 32),
    record_id      text,
    tool           text NOT NULL,
    binary_sha256  bytea CHECK (octet_length(binary_sha256) = 32),
    config_sha256  bytea CHECK (octet_length(config_sha256) = 32),
    actor          text NOT NULL,
    ledger_seq     bigint NOT NULL REFERENCES mud.ledger
);
CREATE INDEX capture_sha ON mud.capture USING hash (sha256);
CREATE INDEX capture_time ON mud.capture USING brin (sealed_at);
CREATE INDEX capture_place ON mud.capture (warc_file, warc_offset);
CREATE INDEX capture_span ON mud.capture (span_file, span_offset);
CREATE INDEX capture_source ON mud.capture (source_id, at);
CREATE INDEX capture_ledger ON mud.capture (ledger_seq);
