-- Nodes by value; $2: of one type, or NULL.
SELECT entity_id FROM entity
WHERE value = $1 AND ($2::text IS NULL OR type = $2::text)
ORDER BY entity_id LIMIT 100
