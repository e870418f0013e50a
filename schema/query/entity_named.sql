-- Nodes by the name they show.
SELECT entity_id FROM entity WHERE shown = $1 ORDER BY entity_id LIMIT 100
