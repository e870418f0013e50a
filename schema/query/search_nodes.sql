-- What some nodes are.
SELECT entity_id, kind, type, value FROM entity
WHERE entity_id = ANY ($1::uuid[])
