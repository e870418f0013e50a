-- Who is who: what is found over all claims and adverts (graph/bond.h), and
-- what people decided about it.
INSERT INTO mud.code (list, id, name) VALUES
    ('claim', 9, 'was'), ('claim', 10, 'called'), ('claim', 11, 'same_words'),
    ('claim', 12, 'same_picture'), ('claim', 13, 'same_id'),
    ('claim', 14, 'reposts'), ('claim', 15, 'imitates'),
    ('claim', 16, 'confirmed');

-- Claims of kinds 10 to 15 are made anew by each computation of actors. Each
-- has its two rows here, from either end, as in mud.claim, and its evidence in
-- mud.claim_evidence like any other.
CREATE TABLE mud.bond (
    src        uuid NOT NULL,
    kind       smallint NOT NULL,
    dst        uuid NOT NULL,
    fwd        boolean NOT NULL,      -- src says it of dst
    bits       real NOT NULL,         -- what it speaks for one person behind
                                      -- both; of imitates: for a look-alike
    holds      boolean NOT NULL,      -- it joins them in one actor
    reasons    jsonb NOT NULL,        -- [{"what","n","bits","a","b"}]
    first_seen timestamptz NOT NULL,
    last_seen  timestamptz NOT NULL,
    PRIMARY KEY (src, kind, dst)
);
-- Staging of one computation: temporary twins hide these.
CREATE TABLE mud.stage_bond (
    src uuid, kind smallint, dst uuid, fwd boolean, bits real, holds boolean,
    reasons text);
-- What a bond rests on: a text of a node, its first offer under a name, or how
-- it shows the contact `other`.
CREATE TABLE mud.stage_want (
    src uuid, kind smallint, dst uuid, node uuid, content_id uuid, name text,
    other uuid);
CREATE TABLE mud.stage_proof (LIKE mud.claim_evidence);

-- Claims that would join and do not, and why; from either end, as in claim.
CREATE TABLE mud.loose (
    src  uuid NOT NULL,
    kind smallint NOT NULL,
    dst  uuid NOT NULL,
    why  text NOT NULL,
    PRIMARY KEY (src, kind, dst)
);
CREATE TABLE mud.stage_loose (LIKE mud.loose);

-- What people decided, for good: ids of nodes are made of what they are, so
-- that verdicts hold over every computation and rebuild. The newest of a pair
-- counts. Desk: rows are never changed.
CREATE TABLE mud.verdict (
    verdict_no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    a          uuid NOT NULL,
    b          uuid NOT NULL,
    what       text NOT NULL
        CHECK (what IN ('confirm', 'split', 'forbid', 'withdraw')),
    by         text NOT NULL CHECK (by <> ''),
    at         timestamptz NOT NULL DEFAULT now(),
    reason     text NOT NULL CHECK (btrim(reason) <> ''),
    nodes      jsonb NOT NULL,        -- both as they were then
    CHECK (a < b)
);
CREATE INDEX verdict_by_a ON mud.verdict (a);
CREATE INDEX verdict_by_b ON mud.verdict (b);

-- Which actor a node came to, whenever that was another than before. Desk:
-- kept over rebuilds.
CREATE TABLE mud.actor_change (
    entity_id uuid NOT NULL,
    run_at    timestamptz NOT NULL,
    actor_id  uuid NOT NULL,
    was       uuid,                   -- NULL: it was new
    via       uuid,
    via_kind  smallint,
    PRIMARY KEY (entity_id, run_at)
);
CREATE INDEX actor_change_by_actor ON mud.actor_change (actor_id);
CREATE INDEX actor_change_by_was ON mud.actor_change (was);

-- Old names are looked up among all names.
CREATE INDEX name_by_name ON mud.name USING hash (name);

CREATE OR REPLACE FUNCTION mud.stage_actors() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    CREATE TEMP TABLE IF NOT EXISTS stage_actor (LIKE mud.stage_actor)
        ON COMMIT DELETE ROWS;
    CREATE TEMP TABLE IF NOT EXISTS stage_bond (LIKE mud.stage_bond)
        ON COMMIT DELETE ROWS;
    CREATE TEMP TABLE IF NOT EXISTS stage_want (LIKE mud.stage_want)
        ON COMMIT DELETE ROWS;
    CREATE TEMP TABLE IF NOT EXISTS stage_proof (LIKE mud.stage_proof)
        ON COMMIT DELETE ROWS;
    CREATE TEMP TABLE IF NOT EXISTS stage_loose (LIKE mud.stage_loose)
        ON COMMIT DELETE ROWS;
END $$;

CREATE OR REPLACE FUNCTION mud.graph_clear() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    TRUNCATE mud.content, mud.post, mud.part, mud.annotation, mud.offer,
        mud.price, mud.thread, mud.capture_parsed, mud.reader, mud.rule,
        mud.entity, mud.claim, mud.claim_evidence, mud.actor_run,
        mud.actor_member, mud.actor, mud.search_pending, mud.search_segment,
        mud.search_ids, mud.search_posting, mud.template, mud.template_run,
        mud.tally, mud.gone, mud.name, mud.image, mud.picture, mud.bond,
        mud.loose;
END $$;
-- Few say who they were.
CREATE INDEX claim_evidence_was ON mud.claim_evidence (src) WHERE kind = 9;
