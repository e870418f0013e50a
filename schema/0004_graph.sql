-- Who is who: entities, what is claimed between them, and why. The family of
-- entity_id and src. All of it is derived and made again by rebuild.

INSERT INTO mud.code (list, id, name) VALUES
    ('entity', 1, 'persona'), ('entity', 2, 'contact'), ('entity', 3, 'wallet'),
    ('entity', 4, 'payee'), ('entity', 5, 'group'), ('entity', 6, 'indicator'),
    ('claim', 1, 'uses'), ('claim', 2, 'paid_at'), ('claim', 3, 'together'),
    ('claim', 4, 'accused'), ('claim', 5, 'posts_in'), ('claim', 6, 'forwards'),
    ('claim', 7, 'names'),
    ('claim', 8, 'points_to');

-- Nodes exist for personas with an illicit offer, for what they advertise, for
-- where they do it, and for contacts that somebody accuses; never for
-- bystanders.
CREATE TABLE mud.entity (
    entity_id  uuid PRIMARY KEY,
    kind       smallint NOT NULL,
    type       text NOT NULL,         -- contact type; engine or site of a
                                      -- persona or group
    value      text NOT NULL,         -- normal form; the site's own id
    shown      text NOT NULL,         -- as written last
    first_seen timestamptz NOT NULL,  -- by the time of posts
    last_seen  timestamptz NOT NULL
);
CREATE INDEX entity_by_value ON mud.entity (value);

-- Every claim stands twice, from either end; fwd: this row says it in its own
-- direction (persona uses contact).
CREATE TABLE mud.claim (
    src        uuid NOT NULL,
    kind       smallint NOT NULL,
    dst        uuid NOT NULL,
    fwd        boolean NOT NULL,
    first_seen timestamptz NOT NULL,
    last_seen  timestamptz NOT NULL,
    PRIMARY KEY (src, kind, dst),
    CHECK (src <> dst)
);

-- What a claim rests on: once, under the smaller id. The span lies in the
-- content's body, or in the link, button or author that field names.
CREATE TABLE mud.claim_evidence (
    src         uuid NOT NULL,
    kind        smallint NOT NULL,
    dst         uuid NOT NULL,
    content_id  uuid NOT NULL,
    post_id     uuid NOT NULL,
    capture_id  uuid NOT NULL,
    captured_at timestamptz NOT NULL,
    seen_at     timestamptz NOT NULL, -- of the post, else of the capture
    reader      int NOT NULL,
    field       smallint NOT NULL,
    field_index int NOT NULL,
    span_start  int NOT NULL,
    span_end    int NOT NULL,
    rule        int NOT NULL,
    sure        smallint NOT NULL,
    category    smallint NOT NULL,    -- of the post that says it
    PRIMARY KEY (src, kind, dst, content_id, post_id),
    CHECK (src < dst)
);

-- Actors: runs of a computation, the last one counts (graph/actor.h).
CREATE TABLE mud.actor_run (
    run_id   int PRIMARY KEY,
    run_at   timestamptz NOT NULL,
    entities int NOT NULL,
    actors   int NOT NULL,
    edges    bigint NOT NULL
);
CREATE TABLE mud.actor_member (
    entity_id uuid NOT NULL,
    run_id    int NOT NULL,
    actor_id  uuid NOT NULL,
    via       uuid,                   -- neighbour whose claim holds it there
    via_kind  smallint,               -- NULL: the actor is this alone
    PRIMARY KEY (entity_id, run_id)
);
CREATE INDEX actor_member_by_actor ON mud.actor_member (run_id, actor_id);
CREATE TABLE mud.actor (
    actor_id uuid NOT NULL,
    run_id   int NOT NULL,
    score    int NOT NULL,
    summary  jsonb NOT NULL,          -- the seller record, with its reasons
    PRIMARY KEY (actor_id, run_id)
);
CREATE INDEX actor_by_score ON mud.actor (run_id, score DESC, actor_id);

-- Staging of one batch of ingest: temporary twins of these empty tables hide
-- them in a session that calls mud.stage().
CREATE TABLE mud.stage_content (
    content_id uuid, field smallint, lang text, body text, simhash bigint,
    reader int, category smallint, direction smallint, is_offer boolean,
    sure smallint);
CREATE TABLE mud.stage_post (
    content_id uuid, post_id uuid, state smallint, thread_id uuid,
    source_id int, author_id uuid, seller_id uuid, capture_id uuid,
    seen_at timestamptz, rank smallint, first_seen timestamptz, last_seen timestamptz,
    post_key text, position int, author text, author_key text,
    posted_at timestamptz, posted_precision smallint, edited_at timestamptz,
    title_id uuid, signature_id uuid, reading_of uuid, category smallint,
    direction smallint, is_offer boolean, sure smallint, extra text);
CREATE TABLE mud.stage_part (
    content_id uuid, post_id uuid, capture_id uuid, seen_at timestamptz,
    posted_at timestamptz);
CREATE TABLE mud.stage_annotation (LIKE mud.annotation);
CREATE TABLE mud.stage_offer (LIKE mud.offer);
CREATE TABLE mud.stage_price (LIKE mud.price);
CREATE TABLE mud.stage_thread (
    thread_id uuid, source_id int, engine text, site text, board text,
    thread_key text, title text, seen_at timestamptz);
CREATE TABLE mud.stage_entity (LIKE mud.entity);
CREATE TABLE mud.stage_claim (LIKE mud.claim);
-- a says it of b: persona uses contact.
CREATE TABLE mud.stage_evidence (
    a uuid, kind smallint, b uuid, content_id uuid, post_id uuid,
    capture_id uuid, captured_at timestamptz, seen_at timestamptz, reader int,
    field smallint, field_index int, span_start int, span_end int, rule int,
    sure smallint, category smallint);
-- What this batch brought: contents that are new, posts whose row it gave.
CREATE TABLE mud.stage_new (content_id uuid);
CREATE TABLE mud.stage_won (content_id uuid, post_id uuid, replaced boolean);

CREATE FUNCTION mud.stage() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['content', 'post', 'part', 'annotation',
        'offer', 'price', 'thread', 'entity', 'claim', 'evidence', 'new',
        'won']
    LOOP
        EXECUTE format('CREATE TEMP TABLE IF NOT EXISTS stage_%s '
            '(LIKE mud.stage_%s) ON COMMIT DELETE ROWS', name, name);
    END LOOP;
END $$;

CREATE TABLE mud.stage_actor (
    actor_id uuid, run_id int, score int, summary text);
CREATE FUNCTION mud.stage_actors() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    CREATE TEMP TABLE IF NOT EXISTS stage_actor (LIKE mud.stage_actor)
        ON COMMIT DELETE ROWS;
END $$;

-- Empty everything that is derived from captures.
CREATE FUNCTION mud.graph_clear() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    TRUNCATE mud.content, mud.post, mud.part, mud.annotation, mud.offer,
        mud.price, mud.thread, mud.capture_parsed, mud.reader, mud.rule,
        mud.entity, mud.claim, mud.claim_evidence, mud.actor_run,
        mud.actor_member, mud.actor, mud.search_pending, mud.search_segment,
        mud.search_ids, mud.search_posting;
END $$;
