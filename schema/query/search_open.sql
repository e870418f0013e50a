-- The open segment: contents that wait, to be scanned.
SELECT c.content_id, c.body
FROM search_pending p JOIN content c USING (content_id)
