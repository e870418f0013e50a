-- Posts that stand under these titles, or over these signatures: as
-- search_seen.
SELECT content_id, post_id, at, last FROM (
    SELECT seen.*, row_number() OVER (PARTITION BY content_id
                                      ORDER BY at DESC, post_id) AS n
    FROM (
        SELECT content_id, post_id, coalesce(posted_at, seen_at) AS at,
            max(coalesce(posted_at, seen_at))
                OVER (PARTITION BY content_id) AS last
        FROM part WHERE content_id = ANY ($1::uuid[])
    ) AS seen
    WHERE ($2::timestamptz IS NULL OR at >= $2::timestamptz)
        AND ($3::timestamptz IS NULL OR at < $3::timestamptz)
) AS ranked
WHERE n <= $4::int
ORDER BY content_id, at DESC, post_id
