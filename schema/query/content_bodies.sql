-- Some texts.
SELECT content_id, body FROM content WHERE content_id = ANY ($1::uuid[])
