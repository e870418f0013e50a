-- Contents that wait, at most $1, the one seen last first.
SELECT c.content_id, c.body, t.at
FROM (SELECT content_id FROM search_pending ORDER BY content_id
      LIMIT $1::int) AS p
JOIN content c USING (content_id)
LEFT JOIN LATERAL (
    SELECT max(at) AS at FROM (
        SELECT max(coalesce(posted_at, first_seen)) AS at
        FROM post WHERE post.content_id = c.content_id
        UNION ALL
        SELECT max(coalesce(posted_at, seen_at))
        FROM part WHERE part.content_id = c.content_id
    ) AS seen
) AS t ON true
ORDER BY t.at DESC NULLS LAST, c.content_id
