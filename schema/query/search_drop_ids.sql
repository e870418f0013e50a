-- These segments were merged into another.
DELETE FROM search_ids WHERE segment = ANY ($1::int[])
