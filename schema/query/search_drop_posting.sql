-- These segments were merged into another.
DELETE FROM search_posting WHERE segment = ANY ($1::int[])
