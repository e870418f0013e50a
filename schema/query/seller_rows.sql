-- Actors of the last run as text, in order, for mud_graph_digest.
SELECT (actor_id, score, summary)::text FROM actor
WHERE run_id = (SELECT max(run_id) FROM actor_run) ORDER BY actor_id
