-- Posts whose text these contents are, between $2 and $3 (NULL: open), at most
-- $4 of each, the newest first; last: of all its posts.
SELECT content_id, post_id, at, last, source_id, thread_id, author_id,
    seller_id, category, direction, is_offer, state, edited, author, author_key,
    reading_of, forward, reply, image, link, first_seen
FROM (
    SELECT seen.*, row_number() OVER (PARTITION BY content_id
                                      ORDER BY at DESC, post_id) AS n
    FROM (
        SELECT DISTINCT ON (p.content_id, p.post_id) p.content_id, p.post_id,
            coalesce(p.posted_at, p.first_seen) AS at,
            max(coalesce(p.posted_at, p.first_seen))
                OVER (PARTITION BY p.content_id) AS last,
            p.source_id, p.thread_id, p.author_id, p.seller_id, p.category,
            p.direction, p.is_offer, p.state,
            p.edited_at IS NOT NULL AS edited, p.author, p.author_key,
            p.reading_of, p.extra ? 'forward' AS forward,
            p.extra ? 'reply_to' AS reply, p.extra ? 'images' AS image,
            p.extra ? 'links' AS link, p.first_seen
        FROM post p WHERE p.content_id = ANY ($1::uuid[])
        ORDER BY p.content_id, p.post_id, p.state
    ) AS seen
    WHERE ($2::timestamptz IS NULL OR at >= $2::timestamptz)
        AND ($3::timestamptz IS NULL OR at < $3::timestamptz)
) AS ranked
WHERE n <= $4::int
ORDER BY content_id, at DESC, post_id
