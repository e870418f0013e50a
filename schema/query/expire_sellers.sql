-- Which of these personas ($1) have a node: they offer something illicit.
SELECT entity_id FROM mud.entity WHERE entity_id = ANY ($1::uuid[])
