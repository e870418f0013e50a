-- The actors of a run.
INSERT INTO actor (actor_id, run_id, score, summary)
SELECT actor_id, run_id, score, summary::jsonb FROM stage_actor
ORDER BY actor_id
