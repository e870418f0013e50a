-- Contents that wait, at most $1, the one seen last first. OFFSET 0: without
-- statistics, as after a first import, the planner would look for each maximum
-- through all of post_by_time.
SELECT c.content_id, c.body, t.at
FROM (SELECT content_id FROM search_pending ORDER BY content_id
      LIMIT $1::int) AS p
JOIN content c USING (content_id)
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
ORDER BY t.at DESC NULLS LAST, c.content_id
