-- All nodes, by id.
SELECT entity_id, kind, type, value, shown FROM entity ORDER BY entity_id
