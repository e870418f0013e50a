-- The text that an id names (a post's, newest revision first, a content's or a
-- template's first), its template, and its sketch.
SELECT c.content_id, s.template_id, c.sketch
FROM (
    (SELECT content_id FROM post WHERE post_id = $1::uuid AND state = 0
     ORDER BY last_seen DESC, content_id LIMIT 1)
    UNION ALL
    (SELECT content_id FROM content WHERE content_id = $1::uuid AND field = 0)
    UNION ALL
    (SELECT content_id FROM template WHERE template_id = $1::uuid
     ORDER BY content_id LIMIT 1)
) AS named
JOIN content c USING (content_id)
LEFT JOIN template s USING (content_id)
LIMIT 1
