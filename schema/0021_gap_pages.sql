-- Pages never read, of threads whose pages are known: least() passes over what is
-- NULL, so that a thread of which nothing was read lacked 5000. The rest is as in
-- 0008.
CREATE OR REPLACE FUNCTION mud.thread_gaps(wanted int) RETURNS TABLE (
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
            ARRAY (SELECT i FROM generate_series(1, least(coalesce(p.pages, 0), 5000)) i
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
