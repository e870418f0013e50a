-- When these contents were seen last; $2: of one source, or NULL; $3: not
-- before.
SELECT content_id, max(at) FROM (
    SELECT p.content_id, coalesce(p.posted_at, p.first_seen) AS at
    FROM post p
    WHERE p.content_id = ANY ($1::uuid[])
        AND ($2::int IS NULL OR p.source_id = $2::int)
    UNION ALL
    SELECT r.content_id, coalesce(r.posted_at, r.seen_at) AS at
    FROM part r
    WHERE r.content_id = ANY ($1::uuid[]) AND $2::int IS NULL
) AS sightings
WHERE $3::timestamptz IS NULL OR at >= $3::timestamptz
GROUP BY content_id
