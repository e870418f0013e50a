-- Sightings in order of time, from behind ($1, $2, $3, $4) on; $5: of one
-- source, or NULL; $6: before; $7: how many.
SELECT p.content_id, p.post_id, p.state, p.thread_id, p.author_id, p.seller_id,
    p.capture_id, p.source_id, p.post_key, p.position, p.author, p.author_key,
    p.posted_at, p.posted_precision, p.edited_at, p.signature_id, p.category,
    p.direction, p.is_offer, p.sure, p.extra, p.first_seen, p.last_seen,
    c.lang, c.body, coalesce(p.posted_at, p.first_seen) AS at
FROM post p JOIN content c USING (content_id)
WHERE (coalesce(p.posted_at, p.first_seen), p.post_id, p.content_id, p.state)
        > ($1::timestamptz, $2::uuid, $3::uuid, $4::smallint)
    AND ($5::int IS NULL OR p.source_id = $5::int)
    AND ($6::timestamptz IS NULL
         OR coalesce(p.posted_at, p.first_seen) < $6::timestamptz)
ORDER BY coalesce(p.posted_at, p.first_seen), p.post_id, p.content_id, p.state
LIMIT $7::int
