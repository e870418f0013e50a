-- Some nodes.
SELECT entity_id, kind, type, value, shown, first_seen, last_seen FROM entity WHERE entity_id = ANY ($1::uuid[])
