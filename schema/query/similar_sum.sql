-- How often a text ($1) and the others of its template ($2) were posted.
SELECT count(DISTINCT p.post_id), count(DISTINCT p.content_id),
    count(DISTINCT (p.source_id, p.author_key, p.author)),
    min(coalesce(p.posted_at, p.first_seen)),
    max(coalesce(p.posted_at, p.last_seen))
FROM post p
WHERE p.state = 0 AND p.content_id IN (
    SELECT $1::uuid
    UNION SELECT content_id FROM template WHERE template_id = $2::uuid)
