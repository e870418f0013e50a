-- When some nodes came to which actor, and which came to actor $2 or left it.
SELECT entity_id, run_at, actor_id, was, via, via_kind FROM actor_change
WHERE entity_id = ANY ($1::uuid[]) OR actor_id = $2::uuid OR was = $2::uuid
ORDER BY run_at, entity_id LIMIT 10000
