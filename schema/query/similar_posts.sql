-- A page of posts of a text ($1) and the others of its template ($2), the
-- oldest first: at most $3, behind the key $4, $5, $6.
SELECT p.post_id, p.content_id, src.name, p.thread_id, p.author, p.author_key,
    p.seller_id, p.posted_at, p.first_seen, p.last_seen, p.post_key,
    p.capture_id, c.sketch, left(c.body, 400),
    coalesce(p.posted_at, p.first_seen)
FROM post p
JOIN content c USING (content_id)
JOIN source src USING (source_id)
WHERE p.state = 0 AND p.content_id IN (
    SELECT $1::uuid
    UNION SELECT content_id FROM template WHERE template_id = $2::uuid)
    AND (coalesce(p.posted_at, p.first_seen), p.post_id, p.content_id)
        > ($4::timestamptz, $5::uuid, $6::uuid)
ORDER BY coalesce(p.posted_at, p.first_seen), p.post_id, p.content_id
LIMIT $3::bigint
