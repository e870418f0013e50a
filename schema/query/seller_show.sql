-- One actor of the last run.
SELECT a.actor_id, a.score, a.summary FROM actor a
WHERE a.actor_id = $1::uuid
