-- One actor of the last run.
SELECT a.actor_id, a.score, a.summary FROM actor a
WHERE a.run_id = (SELECT max(run_id) FROM actor_run)
    AND a.actor_id = $1::uuid
