-- Actors that are new or others than before; $1: the run.
INSERT INTO actor (actor_id, run_id, score, summary, print)
SELECT actor_id, $1::int, score, summary::jsonb, print FROM stage_actor
WHERE summary IS NOT NULL
ORDER BY actor_id
