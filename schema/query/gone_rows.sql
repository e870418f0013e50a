-- All rows of gone as text, in order, for mud_graph_digest.
SELECT t::text FROM gone AS t ORDER BY post_id
