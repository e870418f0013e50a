-- New contents of the batch wait to be indexed for search.
INSERT INTO search_pending (content_id)
SELECT content_id FROM stage_new ORDER BY content_id
ON CONFLICT DO NOTHING
