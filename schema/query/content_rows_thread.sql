-- All rows of thread as text, in order, for mud_graph_digest.
SELECT t::text FROM thread AS t ORDER BY thread_id
