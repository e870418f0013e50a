-- Hold $1 is of these nodes, too ($2).
INSERT INTO mud.hold_node (hold_id, entity_id)
SELECT $1::bigint, unnest($2::uuid[]) ON CONFLICT DO NOTHING
