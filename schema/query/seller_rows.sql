-- Actors of the last run as text, in order, for mud_graph_digest.
SELECT (actor_id, score, summary)::text FROM actor ORDER BY actor_id
