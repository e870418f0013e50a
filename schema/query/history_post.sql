-- Every text and state in which some posts were seen until $2 (NULL: ever), in
-- the order of post_revisions.
SELECT p.post_id, p.content_id, p.state, p.capture_id, p.author, p.posted_at,
    p.edited_at, p.first_seen, p.last_seen, p.category, p.is_offer, c.body,
    p.position
FROM post p JOIN content c USING (content_id)
WHERE p.post_id = ANY ($1::uuid[])
    AND ($2::timestamptz IS NULL OR p.first_seen <= $2::timestamptz)
ORDER BY p.post_id, coalesce(p.edited_at,
    CASE WHEN p.state = 0 THEN '-infinity' ELSE p.first_seen END),
    p.first_seen, p.content_id, p.state
