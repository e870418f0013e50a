-- These are in a segment now.
DELETE FROM search_pending WHERE content_id = ANY ($1::uuid[])
