-- The open segment: contents that wait, to be scanned. OFFSET 0: see
-- search_take.
SELECT c.content_id, c.body, t.at
FROM search_pending p JOIN content c USING (content_id)
LEFT JOIN LATERAL (
    SELECT max(at) AS at FROM (
        SELECT coalesce(posted_at, first_seen) AS at
        FROM post WHERE post.content_id = c.content_id
        UNION ALL
        SELECT coalesce(posted_at, seen_at)
        FROM part WHERE part.content_id = c.content_id
        OFFSET 0
    ) AS seen
) AS t ON true
