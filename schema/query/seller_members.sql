-- Who belongs to an actor of the last run, and by which claim.
SELECT entity_id, via, via_kind FROM actor_member
WHERE run_id = (SELECT max(run_id) FROM actor_run) AND actor_id = $1::uuid
ORDER BY entity_id
