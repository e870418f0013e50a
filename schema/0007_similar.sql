-- Near-duplicates (nlp/sketch.h) take the place of 64-bit prints. Texts that
-- were read before have no sketch (NULL) until rebuild reads them again.
ALTER TABLE mud.content DROP COLUMN simhash;
ALTER TABLE mud.content ADD COLUMN sketch bytea;
ALTER TABLE mud.stage_content DROP COLUMN simhash;
ALTER TABLE mud.stage_content ADD COLUMN sketch bytea;

-- Texts that are one advert, as often as it was posted: a template has two or
-- more contents. Its id is made of its smallest content_id, so that equal
-- contents give equal templates. Made after ingest out of all sketches
-- (graph/similar.h), and again by rebuild.
CREATE TABLE mud.template (
    content_id  uuid PRIMARY KEY,
    template_id uuid NOT NULL
);
CREATE INDEX template_by_id ON mud.template (template_id);
CREATE TABLE mud.template_run (       -- one row: what the last run saw
    run_id   int PRIMARY KEY CHECK (run_id = 1),
    contents bigint NOT NULL,         -- with a sketch
    run_at   timestamptz NOT NULL
);
CREATE TABLE mud.stage_similar (LIKE mud.template);
CREATE FUNCTION mud.stage_similars() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    CREATE TEMP TABLE IF NOT EXISTS stage_similar (LIKE mud.stage_similar)
        ON COMMIT DELETE ROWS;
END $$;

CREATE OR REPLACE FUNCTION mud.graph_clear() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    TRUNCATE mud.content, mud.post, mud.part, mud.annotation, mud.offer,
        mud.price, mud.thread, mud.capture_parsed, mud.reader, mud.rule,
        mud.entity, mud.claim, mud.claim_evidence, mud.actor_run,
        mud.actor_member, mud.actor, mud.search_pending, mud.search_segment,
        mud.search_ids, mud.search_posting, mud.template, mud.template_run;
END $$;
