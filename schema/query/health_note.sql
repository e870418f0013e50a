-- Add what came of requests to source $1: rows $2 (class, what, n, example); $3
-- pages, $4 captures, $5 bytes, $6 posts, the newest of $7 (NULL: none). The row
-- of the source is locked first, so that two workers do not wait for each other.
WITH h AS MATERIALIZED (
    SELECT source_id, posted_at FROM mud.health WHERE source_id = $1::int
    FOR UPDATE
), put AS (
    INSERT INTO mud.outcome AS o (source_id, hour, class, what, n, example,
                                  last_at)
    SELECT h.source_id, t.hour, r.class, r.what, r.n, r.example, now()
    FROM h CROSS JOIN jsonb_to_recordset($2::jsonb)
             AS r (class text, what text, n bigint, example text)
         CROSS JOIN (VALUES (date_trunc('hour', now(), 'UTC')),
                            ('-infinity'::timestamptz)) AS t (hour)
    ON CONFLICT (source_id, hour, class, what) DO UPDATE
    SET n = o.n + excluded.n, last_at = excluded.last_at,
        example = coalesce(excluded.example, o.example)
)
UPDATE mud.health u
SET pages = u.pages + $3::bigint, captures = u.captures + $4::bigint,
    bytes = u.bytes + $5::bigint, posts = u.posts + $6::bigint,
    post_at = CASE WHEN $7::timestamptz > h.posted_at OR h.posted_at IS NULL
                        AND $7::timestamptz IS NOT NULL
                   THEN now() ELSE u.post_at END,
    posted_at = greatest(u.posted_at, $7::timestamptz)
FROM h WHERE u.source_id = h.source_id
