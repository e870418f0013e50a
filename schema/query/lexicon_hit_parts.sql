-- Posts whose title is one of these contents.
SELECT DISTINCT post_id FROM part WHERE content_id = ANY ($1::uuid[])
