-- Members of the last run as text, in order, for mud_graph_digest.
SELECT (entity_id, actor_id, via, via_kind)::text FROM actor_member
WHERE run_id = (SELECT max(run_id) FROM actor_run) ORDER BY entity_id
