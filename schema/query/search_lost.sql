-- Contents that went away while they waited.
DELETE FROM search_pending p
WHERE NOT EXISTS (SELECT FROM content c WHERE c.content_id = p.content_id)
