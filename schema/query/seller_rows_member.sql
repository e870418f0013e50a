-- Members of the last run as text, in order, for mud_graph_digest.
SELECT (entity_id, actor_id, via, via_kind)::text FROM actor_member ORDER BY entity_id
