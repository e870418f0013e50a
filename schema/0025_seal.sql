-- Originals sealed at rest, and how long they are kept.

-- Data keys, one a month and retention class, closed with a machine key that
-- is not in the database (evidence/keys.h). Without `wrapped` the key is
-- destroyed, and what it sealed with it.
CREATE TABLE mud.seal_key (
    key_id     uuid PRIMARY KEY,
    month      date NOT NULL,
    class      text NOT NULL,
    machine_id uuid NOT NULL,
    wrapped    bytea,
    made_at    timestamptz NOT NULL,
    purged_at  timestamptz,
    purged_by  text,
    purged_why text,
    CHECK ((wrapped IS NULL) = (purged_at IS NOT NULL))
);
CREATE UNIQUE INDEX seal_key_living ON mud.seal_key (month, class)
    WHERE wrapped IS NOT NULL;

-- A capture's own key, kept where its data key goes and it is held.
CREATE TABLE mud.seal_kept (
    salt       uuid PRIMARY KEY,
    key_id     uuid NOT NULL,
    machine_id uuid NOT NULL,
    wrapped    bytea NOT NULL,
    kept_at    timestamptz NOT NULL
);

-- How a capture is sealed. Its bytes as they are in the vault have the digest
-- capture.span_sha256; unsealed they have plain_sha256. A WARC that was handed
-- over is a sealed file of its own, whose digest is file_sha256.
CREATE TABLE mud.capture_seal (
    capture_id   uuid PRIMARY KEY,
    key_id       uuid NOT NULL,
    salt         uuid NOT NULL,
    plain_sha256 bytea NOT NULL CHECK (octet_length(plain_sha256) = 32),
    file_key     uuid,
    file_salt    uuid,
    file_sha256  bytea CHECK (octet_length(file_sha256) = 32),
    file_size    bigint,
    purged_at    timestamptz
);
CREATE INDEX capture_seal_key ON mud.capture_seal (key_id);
CREATE INDEX capture_seal_file ON mud.capture_seal (file_key)
    WHERE file_key IS NOT NULL;

-- How long a source's originals are kept, where that is not a year.
CREATE TABLE mud.retention (
    source_id int PRIMARY KEY REFERENCES mud.source,
    class     text NOT NULL CHECK (class IN ('1m', '3m', '1y', '3y', '10y')),
    set_at    timestamptz NOT NULL,
    set_by    text NOT NULL
);
