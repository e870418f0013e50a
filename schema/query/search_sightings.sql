-- Where some contents were seen: the newest three of each, and how many.
SELECT content_id, post_id, sightings FROM (
    SELECT content_id, post_id, at,
        count(*) OVER (PARTITION BY content_id) AS sightings,
        row_number() OVER (PARTITION BY content_id
                           ORDER BY at DESC, post_id) AS n
    FROM (
        SELECT p.content_id, p.post_id,
            max(coalesce(p.posted_at, p.first_seen)) AS at
        FROM post p WHERE p.content_id = ANY ($1::uuid[])
            AND ($2::int IS NULL OR p.source_id = $2::int)
        GROUP BY p.content_id, p.post_id
        UNION ALL
        SELECT r.content_id, r.post_id, coalesce(r.posted_at, r.seen_at)
        FROM part r
        WHERE r.content_id = ANY ($1::uuid[]) AND $2::int IS NULL
    ) AS seen
) AS ranked
WHERE n <= 3
ORDER BY content_id, at DESC, post_id
