-- A new run; its number.
INSERT INTO actor_run (run_id, run_at, entities, actors, edges)
SELECT coalesce(max(run_id), 0) + 1, now(), $1::int, $2::int, $3::bigint
FROM actor_run
RETURNING run_id
