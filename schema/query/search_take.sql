-- Contents that wait, in the order of their ids, at most $1.
SELECT c.content_id, c.body
FROM search_pending p JOIN content c USING (content_id)
ORDER BY c.content_id
LIMIT $1::int
