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

-- What beats the end of its time: whole sources; captures by name, for a case
-- or by themselves; and what rests on them of an actor (nodes as they were
-- when it was held, and their captures as they were found since). A desk.
CREATE TABLE mud.hold (
    hold_id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind         text NOT NULL
                 CHECK (kind IN ('source', 'capture', 'case', 'actor')),
    object       text NOT NULL CHECK (object <> ''),
    reason       text NOT NULL CHECK (reason <> ''),
    set_by       text NOT NULL,
    set_at       timestamptz NOT NULL,
    released_by  text,
    released_at  timestamptz,
    released_why text,
    CHECK ((released_at IS NULL) = (released_by IS NULL)
       AND (released_at IS NULL) = (released_why IS NULL))
);
CREATE UNIQUE INDEX hold_living ON mud.hold (kind, object)
    WHERE released_at IS NULL;
CREATE TABLE mud.hold_capture (
    capture_id uuid NOT NULL,
    hold_id    bigint NOT NULL REFERENCES mud.hold,
    PRIMARY KEY (capture_id, hold_id)
);
CREATE TABLE mud.hold_node (
    hold_id   bigint NOT NULL REFERENCES mud.hold,
    entity_id uuid NOT NULL,
    PRIMARY KEY (hold_id, entity_id)
);

CREATE FUNCTION mud.retention_of(class text) RETURNS interval
LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE class WHEN '1m' THEN interval '1 month'
        WHEN '3m' THEN interval '3 months' WHEN '1y' THEN interval '1 year'
        WHEN '3y' THEN interval '3 years' WHEN '10y' THEN interval '10 years'
    END
$$;

-- Whether a capture must stay: it is held, or its source is kept for longer
-- now than when it was sealed.
CREATE FUNCTION mud.capture_held(capture uuid, source int, sealed timestamptz,
                                 now timestamptz) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT date_trunc('month', sealed AT TIME ZONE 'UTC') + interval '1 month'
        + mud.retention_of(coalesce((SELECT r.class FROM mud.retention r
                                     WHERE r.source_id = source), '1y'))
        > now AT TIME ZONE 'UTC'
        OR EXISTS (SELECT FROM mud.hold_capture c JOIN mud.hold h
                   USING (hold_id)
                   WHERE c.capture_id = capture AND h.released_at IS NULL)
        OR EXISTS (SELECT FROM mud.hold h JOIN mud.source s
                   ON s.name = h.object
                   WHERE h.kind = 'source' AND h.released_at IS NULL
                   AND s.source_id = source)
$$;
