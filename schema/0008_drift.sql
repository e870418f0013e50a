-- How well the pages of a source are read over time, alarms when that falls,
-- what sites say they hold, posts that are gone, and names over time.

INSERT INTO mud.code (list, id, name) VALUES
    ('tally', 1, 'post'), ('tally', 2, 'author'), ('tally', 3, 'author_id'),
    ('tally', 4, 'time'), ('tally', 5, 'body'), ('tally', 6, 'position'),
    ('tally', 7, 'quotes'), ('tally', 8, 'signature'), ('tally', 9, 'links'),
    ('tally', 10, 'images'), ('tally', 11, 'attachments');

-- A row a page, or a run of 512 messages of an export: how many posts it gave,
-- how many of them count (not blocked, deleted, hidden; no service message), and
-- how many of those had each field, in the order of the list above. alike: bit
-- i - 1 is set when there were three or more and field i had one same value in
-- all of them. Derived from captures.
CREATE TABLE mud.tally (
    capture_id uuid NOT NULL,
    part       int NOT NULL,          -- of an export, from 0
    source_id  int NOT NULL,
    engine     text NOT NULL,         -- '': none knew the page
    kind       text NOT NULL,         -- of page; "chat" for exports
    read_at    timestamptz NOT NULL,  -- time of the capture
    posts      int NOT NULL,
    counted    int NOT NULL,
    filled     int[] NOT NULL,
    alike      int NOT NULL,
    PRIMARY KEY (capture_id, part)
);
CREATE INDEX tally_recent ON mud.tally (source_id, read_at);

-- Alarms, with those of before: a desk table, kept over rebuilds. what: a
-- field of the list, "alike:" and one, or what pages came to ("no-posts",
-- "unknown", "login", "message", "challenge", "generic"). Shares are in 0..1.
CREATE TABLE mud.drift (
    source_id  int NOT NULL REFERENCES mud.source ON DELETE CASCADE,
    engine     text NOT NULL,
    kind       text NOT NULL,
    what       text NOT NULL,
    rises      boolean NOT NULL,      -- the alarm is that the share rose
    since      timestamptz NOT NULL,  -- first capture of the pages that tell
    found_at   timestamptz NOT NULL,
    checked_at timestamptz NOT NULL,
    was        double precision NOT NULL,
    was_of     bigint NOT NULL,       -- posts or pages of before
    now        double precision NOT NULL,
    now_of     bigint NOT NULL,
    score      double precision NOT NULL, -- standard errors between the two
    example    uuid NOT NULL,         -- a capture that shows it
    cleared_at timestamptz,           -- NULL: it stands
    PRIMARY KEY (source_id, engine, kind, what, found_at)
);
CREATE UNIQUE INDEX drift_open ON mud.drift (source_id, engine, kind, what)
    WHERE cleared_at IS NULL;

-- How many posts a site says that a thread has, as it said last: the replies
-- of a listing, or the head of the thread.
CREATE TABLE mud.stated (
    source_id  int NOT NULL REFERENCES mud.source ON DELETE CASCADE,
    thread     text NOT NULL,         -- the site's key, as in coverage.place
    board      text NOT NULL,
    title      text NOT NULL,
    posts      bigint NOT NULL CHECK (posts >= 0),
    read_at    timestamptz NOT NULL,
    capture_id uuid NOT NULL,         -- where it says so
    PRIMARY KEY (source_id, thread)
);

-- What made a range: a chat format, or engine and view of a page. A post can
-- only be missing where the same kind of reading once showed it. history: what
-- is not in the range was not there (a log of one listener is no history).
-- settled: posts of the place were looked at since.
ALTER TABLE mud.coverage ADD COLUMN format text NOT NULL DEFAULT '';
ALTER TABLE mud.coverage ADD COLUMN history boolean NOT NULL DEFAULT false;
ALTER TABLE mud.coverage ADD COLUMN settled boolean NOT NULL DEFAULT false;
CREATE INDEX coverage_unsettled ON mud.coverage (source_id, place)
    WHERE NOT settled;
CREATE INDEX coverage_by_time ON mud.coverage (source_id, place, read_at);
CREATE INDEX thread_by_key ON mud.thread (source_id, thread_key);

-- Posts whose place was read again, whole, without them: made after ingest out
-- of post and coverage (graph/gone.h). Seen again later, the row goes.
CREATE TABLE mud.gone (
    post_id    uuid PRIMARY KEY,
    source_id  int NOT NULL,
    thread_id  uuid NOT NULL,
    last_seen  timestamptz NOT NULL,  -- in a capture
    gone_at    timestamptz NOT NULL,  -- the first capture without it
    capture_id uuid NOT NULL,         -- that capture
    unit       text NOT NULL,         -- how its place is known: id, floor, time
    became     uuid                   -- the post of the same author and time
                                      -- that stands there since: an edit
);
CREATE INDEX gone_by_thread ON mud.gone (thread_id);

-- Names that a persona or a group was seen under. Only nodes have any.
CREATE TABLE mud.name (
    entity_id    uuid NOT NULL,
    name         text NOT NULL,
    first_posted timestamptz NOT NULL, -- times of the posts under that name
    last_posted  timestamptz NOT NULL,
    first_seen   timestamptz NOT NULL, -- and of the captures that showed it
    last_seen    timestamptz NOT NULL,
    PRIMARY KEY (entity_id, name)
);
CREATE TABLE mud.stage_name (LIKE mud.name);

CREATE OR REPLACE FUNCTION mud.stage() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['content', 'post', 'part', 'annotation',
        'offer', 'price', 'thread', 'entity', 'claim', 'evidence', 'name',
        'new', 'won']
    LOOP
        EXECUTE format('CREATE TEMP TABLE IF NOT EXISTS stage_%s '
            '(LIKE mud.stage_%s) ON COMMIT DELETE ROWS', name, name);
    END LOOP;
END $$;

CREATE OR REPLACE FUNCTION mud.graph_clear() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    TRUNCATE mud.content, mud.post, mud.part, mud.annotation, mud.offer,
        mud.price, mud.thread, mud.capture_parsed, mud.reader, mud.rule,
        mud.entity, mud.claim, mud.claim_evidence, mud.actor_run,
        mud.actor_member, mud.actor, mud.search_pending, mud.search_segment,
        mud.search_ids, mud.search_posting, mud.template, mud.template_run,
        mud.tally, mud.gone, mud.name;
END $$;

-- What a forum source lacks, by its own counts: a row a thread of which posts
-- are missing, pages were never read, or a page failed.
CREATE FUNCTION mud.thread_gaps(wanted int) RETURNS TABLE (
    thread text, board text, title text, shown bigint, held bigint, gone bigint,
    missing bigint, pages int, unread int[], failed bigint, outcome text,
    url text, since timestamptz)
LANGUAGE sql STABLE AS $$
    WITH place AS (
        SELECT c.place AS key, max(c.pages) AS pages,
            array_agg(DISTINCT c.page) FILTER (WHERE c.page > 0) AS got,
            (array_agg(c.stated ORDER BY c.read_at DESC)
                FILTER (WHERE c.stated IS NOT NULL))[1] AS stated,
            max(c.read_at) FILTER (WHERE c.stated IS NOT NULL) AS stated_at,
            max(c.read_at) AS read_at
        FROM mud.coverage c
        WHERE c.source_id = wanted AND c.kind = 'thread'
            AND (c.format = '' OR c.format LIKE '%:thread')
        GROUP BY c.place
    ), bad AS (
        SELECT f.thread AS key, count(*) AS n, min(f.url) AS url,
            min(coalesce(f.outcome, 'waiting')) AS outcome,
            min(coalesce(f.fetched_at, f.round)) AS since
        FROM mud.frontier f
        WHERE f.source_id = wanted AND f.kind = 'thread'
            AND f.thread IS NOT NULL AND f.outcome IS DISTINCT FROM 'read'
        GROUP BY f.thread
    ), key AS (
        SELECT key FROM place UNION SELECT key FROM bad
        UNION SELECT s.thread FROM mud.stated s WHERE s.source_id = wanted
    ), had AS (
        SELECT t.thread_key AS key, max(t.board) AS board,
            max(t.title) AS title, count(DISTINCT p.post_id) AS n,
            count(DISTINCT g.post_id) AS gone
        FROM mud.thread t JOIN mud.post p USING (thread_id)
            LEFT JOIN mud.gone g USING (post_id)
        WHERE t.source_id = wanted AND t.thread_key IN (SELECT key FROM key)
        GROUP BY t.thread_key
    ), row AS (
        SELECT k.key, coalesce(nullif(h.board, ''), s.board, '') AS board,
            coalesce(nullif(h.title, ''), s.title, '') AS title,
            CASE WHEN p.stated_at >= s.read_at THEN p.stated
                ELSE coalesce(s.posts, p.stated) END AS shown, coalesce(h.n, 0) AS held,
            coalesce(h.gone, 0) AS gone, p.pages,
            ARRAY (SELECT i FROM generate_series(1, least(p.pages, 5000)) i
                   WHERE i <> ALL (coalesce(p.got, '{}'))) AS unread,
            coalesce(b.n, 0) AS failed, b.outcome, b.url,
            coalesce(b.since, s.read_at, p.read_at) AS since
        FROM key k LEFT JOIN place p USING (key) LEFT JOIN bad b USING (key)
            LEFT JOIN had h USING (key)
            LEFT JOIN mud.stated s
                ON s.source_id = wanted AND s.thread = k.key
    )
    SELECT key, board, title, shown, held, gone,
        greatest(shown - (held - gone), 0), pages, unread, failed, outcome, url,
        since
    FROM row
    WHERE shown > held - gone OR cardinality(unread) > 0 OR failed > 0
$$;
