-- Nodes that came to another actor than before; what is told again after a
-- rebuild is known.
INSERT INTO actor_change (entity_id, run_at, actor_id, was, via, via_kind)
SELECT s.entity_id, now(), s.actor_id, s.was, s.via, s.via_kind
FROM stage_member s
LEFT JOIN (SELECT DISTINCT entity_id, actor_id FROM actor_change) AS c
    ON c.entity_id = s.entity_id AND c.actor_id = s.actor_id
WHERE s.told AND (s.was IS NOT NULL OR c.entity_id IS NULL)
ORDER BY s.entity_id
ON CONFLICT (entity_id, run_at) DO NOTHING
