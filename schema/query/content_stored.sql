-- Which of these contents are stored.
SELECT content_id FROM content WHERE content_id = ANY ($1::uuid[])
