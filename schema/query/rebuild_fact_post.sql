-- What each post is read as, its revisions in order; $1: by the rebuild.
INSERT INTO rebuild_fact (key, what, later, source_id, shown, value)
SELECT p.post_id, 'post', $1::boolean, min(p.source_id),
    jsonb_build_object('post', p.post_id, 'post_key', min(p.post_key),
        'author', min(p.author)),
    string_agg(c.name || ' ' || d.name || CASE WHEN p.is_offer THEN ' offer'
        ELSE '' END, '; ' ORDER BY p.first_seen, p.state, c.name, d.name)
FROM post p
JOIN code c ON c.list = 'category' AND c.id = p.category
JOIN code d ON d.list = 'direction' AND d.id = p.direction
GROUP BY p.post_id
