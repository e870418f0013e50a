-- The contacts in each post, and whose they are; $1: by the rebuild.
INSERT INTO rebuild_fact (key, what, later, source_id, shown, value)
SELECT md5(p.post_id || ' ' || a.kind || ' ' || a.value)::uuid, 'contact',
    $1::boolean, min(p.source_id),
    jsonb_build_object('post', p.post_id, 'post_key', min(p.post_key),
        'contact_type', a.kind, 'value', a.value),
    string_agg(DISTINCT coalesce(a.role, ''), '; ')
FROM post p
JOIN annotation a ON a.content_id = p.content_id
    AND (a.post_id = p.reading_of OR a.post_id = p.post_id)
WHERE a.type = 4 AND a.value IS NOT NULL
GROUP BY p.post_id, a.kind, a.value
