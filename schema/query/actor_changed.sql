-- Nodes that run $1 put into another actor than the run before; new ones only
-- where they are not alone.
INSERT INTO actor_change (entity_id, run_at, actor_id, was, via, via_kind)
SELECT m.entity_id, now(), m.actor_id, o.actor_id, m.via, m.via_kind
FROM actor_member m
LEFT JOIN actor_member o ON o.entity_id = m.entity_id
    AND o.run_id = $1::int - 1
WHERE m.run_id = $1::int AND o.actor_id IS DISTINCT FROM m.actor_id
    AND (o.actor_id IS NOT NULL OR m.via IS NOT NULL)
    AND (o.actor_id IS NOT NULL OR NOT EXISTS (
        SELECT FROM actor_change c WHERE c.entity_id = m.entity_id
            AND c.actor_id = m.actor_id))
ORDER BY m.entity_id
ON CONFLICT (entity_id, run_at) DO NOTHING
