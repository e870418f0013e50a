-- Nodes that went by some names.
SELECT entity_id, name FROM name WHERE name = ANY ($1::text[])
ORDER BY entity_id, name
