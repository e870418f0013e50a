-- The newest posts that hold a content.
SELECT post_id, at, count(*) OVER () FROM (
    SELECT post_id, max(coalesce(posted_at, first_seen)) AS at
    FROM post WHERE content_id = $1::uuid GROUP BY post_id
    UNION
    SELECT post_id, coalesce(posted_at, seen_at)
    FROM part WHERE content_id = $1::uuid
) AS seen ORDER BY at DESC, post_id LIMIT 20
