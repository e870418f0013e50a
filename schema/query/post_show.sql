-- Some posts with all their revisions.
SELECT p.content_id, p.post_id, p.state, p.thread_id, p.author_id, p.seller_id,
    p.capture_id, p.source_id, p.post_key, p.position, p.author, p.author_key,
    p.posted_at, p.posted_precision, p.edited_at, p.signature_id, p.category,
    p.direction, p.is_offer, p.sure, p.extra, p.first_seen, p.last_seen,
    c.lang, c.body, coalesce(p.posted_at, p.first_seen) AS at
FROM post p JOIN content c USING (content_id)
WHERE p.post_id = ANY ($1::uuid[])
ORDER BY p.post_id, coalesce(p.posted_at, p.first_seen), p.content_id, p.state
