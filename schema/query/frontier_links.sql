-- Links were found in round $2 of source $1; the pages to fetch come back. $4:
-- every page again. $5: number of the listing page they stand on, or 0. A page
-- is fetched when it was never read, when its time has come (now: $6), or when
-- the listing tells of new posts in its thread: then the last page held. The
-- next page of a listing is fetched when this one told of any.
-- Rows of this round are left alone, but for counts that a listing adds to them,
-- and rows are taken in one order, so that workers whose pages link to each
-- other do not wait for each other.
WITH link AS (
    SELECT DISTINCT ON (l.page_id) l.*
    FROM ROWS FROM (jsonb_to_recordset($3::jsonb) AS (
        page_id uuid, url text, kind text, board text, thread text, page int,
        replies int, last_post timestamptz)) WITH ORDINALITY
        AS l (page_id, url, kind, board, thread, page, replies, last_post, n)
    ORDER BY l.page_id, l.replies IS NULL, l.n
), put AS (
    INSERT INTO mud.frontier AS f (source_id, page_id, round, url, kind, board,
                                   thread, page, replies, last_post)
    SELECT $1::int, l.page_id, $2::timestamptz, l.url, l.kind, l.board,
           l.thread, l.page, l.replies, l.last_post
    FROM link l
    WHERE NOT EXISTS (
        SELECT 1 FROM mud.frontier o
        WHERE o.source_id = $1::int AND o.page_id = l.page_id
          AND o.round >= $2::timestamptz)
    ORDER BY l.page_id
    ON CONFLICT (source_id, page_id) DO UPDATE
    SET round = excluded.round,
        replies = coalesce(excluded.replies, f.replies),
        last_post = coalesce(excluded.last_post, f.last_post)
    WHERE f.round < excluded.round
    RETURNING f.*
), late AS (
    SELECT f.page_id, l.replies, l.last_post
    FROM link l
    JOIN mud.frontier f ON f.source_id = $1::int AND f.page_id = l.page_id
    WHERE f.round >= $2::timestamptz AND l.kind = 'thread'
      AND (l.replies IS NOT NULL AND l.replies IS DISTINCT FROM f.replies
           OR l.last_post IS NOT NULL
              AND l.last_post IS DISTINCT FROM f.last_post)
    ORDER BY f.page_id
    FOR UPDATE OF f SKIP LOCKED
), told AS (
    UPDATE mud.frontier f
    SET replies = coalesce(t.replies, f.replies),
        last_post = coalesce(t.last_post, f.last_post),
        read_replies = CASE WHEN f.read_at >= $2::timestamptz
                            THEN coalesce(f.read_replies, t.replies)
                            ELSE f.read_replies END
    FROM late t
    WHERE f.source_id = $1::int AND f.page_id = t.page_id
    RETURNING f.*
), judged AS (
    SELECT f.url, f.kind, f.thread, coalesce(f.page, 1) AS page,
           f.fetched_at >= $2::timestamptz AS had,
           f.read_at IS NULL AND (f.due_at IS NULL OR f.due_at <= $6::timestamptz)
               OR f.read_at IS NOT NULL AND f.due_at <= $6::timestamptz
               OR f.due_at > $6::timestamptz + interval '61 days' AS due,
           f.kind = 'thread' AND coalesce(f.page, 1) = 1
               AND f.read_at IS NOT NULL
               AND (f.replies <> f.read_replies
                    OR f.last_post > f.read_at
                       AND f.last_post IS DISTINCT FROM f.read_last_post)
               AS changed
    FROM (SELECT * FROM put UNION ALL SELECT * FROM told WHERE NOT $4::boolean) f
), wanted AS (
    SELECT j.url, j.kind
    FROM judged j
    WHERE NOT coalesce(j.had, false) AND (
        $4::boolean OR j.kind = 'index' OR coalesce(j.due, false)
        OR j.kind = 'board' AND (
            j.page <= 1
            OR j.page = $5::int + 1 AND $5::int > 0 AND EXISTS (
                SELECT 1 FROM judged t
                WHERE t.kind = 'thread'
                  AND (coalesce(t.changed, false) OR coalesce(t.due, false)))))
    UNION
    SELECT l.url, 'thread'
    FROM judged j
    CROSS JOIN LATERAL (
        SELECT o.url, o.fetched_at FROM mud.frontier o
        WHERE o.source_id = $1::int AND o.thread = j.thread
          AND o.kind = 'thread' AND o.read_at IS NOT NULL
        ORDER BY o.page DESC NULLS LAST LIMIT 1) l
    WHERE j.changed AND NOT $4::boolean AND l.fetched_at < $2::timestamptz
)
SELECT url, kind FROM wanted
