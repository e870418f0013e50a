-- These segments were merged into another.
DELETE FROM search_segment WHERE segment = ANY ($1::int[])
