-- Contacts that these texts name.
SELECT content_id, post_id, kind, value FROM annotation
WHERE content_id = ANY ($1::uuid[]) AND type = 4 AND value IS NOT NULL
ORDER BY content_id
