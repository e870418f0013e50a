-- Who posted a text ($1) or others of its template ($2): the most first.
SELECT src.name, p.author, p.author_key, count(DISTINCT p.post_id),
    count(DISTINCT p.content_id), min(coalesce(p.posted_at, p.first_seen)),
    max(coalesce(p.posted_at, p.last_seen))
FROM post p
JOIN source src USING (source_id)
WHERE p.state = 0 AND p.content_id IN (
    SELECT $1::uuid
    UNION SELECT content_id FROM template WHERE template_id = $2::uuid)
GROUP BY src.name, p.author, p.author_key
ORDER BY 4 DESC, 1, 2, 3
LIMIT $3::int
