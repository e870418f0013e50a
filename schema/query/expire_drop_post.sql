-- Drop posts ($1 contents, $2 posts, in pairs).
DELETE FROM mud.post p
USING unnest($1::uuid[], $2::uuid[]) AS d(content_id, post_id)
WHERE p.content_id = d.content_id AND p.post_id = d.post_id
RETURNING p.thread_id
