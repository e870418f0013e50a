-- Members that are new or others than before; $1: the run.
INSERT INTO actor_member (entity_id, run_id, actor_id, via, via_kind)
SELECT entity_id, $1::int, actor_id, via, via_kind FROM stage_member
WHERE actor_id IS NOT NULL
ORDER BY entity_id
